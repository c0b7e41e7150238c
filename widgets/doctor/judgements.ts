import type { LoopBackReady } from '../../relay/protocol/loop-back.ts';
import { MicrophoneError } from '../audio/microphone-failure.ts';
import { type Fault, toFault } from '../shared/fault.ts';
import type { DoctorText } from './doctor-words.ts';
import type { Received } from './echo.ts';
import type { CheckName, Finding } from './finding.ts';
import type { PathKind, PathResult } from './path-trial.ts';
import type { ShownClaims } from './token-claims.ts';

/** A clock that is off by more is one that nobody set. In seconds. */
const CLOCK_S = 30;

/** What to do about a token, by the relay's code. */
const TOKEN_FIX: Readonly<Record<string, DoctorText>> = {
  token_expired: 'f_token_expired',
  token_not_yet_valid: 'f_token_not_yet_valid',
  token_audience_mismatch: 'f_token_audience',
  token_issuer_mismatch: 'f_token_issuer',
  token_signature_invalid: 'f_token_signature',
  token_algorithm_not_allowed: 'f_token_signature',
  token_key_unknown: 'f_token_signature',
  token_keys_unavailable: 'f_token_keys',
  token_claims_invalid: 'f_token_claims',
};

const MICROPHONE_FIX: Readonly<Record<string, DoctorText>> = {
  microphone_denied: 'f_microphone_denied',
  microphone_blocked_by_policy: 'f_microphone_denied',
  microphone_not_found: 'f_microphone_not_found',
  microphone_in_use: 'f_microphone_in_use',
  insecure_context: 'f_secure',
};

/** @param aheadS how far this device is ahead of the relay; null when it is not known */
export function judgeClock(aheadS: number | null): Finding {
  if (aheadS === null) return { status: 'skipped' };
  const off = Math.abs(aheadS);
  if (off > CLOCK_S) return { status: 'failed', told: { text: 'n_off', n: aheadS }, fix: 'f_clock' };
  return { status: 'ok', told: off <= 1 ? { text: 'n_right' } : { text: 'n_off', n: aheadS } };
}

/** A microphone that could not be opened. */
export function judgeMicrophone(error: unknown): Finding {
  const { code } = error instanceof MicrophoneError ? error : toFault(error);
  return { status: 'failed', detail: code, fix: MICROPHONE_FIX[code] ?? 'f_microphone' };
}

/** What a quiet room gives; less than that is digital silence. */
const SILENCE = 1e-4;

/** Whether this level, 0 to 1, is more than nothing. */
export function isSound(level: number): boolean {
  return level >= SILENCE;
}

/** A microphone that is open. @param peak the loudest that it gave, 0 to 1; null when the browser measured nothing at all */
export function judgeLevel(peak: number | null): Finding {
  if (peak === null) return { status: 'skipped', told: { text: 'n_not_measured' } };
  if (!isSound(peak)) return { status: 'failed', told: { text: 'n_level', n: '−∞' }, fix: 'f_microphone_silent' };
  return { status: 'ok', told: { text: 'n_level', n: toDecibels(peak) } };
}

/**
 * Whether the page's own sound came back: what is played says it; where nothing is played, the packets have to do (Chromium's
 * totalAudioEnergy of a muted element is 0).
 */
export function cameBack({ packets, level }: Received): boolean {
  return packets > 0 && (level === null || isSound(level));
}

/** The page's own sound came back. */
export function judgeEcho({ level, roundTripMs }: Received, ms: number): Finding {
  const told = { text: 'n_heard', n: Math.round(ms) } as const;
  const detail = roundTripMs === null ? {} : { detail: `RTT ${roundTripMs} ms` };
  // The way is good, and yet the person hears nothing: that is said beside "Playing sound", and here no tick stands for it.
  return level === null ? { status: 'warning', told, ...detail, fix: 'f_autoplay' } : { status: 'ok', told, ...detail };
}

/** Nothing came back. @param peak as of `judgeLevel` */
export function judgeNoEcho({ packets }: Received, peak: number | null): Finding {
  const silent = peak !== null && !isSound(peak);
  return { status: 'failed', detail: `${packets} packets`, fix: silent ? 'f_microphone_silent' : 'f_loop' };
}

/** A level of 0 to 1 in dB below the loudest. */
function toDecibels(level: number): number {
  return Math.round(20 * Math.log10(level));
}

/** How the connection to the relay went: what it said, or why there is none. */
export interface ConnectionResult {
  /** What the token says of itself; null when it says nothing that can be read. */
  readonly claims: ShownClaims | null;
  readonly ready?: LoopBackReady;
  readonly refusal?: Fault;
  readonly ms: number;
}

/** The connection and the token are two things: a refusal has come over a connection. */
export function judgeConnection({ claims, ready, refusal, ms }: ConnectionResult): Partial<Record<CheckName, Finding>> {
  const reached: Finding = { status: 'ok', told: { text: 'n_reached', n: Math.round(ms) } };
  const shown = claims === null ? [] : [describeClaims(claims)];
  if (ready) {
    const n = Math.floor(ready.tokenExpiresInMs / 60_000);
    return { socket: reached, token: { status: 'ok', told: { text: 'n_left', n }, ...withDetail(shown) } };
  }
  const { code, message } = refusal ?? { code: 'relay_unreachable', message: '' };
  if (code === 'token_missing')
    return { socket: reached, token: { status: 'skipped', told: { text: 'n_needs_token' } } };
  if (code.startsWith('token_')) {
    const said = code === 'token_claims_invalid' ? `${code}: ${message}` : code;
    return {
      socket: reached,
      token: { status: 'failed', ...withDetail([said, ...shown]), fix: TOKEN_FIX[code] ?? 'f_token' },
    };
  }
  const unknown: Finding = { status: 'skipped' };
  if (code === 'relay_unreachable' || code === 'request_timeout')
    return { socket: { status: 'failed', ...withDetail([message]), fix: 'f_socket' }, token: unknown };
  const fix: DoctorText = code === 'origin_not_allowed' ? 'f_origin' : 'f_busy';
  return { socket: { status: 'failed', detail: code, fix }, token: unknown };
}

/** How a trial of one way went. */
export function judgePath(kind: PathKind, { connected, ms, to, refused }: PathResult): Finding {
  const detail = to.join(', ');
  if (connected) return { status: 'ok', told: { text: 'n_connected', n: ms }, detail };
  if (refused !== null) return { status: 'failed', ...withDetail([refused, detail]), fix: 'f_turn_refused' };
  return { status: 'failed', ...withDetail([detail]), fix: `f_${kind}` };
}

function describeClaims({ role, teams, issuer, audience }: ShownClaims): string {
  const parts = [
    role !== null && `role ${role}`,
    teams.length > 0 && `teams ${teams.join(', ')}`,
    issuer !== null && `iss ${issuer}`,
    audience !== null && `aud ${audience}`,
  ];
  return parts
    .filter((part) => part !== false)
    .join('; ')
    .slice(0, 300);
}

function withDetail(parts: readonly string[]): { detail?: string } {
  const detail = parts.filter((part) => part !== '').join('; ');
  return detail === '' ? {} : { detail };
}
