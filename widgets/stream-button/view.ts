/**
 * What the button shows, as a pure function of the session's state: no DOM, no clock.
 */

import type { ListenerInfo } from '../../relay/protocol/messages.ts';
import { sinceWords } from '../i18n/durations.ts';
import { causeOf, faultWords, isRecoverable } from '../i18n/fault-words.ts';
import type { Words } from '../i18n/words.ts';
import type { StreamingState, StreamingStatus } from '../sessions/state.ts';
import { isolate } from '../shared/isolate.ts';
import { helpWords } from './help-button.ts';

/** What a press of the round button does. */
export type ButtonAction = 'start' | 'stop' | 'recover' | 'none';

export interface ButtonView {
  readonly action: ButtonAction;
  /** A stream exists, or is about to. */
  readonly running: boolean;
  readonly label: string;
  /** The bubble's first line: the state. */
  readonly title: string;
  /** The state, with the start: "Live since 14:05", "Paused". */
  readonly sentence: string;
  /** For `aria-pressed`; null where a press is no toggle. */
  readonly pressed: boolean | null;
  /** The bubble: what it means, who listens (everybody by name), what to do. */
  readonly lines: readonly string[];
  /** The same for the status region, which is read out at each change: of many listeners only how many, and the newest. */
  readonly announced: readonly string[];
  /** Somebody stopped listening a moment ago: shown also while the bubble is closed. Empty when nobody did. */
  readonly news: string;
  readonly fault: string | null;
  /** Something is under way: a ring turns. */
  readonly turning: boolean;
  /** The privacy pause: offered while the stream runs. */
  readonly pause: { readonly paused: boolean; readonly label: string } | null;
  /** Whether the bubble starts open; and the key of this occasion: another key opens or closes it anew. */
  readonly open: boolean;
  readonly occasion: string;
}

const nameOf = ({ name, id }: ListenerInfo, { dir }: Words): string => isolate(name || id, dir);
const listOf = (people: readonly ListenerInfo[], words: Words): string =>
  new Intl.ListFormat(words.locale).format(people.map((one) => nameOf(one, words)));

/**
 * "Anna, Ben, and Chloé are listening.", all of them; or are waiting, or were listening, while nothing can be heard. Empty when that
 * says nothing new.
 */
export function listenerWords(
  { status, sending, listeners }: Pick<StreamingState, 'status' | 'listeners' | 'sending'>,
  words: Words,
): string {
  const live = status === 'live';
  const { length } = listeners;
  if (length === 0) return live ? `${words('nobody')} ${sending ? '' : words('not_sent')}`.trim() : '';
  const names = listOf(listeners, words);
  if (status === 'reconnecting') return words('was_listening', { names });
  return live ? words('listening', { n: length, names }) : words('waiting', { names });
}

/** "Anna listened.": who was there for two seconds is seen too. */
export function listenedWords(people: readonly ListenerInfo[], words: Words): string {
  return people.length > 0 ? words('listened', { n: people.length, names: listOf(people, words) }) : '';
}

/** What is read out of the listeners: a list of many, read anew at each change, would be no news. */
function spokenWords(state: StreamingState, words: Words): string {
  const { status, listeners } = state;
  const newest = listeners.at(-1);
  if (listeners.length <= 3 || !newest) return listenerWords(state, words);
  const names = nameOf(newest, words);
  return `${words('listeners', { n: listeners.length })}. ${status === 'live' ? words('listening', { n: 1, names }) : ''}`.trim();
}

function detailOf({ status, needsTap, interruption, screenMayLock }: StreamingState, words: Words): string {
  switch (status) {
    case 'interrupted':
      return needsTap ? words('tap') : words('resumes', { cause: words(causeOf(interruption)) });
    case 'live':
      return screenMayLock ? words('keep_on') : '';
    case 'reconnecting':
      return words('resumes', { cause: words('cause_network') });
    case 'idle':
    case 'ready':
    case 'starting':
    case 'paused':
      return words(`detail_${status}`);
    default:
      return '';
  }
}

/** A stream exists, or is about to. */
export const isRunning = (status: StreamingStatus): boolean =>
  !['idle', 'connecting', 'ready', 'stopping'].includes(status);

/** @param userAgent for the way to unblock the microphone in this browser */
export function buttonView(state: StreamingState, words: Words, userAgent: string): ButtonView {
  const { status, fault, replaced, recentListeners = [] } = state;
  // While there is no relay yet the session asks for the microphone in the press, and waits for the relay then.
  const startable = status === 'ready' || status === 'connecting';
  const running = isRunning(status);
  const paused = status === 'paused';
  const pausable = status === 'live' || paused || status === 'interrupted';
  const hasListeners = pausable || status === 'reconnecting';
  const news = listenedWords(recentListeners, words);
  const recover = status === 'interrupted' && state.needsTap;
  // A failure tells more than the detail, and may contradict it: "Sign in again" is no "resumes by itself".
  const silent = fault && (!running || status === 'reconnecting');
  const detail = replaced && !running ? words('replaced') : silent ? '' : detailOf(state, words);
  // While access is refused nothing is on its way back: "Reconnecting" would contradict "Sign in again".
  const cut = status === 'reconnecting' && fault && !isRecoverable(fault.code);
  const title = words(cut ? 'state_interrupted' : `state_${status}`);
  const help = helpWords(state, words);
  const shown = status === 'live' && state.voiceShown ? words('voice_shown') : '';
  return {
    action: recover ? 'recover' : startable ? 'start' : running ? 'stop' : 'none',
    running,
    label: words(recover ? 'tap' : 'share'),
    title,
    sentence: `${title} ${status === 'live' ? sinceWords(state.startedAt, words) : ''}`.trim(),
    pressed: recover ? null : running,
    lines: [detail, hasListeners ? listenerWords(state, words) : '', news, help, shown].filter(Boolean),
    announced: [detail, hasListeners ? spokenWords(state, words) : '', news, help, shown].filter(Boolean),
    news,
    turning: !cut && status.endsWith('ing'),
    fault: fault && faultWords(fault.code, words, userAgent),
    pause: pausable && !recover ? { paused, label: words(paused ? 'unpause' : 'pause') } : null,
    open: running || fault !== null || replaced,
    occasion: [running, fault?.code, recover, replaced].join(),
  };
}
