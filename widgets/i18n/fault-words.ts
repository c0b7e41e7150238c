import type { ErrorCode } from '../../relay/protocol/error-codes.ts';
import type { Interruption, ListenerInfo } from '../../relay/protocol/messages.ts';
import type { AnyTextKey, TextKey } from '../locales/catalogue.ts';
import english from '../locales/en.ts';
import type { Mender, PageFaultCode } from '../shared/fault.ts';
import { lateFaultTexts } from './late-fault-texts.ts';
import type { Words } from './words.ts';

/** Failures of the microphone and of the sound, as the audio modules name them. */
export type AudioFaultCode =
  | 'microphone_denied'
  | 'microphone_not_found'
  | 'microphone_in_use'
  | 'microphone_blocked_by_policy'
  | 'microphone_unsupported'
  | 'microphone_ended'
  | 'microphone_failed'
  | 'insecure_context';

/** Every code that has words. */
export type FaultCode = ErrorCode | PageFaultCode | AudioFaultCode;

/** Where the trouble of a failure is: with whoever can mend it, or with the `service` for a moment, which mends itself. */
export type Trouble = Mender | 'service';

/** Codes with the same words, by the key of these; any other code has words of its own, or none. */
const FAMILIES: readonly (readonly [ErrorKey, RegExp])[] = [
  ['error_token_signature', /^token_(malformed|sig|alg|key_)/],
  ['error_unsupported', /_unsupported$/],
  ['error_outdated', /_request$|_outdated$/],
  ['error_busy', /^(media_un|elsewhere|internal|sdp|not_|whisper_)/],
];

const MENDERS: readonly (readonly [Mender, RegExp])[] = [
  [
    'user',
    /^(token_(expired|user)|time_limit|policy_|purpose_|consent_)|_unsupported$|_request$|_outdated$|^microphone_(?!blocked)/,
  ],
  [
    'administrator',
    /^(token_(?!keys|provider)|origin|forbidden|no_team|e2ee|relay_url|ice_servers|insecure|microphone_b)/,
  ],
  ['network', /^(relay_unreachable|media_failed|token_provider)|_timeout$/],
];
/** What the user mends, but neither by a tap nor by waiting. */
const TAKES_MORE = /^token_|_unsupported$|_request$|_outdated$|_denied$/;

type ErrorKey = Extract<AnyTextKey, `error_${string}`>;

/** Codes whose words come late: what was refused, is wrong in the page, or is out of date. */
const LATE =
  /^(token_(?!expired|provider)|e2ee|no_team|forbidden|origin|relay_url|ice_|insecure|rate_|microphone_b)|_request$|_outdated$/;

/** The key of a failure's words, or null: they are not there yet. */
function keyOf(code: string): ErrorKey | null {
  const own = `error_${code}`;
  if (Object.hasOwn(english, own) || lateFaultTexts.here?.isFaultText(own)) return own as ErrorKey;
  if (LATE.test(code) && !lateFaultTexts.here) return null;
  return FAMILIES.find(([, codes]) => codes.test(code))?.[0] ?? 'error_unknown';
}

/** Waits for the words of a failure. Null: they are there. */
export const faultWordsComing = (code: string): Promise<unknown> | null =>
  keyOf(code) === null ? lateFaultTexts.get() : null;

/** Where the trouble of a failure of this code is. */
export function troubleOf(code: string): Trouble {
  return MENDERS.find(([, codes]) => codes.test(code))?.[0] ?? 'service';
}

/** Who can mend a failure of this code. */
export function menderOf(code: string): Mender {
  const trouble = troubleOf(code);
  return trouble === 'service' ? 'network' : trouble;
}

/** What failed, in a few words: for a title. Null for what is no failure, but the end of something. */
export function faultTitle(code: string): Extract<TextKey, `fail_${string}`> | null {
  if (/^(time_limit|policy_|purpose_|consent_)/.test(code)) return null;
  if (/^microphone_(?!unsupported)/.test(code)) return 'fail_microphone';
  const trouble = troubleOf(code);
  if (trouble === 'network' || trouble === 'service') return `fail_${trouble}`;
  return code.startsWith('token_') ? 'fail_sign_in' : 'fail_here';
}

/** True when a tap or a little time can mend it; false when the host, an administrator or the browser's settings must change first. */
export function isRecoverable(code: string): boolean {
  const mender = menderOf(code);
  return mender !== 'administrator' && !(mender === 'user' && TAKES_MORE.test(code));
}

/** How to allow the microphone again in the browser of this user agent string. */
export function unblockHint(userAgent: string): Extract<TextKey, `unblock_${string}`> | 'error_unsupported' {
  // Browsers inside other applications have no such setting.
  if (/FBA[NV]|Instagram|LinkedInApp|; wv\)/.test(userAgent)) return 'error_unsupported';
  return /Chrom|Edg|Firefox/.test(userAgent) ? 'unblock_other' : 'unblock_safari';
}

/** What happened, why, and what to do, in the user's language; until these words are there, what failed. The elements are rendered anew when they come. */
export function faultWords(code: string, words: Words, userAgent: string): string {
  const key = keyOf(code);
  if (key === null) {
    void lateFaultTexts.get();
    return words(faultTitle(code) ?? 'fail_here');
  }
  const text = key === 'error_unknown' ? words(key, { code }) : words(key);
  return code === 'microphone_denied' ? `${text} ${words(unblockHint(userAgent))}` : text;
}

/** Who listens and hears nothing, for their page cannot open what is sealed: in words, once these are there. */
export function cannotOpenWords(listeners: readonly ListenerInfo[], words: Words): readonly string[] {
  if (!listeners.some(({ cannotOpen }) => cannotOpen)) return [];
  void lateFaultTexts.get();
  return lateFaultTexts.here?.cannotOpenLines(listeners, words) ?? [];
}

/** The key of the words for why a stream is interrupted. */
export function causeOf(interruption: Interruption | null | undefined): Extract<TextKey, `cause_${string}`> {
  return interruption === 'microphone' || interruption === 'hidden' ? `cause_${interruption}` : 'cause_network';
}
