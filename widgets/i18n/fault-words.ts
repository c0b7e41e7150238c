import type { ErrorCode } from '../../relay/protocol/error-codes.ts';
import type { Interruption } from '../../relay/protocol/messages.ts';
import type { PageFaultCode } from '../shared/fault.ts';
import type { Words } from './translator.ts';
import { type TextKey, WORDS } from './words.ts';

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

/** Codes that a person mends in the same way, by the key of their words; any other code has words of its own, or none. */
const FAMILIES: readonly (readonly [TextKey, RegExp])[] = [
  ['e_token', /^token_(?!keys)/],
  ['e_setup', /^origin|^forbidden/],
  ['e_relay_url_invalid', /^ice_servers/],
  ['e_unsupported', /_unsupported/],
  ['e_outdated', /_request$|_outdated$/],
  ['e_busy', /_unavailable|elsewhere|draining|internal|_timeout|_limited|capacity|^sdp|^not_/],
];

function keyOf(code: string): TextKey {
  const own = `e_${code}`;
  if (Object.hasOwn(WORDS, own)) return own as TextKey;
  return FAMILIES.find(([, codes]) => codes.test(code))?.[0] ?? 'e_unknown';
}

/** True when a tap or a little time can mend it; false when the host, an administrator or the browser's settings must change first. */
export function isRecoverable(code: string): boolean {
  // Called again by itself.
  if (code === 'token_provider_failed') return true;
  return !/token|setup|url|unsupported|outdated|denied|policy|insecure/.test(keyOf(code));
}

/** How to allow the microphone again in the browser of this user agent string. */
export function unblockHint(userAgent: string): Extract<TextKey, `u_${string}` | 'e_unsupported'> {
  // Browsers inside other applications have no such setting.
  if (/FBA[NV]|Instagram|LinkedInApp|; wv\)/.test(userAgent)) return 'e_unsupported';
  return /Chrom|Edg|Firefox/.test(userAgent) ? 'u_other' : 'u_safari';
}

/** What is wrong and what to do, in the user's language. */
export function faultWords(code: string, words: Words, userAgent: string): string {
  const text = words(keyOf(code), code);
  return code === 'microphone_denied' ? `${text} ${words(unblockHint(userAgent))}` : text;
}

/** The key of the words for why a stream is interrupted. */
export function causeOf(interruption: Interruption | null | undefined): 'microphone' | 'hidden' | 'network' {
  return interruption === 'microphone' || interruption === 'hidden' ? interruption : 'network';
}
