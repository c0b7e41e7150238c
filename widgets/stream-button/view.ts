/**
 * What the button shows, as a pure function of the session's state: no DOM, no clock.
 */

import type { ListenerInfo } from '../../relay/protocol/messages.ts';
import { sinceWords } from '../i18n/durations.ts';
import { cannotOpenWords, causeOf, faultTitle, faultWords, isRecoverable } from '../i18n/fault-words.ts';
import { policyText } from '../i18n/policy-text.ts';
import type { Words } from '../i18n/words.ts';
import type { TextKey } from '../locales/catalogue.ts';
import type { PolicySaid } from '../policy/button-lines.ts';
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
  /** "Live since 14:05", for the open bubble while it is live: its head has no room for it on a phone. Else empty. */
  readonly since: string;
  /** For `aria-pressed`; null where a press is no toggle. */
  readonly pressed: boolean | null;
  /** The bubble: what it means, who listens (everybody by name), what to do. */
  readonly lines: readonly string[];
  /** The same for the status region, which is read out at each change: of many listeners only how many, and the newest. */
  readonly announced: readonly string[];
  /** Somebody began or stopped to listen a moment ago: shown also while the bubble is closed. Empty when nobody did. */
  readonly news: string;
  /** How many listen; null while that is not known, or nobody does. */
  readonly count: number | null;
  /** The user is live on another page: continue here, or stop it. */
  readonly elsewhere: boolean;
  /** An open bubble may fold itself: it says nothing that waits for an answer. */
  readonly folds: boolean;
  readonly fault: string | null;
  /** Something is under way: a ring turns. */
  readonly turning: boolean;
  /** The privacy pause: offered while the stream runs. */
  readonly pause: { readonly paused: boolean; readonly label: string } | null;
  /** Whether the bubble starts open; and the key of this occasion: another key opens or closes it anew. */
  readonly open: boolean;
  readonly occasion: string;
}

/** The name; with why they listen, where the policy asks for it. */
function nameOf({ name, id, purpose }: ListenerInfo, words: Words, policy?: StreamingState['policy']): string {
  const shown = isolate(name || id, words.dir);
  const known = purpose && policy?.purposes.find((each) => each.id === purpose);
  return purpose ? `${shown} (${isolate(known ? policyText(known.label, words).text : purpose, words.dir)})` : shown;
}
const listOf = (people: readonly ListenerInfo[], words: Words, policy?: StreamingState['policy']): string =>
  new Intl.ListFormat(words.locale).format(people.map((one) => nameOf(one, words, policy)));

type Listening = Pick<StreamingState, 'status' | 'listeners' | 'sending'> &
  Partial<Pick<StreamingState, 'uncertain' | 'policy'>>;

/**
 * "Anna, Ben, and Chloé are listening.", all of them; or are waiting, or were listening, while nothing can be heard. Empty when that
 * says nothing new.
 */
export function listenerWords({ status, sending, listeners, uncertain, policy }: Listening, words: Words): string {
  const live = status === 'live';
  if (uncertain && status !== 'reconnecting') {
    return `${words('uncertain_detail')} ${live && sending ? words('goes_on') : ''}`.trim();
  }
  const { length } = listeners;
  if (length === 0) return live ? `${words('nobody')} ${sending ? '' : words('not_sent')}`.trim() : '';
  const names = listOf(listeners, words, policy);
  if (status === 'reconnecting') return words('was_listening', { names });
  return live ? words('listening', { n: length, names }) : words('waiting', { names });
}

/** "Anna listened.": who was there for two seconds is seen too. */
export function listenedWords(people: readonly ListenerInfo[], words: Words): string {
  return people.length > 0 ? words('listened', { n: people.length, names: listOf(people, words) }) : '';
}

/** What is read out of the listeners: a list of many, read anew at each change, would be no news. */
function spokenWords(state: StreamingState, words: Words): string {
  const { status, listeners, uncertain } = state;
  const newest = listeners.at(-1);
  if (uncertain || listeners.length <= 3 || !newest) return listenerWords(state, words);
  const names = nameOf(newest, words, state.policy);
  return `${words('listeners', { n: listeners.length })}. ${status === 'live' ? words('listening', { n: 1, names }) : ''}`.trim();
}

function detailOf(state: StreamingState, { invited }: Wishes, words: Words): string {
  const { status, needsTap, interruption, screenMayLock, asking, ended } = state;
  if (!isRunning(status)) {
    if (state.replaced) return words('replaced');
    if (ended) return words(ended === 'stopped' ? 'stopped' : 'reloaded');
    if (invited && status === 'ready') return words('invited');
  }
  switch (status) {
    case 'interrupted':
      return needsTap ? words('tap') : words('resumes', { cause: words(causeOf(interruption)) });
    case 'live':
      return screenMayLock ? words('keep_on') : '';
    case 'reconnecting':
      return words('resumes', { cause: words('cause_network') });
    case 'starting':
      return asking ? words('detail_starting') : '';
    case 'idle':
    case 'ready':
    case 'paused':
      return words(`detail_${status}`);
    default:
      return '';
  }
}

