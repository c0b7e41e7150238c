/**
 * What the panel shows from the first paint on, and when, as pure functions of the session's state; the rest is in `view.ts`.
 */
import { faultWords } from '../i18n/fault-words.ts';
import type { Words } from '../i18n/words.ts';
import type { ListeningState } from '../sessions/state.ts';

/** Words for the place of the list while it shows nobody: nobody is there, nobody is known yet, or what shows them is under way. */
export function emptyWords({ commercials, status, online, fault }: ListeningState, words: Words): string {
  if (status === 'idle') return words(fault ? 'state_idle' : 'detail_idle');
  return words(online && commercials.length === 0 ? 'empty' : 'state_connecting');
}

/** The roster of hundreds changes many times a second: it is shown twice a second, with every second level of the sound that is heard. */
const ROSTER_PACE_MS = 550;

/** When a change of the state is to be shown: see `SessionOptions`. The received level shows itself. */
export function rosterPace(state: ListeningState, previous: ListeningState): number {
  const changed = (Object.keys(state) as (keyof ListeningState)[]).filter((key) => state[key] !== previous[key]);
  if (changed.every((key) => key === 'level' || key === 'delay')) return Number.POSITIVE_INFINITY;
  return changed.every((key) => ['level', 'commercials', 'selected'].includes(key)) ? ROSTER_PACE_MS : 0;
}

export interface NoticeView {
  readonly text: string;
  readonly fault: boolean;
}

/**
 * The strip above the list: a failure in words, the network being lost, or another tab having taken over.
 * @param refused why somebody who was pressed cannot be heard
 */
export function noticeOf(state: ListeningState, words: Words, userAgent: string, refused = ''): NoticeView | null {
  const { fault, status, online, commercials } = state;
  if (fault) return { text: faultWords(fault.code, words, userAgent), fault: true };
  const lost = !online && commercials.length > 0 && status !== 'idle';
  if (lost) return { text: words('state_reconnecting'), fault: false };
  if (refused) return { text: refused, fault: false };
  return state.partial ? { text: words('missing'), fault: false } : null;
}
