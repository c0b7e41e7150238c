import { recall, remember } from '../shared/storage.ts';
import type { Sort } from './arrange.ts';

/** What the admin's browser remembers of the panel: ids and choices, no names of people. */
export interface Preferences {
  /** Ids of those who stand on top. */
  readonly pins: readonly string[];
  /** Ids of those whose going live is told. */
  readonly watched: readonly string[];
  /** Teams whose members are hidden. */
  readonly folded: readonly string[];
  readonly byTeam: boolean;
  readonly sort: Sort;
  /** Whether what is told has a sound. */
  readonly sound: boolean;
}

/** Nothing chosen yet. */
export const NO_PREFERENCES: Preferences = {
  pins: [],
  watched: [],
  folded: [],
  byTeam: false,
  sort: 'status',
  sound: false,
};

/** Of each list so many are remembered: the newest. */
const MOST = 200;
const SORTS: readonly unknown[] = ['name', 'longest', 'newest'] satisfies Sort[];

const nameOf = (userId: string) => `panel:${userId}`;

/** What this user chose in this browser; what cannot be read is as if never chosen. */
export function rememberedPreferences(userId: string): Preferences {
  let read: unknown = null;
  try {
    read = JSON.parse(recall(nameOf(userId)) ?? 'null');
  } catch {
    // Somebody else's text under this name.
  }
  const { pins, watched, folded, byTeam, sort, sound }: Record<string, unknown> = Object(read);
  return {
    pins: ids(pins),
    watched: ids(watched),
    folded: ids(folded),
    byTeam: byTeam === true,
    sort: SORTS.includes(sort) ? (sort as Sort) : 'status',
    sound: sound === true,
  };
}

/** Keeps them for the user's next visit; without storage they are forgotten. */
export function rememberPreferences(userId: string, preferences: Preferences): void {
  remember(nameOf(userId), JSON.stringify(preferences));
}

/** The list with this one, or without it when it was there. */
export function toggled(list: readonly string[], id: string): readonly string[] {
  return list.includes(id) ? list.filter((each) => each !== id) : [...list, id].slice(-MOST);
}

const ids = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((id) => typeof id === 'string').slice(-MOST) : [];
