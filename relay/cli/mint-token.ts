import jwt from 'jsonwebtoken';
import { readReader, readVisitor } from '../auth/token-claims.ts';
import type { AuthConfig } from '../config/shape.ts';

interface Named {
  readonly sub: string;
  readonly name: string;
  /** Streams sealed from end to end, and no others. */
  readonly e2ee?: 'required';
}

/** Who a token is for. */
export type Person =
  | (Named & { readonly role: 'commercial'; readonly equipe: string })
  | (Named & { readonly role: 'admin'; readonly equipes: readonly string[]; readonly whisper?: true });

/** The same, or of whoever is to open the page /doctor, or to read the audit trail of some teams, and nothing else. */
export type TokenBearer =
  | Person
  | { readonly role: 'doctor'; readonly sub: string }
  | { readonly role: 'auditor'; readonly sub: string; readonly equipes: readonly string[] };

/** There can be no token; the message says why. */
export class MintError extends Error {
  override readonly name = 'MintError';
}

/**
 * Signs a token for the relay with this configuration, as the host's server would: with its secret, issuer and audience.
 * @param lifetimeS seconds from now
 * @throws MintError when the relay has no secret, but only what verifies; RelayError when the claims could not be accepted
 */
export function mintToken(auth: AuthConfig, bearer: TokenBearer, lifetimeS: number): string {
  if (auth.key.kind !== 'secret') {
    throw new MintError(
      'This relay has a public key, which only verifies. Tokens come from whoever has the private one: your server or your identity provider.',
    );
  }
  const algorithm = HMAC.find((name) => auth.algorithms.includes(name));
  if (algorithm === undefined) throw new MintError('JWT_ALGORITHMS has no algorithm for a secret.');
  const claims = {
    ...bearer,
    ...(auth.issuer === null ? {} : { iss: auth.issuer }),
    ...(auth.audience === null ? {} : { aud: auth.audience }),
    exp: Math.floor(Date.now() / 1000) + lifetimeS,
  };
  if (bearer.role === 'auditor') readReader(claims);
  else readVisitor(claims);
  return jwt.sign(claims, auth.key.secret, { algorithm });
}

const HMAC = ['HS256', 'HS384', 'HS512'] as const;
