/**
 * What the button shows, as a pure function of the session's state: no DOM, no clock.
 */

import { sinceWords } from '../i18n/durations.ts';
import { causeOf, faultWords } from '../i18n/fault-words.ts';
import type { Words } from '../i18n/translator.ts';
import type { StreamingState, StreamingStatus } from '../sessions/state.ts';

/** What a press of the round button does. */
export type ButtonAction = 'start' | 'stop' | 'recover' | 'none';

export interface ButtonView {
  readonly action: ButtonAction;
  /** A stream exists, or is about to. */
  readonly running: boolean;
  readonly label: string;
  /** The state, with the start: "Live since 14:05", "Paused". */
  readonly sentence: string;
  /** For `aria-pressed`; null where a press is no toggle. */
  readonly pressed: boolean | null;
  /** The bubble: what it means, who listens, what to do. */
  readonly lines: readonly string[];
  readonly fault: string | null;
  /** The privacy pause: offered while the stream runs. */
  readonly pause: { readonly paused: boolean; readonly label: string } | null;
  /** Whether the bubble starts open; and the key of this occasion: another key opens or closes it anew. */
  readonly open: boolean;
  readonly occasion: string;
}

/** "Anna, Ben and +2 are listening.", or are waiting while nothing can be heard. Empty when that says nothing new. */
export function listenerWords(
  { status, sending, listeners }: Pick<StreamingState, 'status' | 'listeners' | 'sending'>,
  words: Words,
): string {
  const live = status === 'live';
  const names = listeners.map((listener) => listener.name || listener.id);
  const { length } = names;
  if (length === 0) return live ? `${words('nobody')} ${sending ? '' : words('not_sent')}`.trim() : '';
  if (length > 3) names.splice(2, length, `+${length - 2}`);
  const list = new Intl.ListFormat(words('lang')).format(names);
  return words(live ? (length > 1 ? 'hear' : 'hears') : 'wait', list);
}

function detailOf({ status, needsTap, interruption, screenMayLock }: StreamingState, words: Words): string {
  switch (status) {
    case 'interrupted':
      return needsTap ? words('tap') : words('resumes', words(causeOf(interruption)));
    case 'live':
      return screenMayLock ? words('keep_on') : '';
    case 'reconnecting':
      return words('resumes', words('network'));
    case 'idle':
    case 'ready':
    case 'starting':
    case 'paused':
      return words(`d_${status}`);
    default:
      return '';
  }
}

/** A stream exists, or is about to. */
export const isRunning = (status: StreamingStatus): boolean =>
  !['idle', 'connecting', 'ready', 'stopping'].includes(status);

/** @param userAgent for the way to unblock the microphone in this browser */
export function buttonView(state: StreamingState, words: Words, userAgent: string): ButtonView {
  const { status, fault, replaced } = state;
  // While there is no relay yet the session asks for the microphone in the press, and waits for the relay then.
  const startable = status === 'ready' || status === 'connecting';
  const running = isRunning(status);
  const paused = status === 'paused';
  const hasListeners = status === 'live' || paused || status === 'interrupted';
  const recover = status === 'interrupted' && state.needsTap;
  // A failure tells more than the detail, and may contradict it: "Sign in again" is no "resumes by itself".
  const silent = fault && (!running || status === 'reconnecting');
  const detail = replaced && !running ? words('replaced') : silent ? '' : detailOf(state, words);
  return {
    action: recover ? 'recover' : startable ? 'start' : running ? 'stop' : 'none',
    running,
    label: words(recover ? 'tap' : 'share'),
    sentence: `${words(`s_${status}`)} ${status === 'live' ? sinceWords(state.startedAt, words) : ''}`.trim(),
    pressed: recover ? null : running,
    lines: [
      detail,
      hasListeners ? listenerWords(state, words) : '',
      status === 'live' && state.voiceShown ? words('voice_shown') : '',
    ].filter(Boolean),
    fault: fault && faultWords(fault.code, words, userAgent),
    pause: hasListeners && !recover ? { paused, label: words(paused ? 'unpause' : 'pause') } : null,
    open: running || fault !== null || replaced,
    occasion: [running, fault?.code, recover, replaced].join(),
  };
}
