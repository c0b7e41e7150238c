import type { ErrorCode } from '../../relay/protocol/error-codes.ts';
import type { PageFaultCode } from '../shared/fault.ts';
import type { Translator } from './translator.ts';
import type { TextKey } from './words.ts';

/** Failures of the microphone and of the sound, as the audio modules name them. */
export type AudioFaultCode =
  | 'microphone_denied'
  | 'microphone_not_found'
  | 'microphone_in_use'
  | 'microphone_blocked_by_policy'
  | 'microphone_unsupported'
  | 'microphone_ended'
  | 'microphone_failed'
  | 'insecure_context'
  | 'media_failed'
  | 'sound_blocked';

/** Every code that has words. */
export type FaultCode = ErrorCode | PageFaultCode | AudioFaultCode;

/** Words, and the codes that a person mends in that way. What begins with `token_` and is not here is `e_access`. */
const CODES: readonly (readonly [TextKey, ...FaultCode[]])[] = [
  // First those that no retry mends: the host, an administrator or the browser's settings must change something.
  ['e_session', 'token_missing', 'token_expired'],
  ['e_clock', 'token_not_yet_valid'],
  ['e_setup', 'origin_not_allowed', 'relay_url_invalid'],
  ['e_forbidden', 'forbidden'],
  ['e_outdated', 'bad_request', 'unknown_request'],
  ['e_mic_denied', 'microphone_denied'],
  ['e_mic_insecure', 'insecure_context'],
  ['e_mic_policy', 'microphone_blocked_by_policy'],
  ['e_browser', 'microphone_unsupported', 'webrtc_unsupported'],
  // From here on, a tap or a little time does.
  ['e_busy', 'token_keys_unavailable', 'media_unavailable', 'draining', 'internal', 'request_timeout'],
  ['e_rate', 'rate_limited'],
  ['e_capacity', 'capacity'],
  ['e_media', 'sdp_invalid', 'not_connected', 'not_streaming', 'media_failed'],
  ['e_unreachable', 'relay_unreachable'],
  ['e_time_limit', 'time_limit'],
  ['e_mic_none', 'microphone_not_found'],
  ['e_mic_busy', 'microphone_in_use'],
  ['e_mic_failed', 'microphone_ended', 'microphone_failed'],
  ['l_blocked', 'sound_blocked'],
];
const FIRST_RECOVERABLE = 9;

const indexOf = (code: string) => CODES.findIndex(([, ...codes]) => codes.some((one) => one === code));
const isToken = (code: string) => /^token_/.test(code);

/** True when a tap or a little time can mend it; false when the host, an administrator or the browser's settings must change first. */
export function isRecoverable(code: string): boolean {
  const index = indexOf(code);
  return index === -1 ? !isToken(code) : index >= FIRST_RECOVERABLE;
}

/** How to allow the microphone again in the browser of this user agent string. */
export function unblockHint(userAgent: string): Extract<TextKey, `u_${string}`> {
  if (/FBA[NV]|Instagram|LinkedInApp|; wv\)/.test(userAgent)) return 'u_webview';
  if (/iPhone|iPad/.test(userAgent)) return 'u_ios';
  if (/Firefox/.test(userAgent)) return 'u_firefox';
  return /Chrom|Edg/.test(userAgent) ? 'u_chrome' : 'u_safari';
}

/** What is wrong and what to do, in the user's language. */
export function faultWords(code: string, words: Translator, userAgent: string): string {
  const key = CODES[indexOf(code)]?.[0] ?? (isToken(code) ? 'e_access' : 'e_unknown');
  const text = words.text(key, { code });
  return code === 'microphone_denied' ? `${text} ${words.text(unblockHint(userAgent))}` : text;
}
