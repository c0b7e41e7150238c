import type { ErrorCode } from '../../relay/protocol/error-codes.ts';
import type { PageFaultCode } from '../shared/fault.ts';
import type { TextKey } from './en.ts';
import type { Translator } from './translator.ts';

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

type FaultTextKey = Extract<TextKey, `e_${string}`>;

/** Which words each code has. Codes that a person mends in the same way share them. */
const FAULT_TEXTS: Readonly<Record<ErrorCode | PageFaultCode | AudioFaultCode, FaultTextKey>> = {
  token_missing: 'e_no_access',
  token_malformed: 'e_access',
  token_signature_invalid: 'e_access',
  token_algorithm_not_allowed: 'e_access',
  token_key_unknown: 'e_access',
  token_keys_unavailable: 'e_busy',
  token_expired: 'e_expired',
  token_not_yet_valid: 'e_early',
  token_issuer_mismatch: 'e_access',
  token_audience_mismatch: 'e_access',
  token_claims_invalid: 'e_access',
  token_user_changed: 'e_access',
  origin_not_allowed: 'e_origin',
  bad_request: 'e_outdated',
  unknown_request: 'e_outdated',
  forbidden: 'e_forbidden',
  rate_limited: 'e_rate',
  capacity: 'e_capacity',
  sdp_invalid: 'e_media',
  not_connected: 'e_media',
  not_streaming: 'e_media',
  media_unavailable: 'e_busy',
  draining: 'e_busy',
  internal: 'e_server',
  microphone_denied: 'e_mic_denied',
  microphone_not_found: 'e_mic_none',
  microphone_in_use: 'e_mic_busy',
  microphone_blocked_by_policy: 'e_mic_policy',
  microphone_ended: 'e_mic_ended',
  microphone_failed: 'e_mic_failed',
  microphone_unsupported: 'e_browser',
  insecure_context: 'e_mic_insecure',
  relay_unreachable: 'e_unreachable',
  relay_url_invalid: 'e_address',
  request_timeout: 'e_busy',
  webrtc_unsupported: 'e_browser',
  time_limit: 'e_time_limit',
  unexpected: 'e_unknown',
  media_failed: 'e_media',
  sound_blocked: 'e_sound',
};

/** Words whose failure no retry mends: the host, an administrator or the browser's settings must change first. */
const NEEDS_OTHERS: ReadonlySet<FaultTextKey> = new Set([
  'e_access',
  'e_no_access',
  'e_expired',
  'e_early',
  'e_origin',
  'e_forbidden',
  'e_outdated',
  'e_address',
  'e_mic_denied',
  'e_mic_insecure',
  'e_mic_policy',
  'e_browser',
]);

const isKnown = (code: string): code is keyof typeof FAULT_TEXTS => Object.hasOwn(FAULT_TEXTS, code);

/** True when a tap or a little time can mend it; false when the host, an administrator or the browser's settings must change first. */
export function isRecoverable(code: string): boolean {
  return !isKnown(code) || !NEEDS_OTHERS.has(FAULT_TEXTS[code]);
}

/** How to allow the microphone again in the browser of this user agent string: every browser hides it elsewhere. */
export function unblockHint(userAgent: string): Extract<TextKey, `u_${string}`> {
  if (/FBA[NV]|Instagram|LinkedInApp|Snapchat|; wv\)/.test(userAgent)) return 'u_webview';
  if (/iPhone|iPad/.test(userAgent)) return 'u_ios';
  if (/Firefox/.test(userAgent)) return 'u_firefox';
  if (/Android/.test(userAgent)) return 'u_android';
  return /Chrom|Edg/.test(userAgent) ? 'u_chrome' : 'u_safari';
}

/** What is wrong and what to do, in the user's language. */
export function faultWords(code: string, words: Translator, userAgent: string): string {
  const text = words.text(isKnown(code) ? FAULT_TEXTS[code] : 'e_unknown', { code });
  return code === 'microphone_denied' ? `${text} ${words.text(unblockHint(userAgent))}` : text;
}
