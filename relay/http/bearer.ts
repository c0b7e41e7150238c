import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { RelayError } from '../errors.ts';

/**
 * The token of `Authorization: Bearer …` (RFC 6750, 2.1); null when there is no such header. Tokens in the query are not read:
 * URLs end up in logs.
 * @throws RelayError token_malformed when the header holds something else
 */
export function bearerToken(req: Request): string | null {
  const header = req.headers.authorization;
  if (header === undefined) return null;
  const match = /^Bearer +(\S+) *$/i.exec(header);
  if (!match?.[1]) throw new RelayError('token_malformed', 'The Authorization header must be: Bearer TOKEN.');
  return match[1];
}

/** Compares two secrets in a time that does not depend on where they differ. */
function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Lets through who sends this token as a Bearer. @throws RelayError token_missing, token_malformed, token_signature_invalid */
export function requireToken(req: Request, token: string): void {
  const given = bearerToken(req);
  if (given === null) throw new RelayError('token_missing', 'This needs Authorization: Bearer METRICS_TOKEN.');
  if (!sameSecret(given, token)) throw new RelayError('token_signature_invalid', 'This is not the METRICS_TOKEN.');
}