/** A stream exists, or is about to. */
export const isRunning = (status: StreamingStatus): boolean =>
  !['idle', 'connecting', 'ready', 'stopping'].includes(status);

/** What the host wants besides. */
export interface Wishes {
  /** The commercial is invited to go live. */
  readonly invited: boolean;
}

const UNINVITED: Wishes = { invited: false };
const NOTHING_SAID: PolicySaid = { title: '', lines: [], announced: [], news: '' };

/** The user's other page that has the stream. What a page left behind that was here before, the reload's own words tell. */
function elsewhereOf({ status, elsewhere, ended }: StreamingState): StreamingState['elsewhere'] {
  if (isRunning(status) || status === 'stopping') return null;
  return ended === 'reload' && elsewhere?.status === 'interrupted' ? null : elsewhere;
}

/** Texts that a title may be: none has a hole. */
type TitleKey = 'not_live' | 'uncertain' | Extract<TextKey, `${'state' | 'fail' | 'elsewhere'}_${string}`>;

function titleOf(state: StreamingState, cut: boolean): TitleKey {
  const { status, fault, uncertain } = state;
  if (cut) return 'state_interrupted';
  if (isRunning(status)) return status === 'live' && uncertain ? 'uncertain' : `state_${status}`;
  if (status === 'stopping') return 'state_stopping';
  const failed = fault && faultTitle(fault.code);
  if (failed) return failed;
  const elsewhere = elsewhereOf(state);
  if (elsewhere) return `elsewhere_${elsewhere.status}`;
  return status === 'connecting' ? 'state_connecting' : 'not_live';
}

/**
 * @param userAgent for the way to unblock the microphone in this browser
 * @param wishes of the host
 * @param said what the relay's policy adds
 */
export function buttonView(
  state: StreamingState,
  words: Words,
  userAgent: string,
  wishes = UNINVITED,
  said: PolicySaid = NOTHING_SAID,
): ButtonView {
  const { status, fault, replaced, recentListeners, newListeners, uncertain, ended, listeners } = state;
  // While there is no relay yet the session asks for the microphone in the press, and waits for the relay then.
  const startable = status === 'ready' || status === 'connecting';
  const running = isRunning(status);
  const paused = status === 'paused';
  const pausable = status === 'live' || paused || status === 'interrupted';
  const hasListeners = pausable || status === 'reconnecting';
  const known = !uncertain && status === 'live';
  const came = known && newListeners.length > 0 ? listenerWords({ ...state, listeners: newListeners }, words) : '';
  const left = uncertain ? '' : listenedWords(recentListeners, words);
  const recover = status === 'interrupted' && state.needsTap;
  const elsewhere = elsewhereOf(state) !== null;
  // A failure tells more than the detail, and may contradict it: "Sign in again" is no "resumes by itself".
  const silent =
    fault && (!running || status === 'reconnecting' || status === 'starting' || (status === 'interrupted' && !recover));
  const detail = silent ? '' : elsewhere ? words('elsewhere') : detailOf(state, wishes, words);
  // While access is refused nothing is on its way back: "Reconnecting" would contradict "Sign in again".
  const cut = status === 'reconnecting' && fault !== null && !isRecoverable(fault.code);
  const failure = fault && faultWords(fault.code, words, userAgent);
  const title = said.title || words(titleOf(state, cut));
  const since = status === 'live' ? `${words('state_live')} ${sinceWords(state.startedAt, words)}`.trim() : '';
  // Whether that manager still listens is told by the list of listeners, if anything tells it.
  const gone = state.helpEnd === 'answered' && (uncertain || listeners.length === 0);
  const help = gone ? '' : helpWords(state, words);
  const deaf = known ? cannotOpenWords(listeners, words) : [];
  const shown = status === 'live' && state.voiceShown ? words('voice_shown') : '';
  const told = elsewhere || ended !== null || replaced || (wishes.invited && status === 'ready');
  return {
    action: recover ? 'recover' : startable ? 'start' : running ? 'stop' : 'none',
    running,
    label: words(recover ? 'tap' : 'share'),
    title,
    sentence: uncertain && since ? `${title}. ${since}` : since || title,
    since,
    pressed: recover ? null : running,
    lines: [detail, hasListeners ? listenerWords(state, words) : '', left, help, shown, ...deaf, ...said.lines].filter(
      Boolean,
    ),
    announced: [
      detail,
      hasListeners ? spokenWords(state, words) : '',
      left,
      help,
      shown,
      ...deaf,
      ...said.announced,
    ].filter(Boolean),
    news: came || left,
    count: uncertain || listeners.length === 0 ? null : listeners.length,
    elsewhere,
    turning: !cut && status.endsWith('ing'),
    fault: failure === title ? '' : failure,
    pause: pausable && !recover ? { paused, label: words(paused ? 'unpause' : 'pause') } : null,
    open: running || fault !== null || told || said.news !== '',
    folds: (status === 'live' || paused) && fault === null,
    occasion: [running, fault?.code, recover, replaced, elsewhere, ended, wishes.invited, said.news].join(),
  };
}
