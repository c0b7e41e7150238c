/**
 * What the button shows, as a pure function of the session's state: no DOM, no clock.
 */

import { faultWords } from '../i18n/fault-words.ts';
import type { Translator } from '../i18n/translator.ts';
import type { TextKey } from '../i18n/words.ts';
import type { StreamingState } from '../sessions/state.ts';
import type { IconName } from '../ui/icons.ts';

/** What a press of the round button does. */
export type ButtonAction = 'start' | 'stop' | 'recover' | 'none';
/** Its colour: grey, grey with a turning ring, blue, red, amber. */
export type ButtonTone = 'off' | 'busy' | 'ready' | 'live' | 'warn';

export interface ButtonView {
  readonly action: ButtonAction;
  readonly tone: ButtonTone;
  /** A ring turns: something is under way. */
  readonly turning: boolean;
  readonly icon: IconName;
  readonly label: string;
  /** For `aria-pressed`; null where a press is no toggle. */
  readonly pressed: boolean | null;
  /** Waves go out: sound does, or a press is needed. */
  readonly pulse: boolean;
  /** The LIVE badge: set only while sound can be heard. */
  readonly badge: boolean;
  readonly online: boolean;
  /** The bubble: what is happening, in a few words. */
  readonly title: string;
  /** The bubble: what it means, who listens, what to do. */
  readonly lines: readonly string[];
  readonly fault: string | null;
  /** The privacy pause: offered while the stream runs. */
  readonly pause: { readonly paused: boolean; readonly label: string } | null;
  /** A stop button of its own, where the round button does something else. */
  readonly stop: boolean;
  /** Whether the bubble starts open; and the key of this occasion: another key opens or closes it anew. */
  readonly open: boolean;
  readonly occasion: string;
}

/** The state while there is no session. */
export const NO_SESSION: StreamingState = Object.freeze({
  status: 'idle',
  online: false,
  startedAt: null,
  listeners: [],
  sending: false,
  level: 0,
  interruption: null,
  needsTap: false,
  fault: null,
  replaced: false,
});

const TONES: Readonly<Record<StreamingState['status'], ButtonTone>> = {
  idle: 'off',
  connecting: 'off',
  ready: 'ready',
  starting: 'busy',
  live: 'live',
  paused: 'warn',
  interrupted: 'warn',
  reconnecting: 'warn',
  stopping: 'busy',
};

/** A stream exists, or is about to. */
const isRunning = (status: StreamingState['status']) =>
  status !== 'idle' && status !== 'connecting' && status !== 'ready' && status !== 'stopping';

function actionOf({ status, needsTap }: StreamingState): ButtonAction {
  // While there is no relay yet the session asks for the microphone in the press, and waits for the relay then.
  if (status === 'ready' || status === 'connecting') return 'start';
  if (status === 'interrupted' && needsTap) return 'recover';
  return isRunning(status) ? 'stop' : 'none';
}

/** "Anna, Ben and 2 others are listening.", or are waiting while nothing can be heard. Empty when that says nothing new. */
export function listenerWords(
  { status, sending, listeners }: Pick<StreamingState, 'status' | 'listeners' | 'sending'>,
  words: Translator,
): string {
  const live = status === 'live';
  const names = listeners.map((listener) => listener.name || listener.id);
  if (names.length === 0) {
    if (!live) return '';
    return sending ? words.text('d_nobody') : `${words.text('d_nobody')} ${words.text('d_not_sent')}`;
  }
  const shown = names.length > 3 ? [...names.slice(0, 2), words.count('others', names.length - 2)] : names;
  return words.count(live ? 'who' : 'wait', names.length, { names: words.list(shown) });
}

function detailKey(state: StreamingState): TextKey | null {
  switch (state.status) {
    case 'live':
    case 'stopping':
      return null;
    case 'interrupted':
      if (state.needsTap) return 'd_tap';
      return state.interruption === 'hidden' || state.interruption === 'microphone'
        ? `d_${state.interruption}`
        : 'd_network';
    case 'reconnecting':
      return 'd_network';
    default:
      return `d_${state.status}`;
  }
}

/** @param userAgent for the way to unblock the microphone in this browser */
export function buttonView(state: StreamingState, words: Translator, userAgent: string): ButtonView {
  const { status, fault } = state;
  const action = actionOf(state);
  const running = isRunning(status);
  const paused = status === 'paused';
  const detail = detailKey(state);
  const lines: string[] = [];
  if (state.replaced && !running) lines.push(words.text('d_replaced'));
  else if (detail && !(fault && !running)) lines.push(words.text(detail));
  if (status === 'live' || paused || status === 'interrupted') lines.push(listenerWords(state, words));
  return {
    action,
    tone: TONES[status],
    turning: status === 'connecting' || status === 'starting' || status === 'stopping' || status === 'reconnecting',
    icon: action === 'stop' && status !== 'starting' ? 'stop' : 'mic',
    label: words.text(action === 'recover' ? 'resume_tap' : 'share'),
    pressed: action === 'recover' ? null : running,
    pulse: status === 'live' || action === 'recover',
    badge: status === 'live',
    online: state.online,
    title: words.text(`s_${status}`),
    lines: lines.filter(Boolean),
    fault: fault && faultWords(fault.code, words, userAgent),
    pause:
      status === 'live' || paused || (status === 'interrupted' && !state.needsTap)
        ? { paused, label: words.text(paused ? 'unpause' : 'pause') }
        : null,
    stop: action === 'recover',
    open: running || fault !== null || state.replaced,
    occasion: [running, fault?.code, state.needsTap, state.replaced].join(),
  };
}
