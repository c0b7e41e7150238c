/**
 * Who stands in the list, and in which order, as pure functions of the roster and of what the admin chose.
 */
import type { Commercial } from '../sessions/state.ts';
import { matching } from './view.ts';

/** Whom the list shows. */
export type Filter = 'all' | 'live' | 'speaking' | 'help';
/** What the list is ordered by: what they do, name, or since when they are live. */
export type Sort = 'status' | 'name' | 'longest' | 'newest';

/** What the admin chose. */
export interface Choice {
  readonly query: string;
  readonly filter: Filter;
  readonly sort: Sort;
  readonly byTeam: boolean;
  /** Teams whose members are hidden. */
  readonly folded: readonly string[];
  /** Who stands above all others, by id. */
  readonly pins: readonly string[];
}

/** The heading of a team. */
export interface Group {
  /** No commercial's: it begins with a zero. */
  readonly id: string;
  /** Empty for those without a team. */
  readonly team: string;
  readonly live: number;
  readonly count: number;
  readonly folded: boolean;
}

/** A line of the list. */
export type Item = Commercial | Group;

/** Whether this line is a heading. */
export const isGroup = (item: Item): item is Group => 'folded' in item;

const BELONGS: Readonly<Record<Filter, (one: Commercial) => boolean>> = {
  all: () => true,
  live: ({ status }) => status === 'live',
  speaking: ({ status, level }) => status === 'live' && level > 0,
  help: ({ helpSince }) => helpSince !== null,
};

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

/** Begins of streams: who has none stands after those who have one, and who is not live after those who are. */
const sinceOrder =
  (sign: 1 | -1) =>
  (a: Commercial, b: Commercial): number =>
    Number(b.status === 'live') - Number(a.status === 'live') ||
    Number(a.startedAt === null) - Number(b.startedAt === null) ||
    sign * ((a.startedAt ?? 0) - (b.startedAt ?? 0));

/** Sorting keeps the roster's order among equals. */
const ORDERS: Readonly<Record<Sort, (a: Commercial, b: Commercial) => number>> = {
  status: (a, b) => Number(BELONGS.help(b)) - Number(BELONGS.help(a)),
  name: (a, b) => collator.compare(a.name || a.id, b.name || b.id),
  longest: sinceOrder(1),
  newest: sinceOrder(-1),
};

/** How many there are of each. */
export function countOf(commercials: readonly Commercial[], filter: Filter): number {
  return commercials.filter(BELONGS[filter]).length;
}

/** The lines of the list. */
export function arrange(commercials: readonly Commercial[], choice: Choice): readonly Item[] {
  const { query, filter, sort, byTeam, folded, pins } = choice;
  const rows = [...matching(commercials.filter(BELONGS[filter]), query)].sort(ORDERS[sort]);
  const pinned = new Set(pins);
  const top = rows.filter(({ id }) => pinned.has(id));
  const others = top.length > 0 ? rows.filter(({ id }) => !pinned.has(id)) : rows;
  if (!byTeam) return [...top, ...others];
  const teams = new Map<string, Commercial[]>();
  for (const row of others) {
    const members = teams.get(row.equipe) ?? [];
    teams.set(row.equipe, members);
    members.push(row);
  }
  const groups = [...teams].sort(([a], [b]) => Number(a === '') - Number(b === '') || collator.compare(a, b));
  return [
    ...top,
    ...groups.flatMap(([team, members]): readonly Item[] => {
      const isFolded = folded.includes(team);
      const live = countOf(members, 'live');
      const group = { id: `\0${team}`, team, live, count: members.length, folded: isFolded };
      return isFolded ? [group] : [group, ...members];
    }),
  ];
}
