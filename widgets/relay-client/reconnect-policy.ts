import type { ErrorCode } from '../../relay/protocol/error-codes.ts';

/** Refusals that pass by themselves; with every other code the same token would be refused again. */
export const PASSING: readonly string[] = [
  'capacity',
  'rate_limited',
  'token_keys_unavailable',
  'draining',
  'elsewhere',
  'internal',
  'media_unavailable',
] satisfies ErrorCode[];

/** What a reconnect delay depends on. */
export interface ReconnectSituation {
  /** Attempts that failed in a row: 0 right after a connection was lost. */
  readonly attempt: number;
  /** The relay answered and said no for now (capacity, rate limit): leave it more room. */
  readonly refused?: boolean;
  /** The relay said when to come back (`relay:draining`), in milliseconds. */
  readonly notBeforeMs?: number;
  /** Uniform in [0, 1). */
  readonly random: number;
}

/** Attempts at the short pace: about two minutes. After that a page that nobody mends may save its battery. */
const BRISK_ATTEMPTS = 60;

/**
 * Milliseconds to wait before the next attempt. A restarted relay must be found again within 3 seconds of its return, so the
 * pace stays at 1.2 to 2.4 seconds for two minutes, then slows to 15. Half of each delay is random: 200 pages that lost the same
 * relay in the same instant come back spread out, at about 170 a second at worst.
 */
export function reconnectDelay({ attempt, refused = false, notBeforeMs = 0, random }: ReconnectSituation): number {
  const full = refused
    ? Math.min(2_000 * 2 ** attempt, 20_000)
    : attempt < BRISK_ATTEMPTS
      ? Math.min(600 * 1.6 ** attempt, 2_400)
      : 15_000;
  // The very first wait may be close to nothing: most losses are of one socket, not of the relay.
  const floor = attempt === 0 && !refused ? 0.1 : 0.5;
  return Math.round(notBeforeMs + full * (floor + (1 - floor) * random));
}

/**
 * Milliseconds to wait before another token is tried, after so many refused ones in a row. The first replacement is tried at once: a token
 * that ended while the device slept is the usual case. More of them look like a server that hands out bad ones.
 */
export function refusedTokenDelay(refusals: number, random: number): number {
  return refusals < 2 ? 0 : Math.round(Math.min(1_000 * 2 ** (refusals - 2), 15_000) * (0.75 + random / 2));
}
