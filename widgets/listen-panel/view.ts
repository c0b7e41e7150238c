/**
 * What the panel shows once there is somebody to show, as pure functions of the session's state: no DOM, no clock of its own.
 */
import { sinceWords } from '../i18n/durations.ts';
import { causeOf } from '../i18n/fault-words.ts';
import type { Words } from '../i18n/words.ts';
import type { Commercial, ListeningState } from '../sessions/state.ts';
import { foldText, haystackOf } from '../shared/fold-text.ts';
import { isolate } from '../shared/isolate.ts';

/** From how many commercials on the search field is shown. */
export const SEARCH_FROM = 9;

/** A commercial, and what the row says of them; there is always a name. */
export interface RowView extends Omit<Commercial, 'barred'> {
  /** "Live since 14:05", "Waiting…", "Offline". */
  readonly words: string;
  /** The headphones' constant label. */
  readonly label: string;
  readonly pressed: boolean;
  /** Asked for or selected, and no sound yet. */
  readonly waiting: boolean;
  /** "Asks for help since 14:05"; empty: they do not. */
  readonly help: string;
  /** Why the policy does not let this admin hear them now; empty: it does. */
  readonly barred: string;
  /** How long the policy lets them be heard; empty: as long as one likes. */
  readonly time: string;
}

const ALLOWED = { barred: '', time: '' };

/** Two letters for a name: "Nadia Benali" gives "NB". */
export function initialsOf(name: string): string {
  const [first = '?', ...others] = name.split(/[\s'’-]+/).flatMap((word) => [...word].slice(0, 1));
  return (first + (others.at(-1) ?? '')).toUpperCase();
}

/**
 * @param pendingId whose headphones were pressed, until the relay answers
 * @param policy what the relay's policy says
 */
export function rowView(
  commercial: Commercial,
  state: ListeningState,
  pendingId: string | null,
  words: Words,
  policy: Pick<RowView, 'barred' | 'time'> = ALLOWED,
): RowView {
  const { id, status } = commercial;
  const name = commercial.name || id;
  const pressed = id === state.selectedId;
  const waiting = pressed && state.status === 'waiting';
  // The stream's start says when the sound began, not since when it is paused or interrupted.
  const since = status === 'live' ? sinceWords(commercial.startedAt, words) : '';
  const from = commercial.device ? ` · ${words('device')}` : '';
  return {
    ...commercial,
    ...policy,
    name,
    words: waiting ? words('state_waiting') : `${words(`state_${status}`)} ${since}`.trim() + from,
    // Without the relay the last level is no longer true: nobody speaks for minutes.
    level: status === 'live' && state.online ? commercial.level : 0,
    help: commercial.helpSince === null ? '' : `${words('help_wanted')} ${sinceWords(commercial.helpSince, words)}`,
    label: words('listen_to', { name: isolate(name, words.dir) }),
    pressed,
    waiting: waiting || id === pendingId || (pressed && state.status === 'joining'),
  };
}

/** By name and team: a text is folded once, not at every key, nor whenever somebody's level changes. */
const haystacks = new Map<string, string>();
const KEPT_HAYSTACKS = 5000;

/** What a search looks in. */
export function haystack({ name, equipe, id }: Commercial): string {
  const text = `${name || id} ${equipe}`;
  let folded = haystacks.get(text);
  if (folded === undefined) {
    if (haystacks.size >= KEPT_HAYSTACKS) haystacks.clear();
    folded = haystackOf(text);
    haystacks.set(text, folded);
  }
  return folded;
}

/** The commercials whose name or team has every word of the query, however it is spelled: see `foldText`. */
export function matching(commercials: readonly Commercial[], query: string): readonly Commercial[] {
  const folded = foldText(query);
  if (!folded) return commercials;
  const terms = folded.split(' ');
  return commercials.filter((commercial) => terms.every((term) => haystack(commercial).includes(term)));
}

/** Words for the place of the list where no row matches the search. */
export const noMatch = (query: string, words: Words): string =>
  words('no_match', { query: isolate(query.trim(), words.dir) });

export interface DockView {
  readonly name: string;
  /** What the dock is doing, in words: "Listening since 14:05". */
  readonly words: string;
  /** Something is under way. */
  readonly turning: boolean;
  /** The connection's quality, while it matters. */
  readonly quality: Exclude<ListeningState['quality'], 'unknown'> | null;
  /** "Anna and Ben are listening too."; empty when nobody else is. */
  readonly others: string;
  /** "Sound from 0.4 s ago"; empty while that is unknown. */
  readonly delay: string;
  /** How loud it is, as the session's; 0 while nothing is heard. */
  readonly level: ListeningState['level'];
}

function othersWords(others: ListeningState['others'], words: Words): string {
  if (others.length === 0) return '';
  const names = others.map(({ name, id }) => isolate(name || id, words.dir));
  return words('also_listening', { n: others.length, names: new Intl.ListFormat(words.locale).format(names) });
}

/** The dock, or null while nobody is selected. */
export function dockView(state: ListeningState, words: Words): DockView | null {
  const { selectedId, selected, quality, fault } = state;
  if (selectedId === null) return null;
  // The notice tells what is wrong: "reconnecting" would promise that waiting is enough, and "listening" that what nothing opens is heard.
  const sealed = state.status === 'listening' && fault?.code.startsWith('e2ee_');
  const untrue = sealed || (fault && state.status === 'reconnecting');
  const status = untrue ? 'interrupted' : state.status;
  const listening = status === 'listening';
  const key = state.status === 'interrupted' ? causeOf(selected?.interruption) : (`state_${status}` as const);
  return {
    name: selected?.name || selectedId,
    words: `${words(key)} ${listening ? sinceWords(state.listeningSince, words) : ''}`.trim(),
    turning: status.endsWith('ing') && !listening,
    quality: listening && quality !== 'unknown' ? quality : null,
    others: othersWords(state.others, words),
    delay: state.delay === null ? '' : words('delay', { seconds: state.delay }),
    level: listening ? state.level : 0,
  };
}
