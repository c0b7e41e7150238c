/**
 * What the panel shows, as pure functions of the session's state: no DOM, no clock of its own.
 */
import { sinceWords } from '../i18n/durations.ts';
import { faultWords } from '../i18n/fault-words.ts';
import type { Translator } from '../i18n/translator.ts';
import type { TextKey } from '../i18n/words.ts';
import type { Commercial, ListeningState } from '../sessions/state.ts';
import type { IconName } from '../ui/icons.ts';

/** From how many commercials on the search field is shown. */
export const SEARCH_FROM = 9;

/** The state while there is no session. */
export const NO_SESSION: ListeningState = Object.freeze({
  status: 'idle',
  online: false,
  commercials: [],
  selectedId: null,
  selected: null,
  listeningSince: null,
  level: 0,
  quality: 'unknown',
  volume: 1,
  muted: false,
  fault: null,
  replaced: false,
});

/** Colour of a row or of the dock: red while live, green while heard or connected, amber when something holds it up, grey. */
export type Tone = 'live' | 'heard' | 'warn' | 'ready' | 'off';

export interface RowView {
  readonly id: string;
  readonly name: string;
  readonly initials: string;
  readonly equipe: string;
  readonly tone: Tone;
  /** "Live for 12 min", "Waiting…", "Offline". */
  readonly status: string;
  /** 0 silent to 4 loud. */
  readonly level: number;
  readonly listenerCount: number;
  readonly listenersLabel: string;
  /** The headphones' constant label. */
  readonly label: string;
  readonly pressed: boolean;
  /** Asked for or selected, and no sound yet. */
  readonly waiting: boolean;
}

/** Two letters for a name: "Nadia Benali" gives "NB". */
export function initialsOf(name: string): string {
  const words = name.split(/[\s'’-]+/).filter((word) => word !== '');
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toUpperCase() || '?';
}

const ROW_TONES: Readonly<Record<Commercial['status'], Tone>> = {
  live: 'live',
  paused: 'warn',
  interrupted: 'warn',
  ready: 'ready',
  offline: 'off',
};

function rowStatus({ status, startedAt }: Commercial, waiting: boolean, now: number, words: Translator): string {
  if (waiting && (status === 'ready' || status === 'offline')) return words.text('r_waiting');
  if (status === 'ready' || status === 'offline') return words.text(`r_${status}`);
  const state = words.text(status === 'live' ? 'r_live' : `s_${status}`);
  return startedAt === null ? state : `${state} ${sinceWords(now - startedAt, words)}`;
}

/**
 * @param pendingId whose headphones were pressed, until the relay answers
 * @param now milliseconds since the epoch
 */
export function rowView(
  commercial: Commercial,
  state: ListeningState,
  pendingId: string | null,
  now: number,
  words: Translator,
): RowView {
  const name = commercial.name || commercial.id;
  const pressed = commercial.id === state.selectedId;
  const waiting = pressed && state.status === 'waiting';
  return {
    id: commercial.id,
    name,
    initials: initialsOf(name),
    equipe: commercial.equipe,
    tone: ROW_TONES[commercial.status],
    status: rowStatus(commercial, waiting, now, words),
    level: commercial.status === 'live' ? commercial.level : 0,
    listenerCount: commercial.listenerCount,
    listenersLabel: words.count('listeners', commercial.listenerCount),
    label: words.text('listen_to', { name }),
    pressed,
    waiting: waiting || commercial.id === pendingId || (pressed && state.status === 'joining'),
  };
}

const simplify = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();

/** The commercials whose name or team has every word of the query, whatever its accents and capitals. */
export function matching(commercials: readonly Commercial[], query: string): readonly Commercial[] {
  const terms = simplify(query).split(/\s+/).filter(Boolean);
  if (terms.length === 0) return commercials;
  return commercials.filter(({ name, equipe, id }) => {
    const haystack = simplify(`${name || id} ${equipe}`);
    return terms.every((term) => haystack.includes(term));
  });
}

/** What the list's place holds: rows, grey shapes while connecting, or words. */
export type Body = 'rows' | 'skeleton' | { readonly title: string; readonly text: string | null };

/** @param shown the rows that match the search */
export function bodyOf(state: ListeningState, shown: readonly Commercial[], query: string, words: Translator): Body {
  if (shown.length > 0) return 'rows';
  if (state.commercials.length > 0) return { title: words.text('no_match', { q: query.trim() }), text: null };
  if (state.status === 'idle') return { title: words.text('s_idle'), text: state.fault ? null : words.text('d_idle') };
  if (!state.online) return 'skeleton';
  return { title: words.text('empty'), text: words.text('d_empty') };
}

export interface DockView {
  readonly name: string;
  readonly initials: string;
  readonly tone: Tone;
  /** What the dock is doing, in words. */
  readonly status: string;
  /** For the clock; null while nothing is heard. */
  readonly since: number | null;
  readonly turning: boolean;
  /** The browser wants a click before it plays. */
  readonly blocked: boolean;
  readonly quality: ListeningState['quality'];
  readonly qualityLabel: string;
}

function dockKey({ status, selected }: ListeningState): TextKey {
  switch (status) {
    case 'idle':
    case 'connecting':
    case 'reconnecting':
      return 's_reconnecting';
    case 'ready':
      return 'l_joining';
    case 'interrupted': {
      const cause = selected?.interruption;
      return cause === 'microphone' || cause === 'hidden' ? `l_${cause}` : 'l_network';
    }
    case 'paused':
      return 's_paused';
    default:
      return `l_${status}`;
  }
}

/** The dock, or null while nobody is selected. */
export function dockView(state: ListeningState, words: Translator): DockView | null {
  const { status, selectedId, quality } = state;
  if (selectedId === null) return null;
  const name = state.selected?.name || selectedId;
  const heard = status === 'listening' || status === 'paused' || status === 'interrupted' || status === 'reconnecting';
  return {
    name,
    initials: initialsOf(name),
    tone: status === 'listening' ? 'heard' : status === 'waiting' || status === 'joining' ? 'ready' : 'warn',
    status: words.text(dockKey(state)),
    since: heard ? state.listeningSince : null,
    turning: status === 'waiting' || status === 'joining' || status === 'reconnecting',
    blocked: status === 'blocked',
    quality: status === 'listening' ? quality : 'unknown',
    qualityLabel: words.text(`q_${quality}`),
  };
}

export interface NoticeView {
  readonly text: string;
  readonly fault: boolean;
  readonly icon: IconName;
}

/** The strip above the list: a failure in words, the network being lost, or another tab having taken over. */
export function noticeOf(state: ListeningState, words: Translator, userAgent: string): NoticeView | null {
  const { fault } = state;
  // The dock has a button for this one.
  if (fault && state.status !== 'blocked')
    return { text: faultWords(fault.code, words, userAgent), fault: true, icon: 'alert' };
  if (state.replaced) return { text: words.text('l_replaced'), fault: false, icon: 'headphones' };
  if (!state.online && state.commercials.length > 0 && state.status !== 'idle') {
    return { text: words.text('s_reconnecting'), fault: false, icon: 'ring' };
  }
  return null;
}
