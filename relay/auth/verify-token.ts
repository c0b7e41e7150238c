import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { type AuthConfig, JWT_ALGORITHMS } from '../config/shape.ts';
import { RelayError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { decodeText, reasonOf } from '../strict-text.ts';
import { KeySet, type KeySetLimits } from './key-set.ts';
import { misreadDate, readClaims, readReader, readVisitor } from './token-claims.ts';
import type { TokenVerifier, VerifiedReader, VerifiedUser, VerifiedVisitor } from './user.ts';

/** Tokens that live longer are told of. */
const LONG_LIFE_DAYS = 31;

/** The longest token that is read, in bytes. */
export const MAX_TOKEN_BYTES = 8192;

/** `crit` names extensions that must be understood (RFC 7515, 4.1.11); none is, so a token that has it is refused. */
const tokenHeader = z.object({
  alg: z.string().max(16),
  kid: z.string().max(256).optional(),
  crit: z.undefined().optional(),
});

/** What jsonwebtoken's messages begin with, and the codes for them. It has no other mark to tell these errors apart by. */
const CODE_OF_MESSAGE: readonly (readonly [start: string, code: ErrorCode])[] = [
  ['jwt audience invalid', 'token_audience_mismatch'],
  ['jwt issuer invalid', 'token_issuer_mismatch'],
  ['invalid signature', 'token_signature_invalid'],
  ['jwt signature is required', 'token_signature_invalid'],
  ['invalid algorithm', 'token_algorithm_not_allowed'],
  ['invalid nbf value', 'token_claims_invalid'],
  ['invalid exp value', 'token_claims_invalid'],
];

const TEXT: Partial<Record<ErrorCode, string>> = {
  token_malformed: 'The token is not a JSON Web Token.',
  token_signature_invalid: 'The token’s signature does not match the key that the relay is configured with.',
  token_expired: 'The token has expired. Set a fresh one.',
  token_not_yet_valid: 'The token is not valid yet. Compare the clocks of the server that made it and of the relay.',
  token_issuer_mismatch: 'The token’s issuer (iss) is not the one that the relay is configured for (JWT_ISSUER).',
  token_audience_mismatch: 'The token’s audience (aud) does not name this relay (JWT_AUDIENCE).',
  token_claims_invalid: 'The token’s claims exp and nbf must be numbers, not texts: seconds since 1970.',
};

/** Verifies the host's tokens (RFC 7519) with the configured secret, public key or key set, and reads their claims. */
export class JwtVerifier implements TokenVerifier {
  readonly #config: AuthConfig;
  readonly #algorithms: jwt.Algorithm[];
  readonly #fixedKey: KeyObject | null;
  readonly #keySet: KeySet | null;
  readonly #logger: Logger;
  #toldOfLongLife = false;

  /** @param keySetLimits how a `jwks` key is fetched and waited for, where it differs from the usual */
  constructor(config: AuthConfig, logger: Logger, keySetLimits: Partial<KeySetLimits> = {}) {
    const { key } = config;
    this.#config = config;
    this.#logger = logger;
    this.#algorithms = config.algorithms.filter(isAlgorithm);
    // A KeyObject knows whether it is secret or public, so a public key can never be taken for an HMAC secret.
    this.#fixedKey =
      key.kind === 'secret'
        ? createSecretKey(key.secret, 'utf8')
        : key.kind === 'public-key'
          ? createPublicKey(key.pem)
          : null;
    this.#keySet = key.kind === 'jwks' ? new KeySet(key.url, logger, keySetLimits) : null;
  }

  /** @throws RelayError with a `token_…` code; its text never holds the token or a claim's value */
  verify(token: unknown): Promise<VerifiedUser> {
    return this.#verify(token, readClaims);
  }

  /** For the loop-back. @throws RelayError as `verify` does */
  verifyVisitor(token: unknown): Promise<VerifiedVisitor> {
    return this.#verify(token, readVisitor);
  }

  /** For the audit trail. @throws RelayError as `verify` does */
  verifyReader(token: unknown): Promise<VerifiedReader> {
    return this.#verify(token, readReader);
  }

  async #verify<T extends { readonly expiresAt: number }>(token: unknown, read: (payload: unknown) => T): Promise<T> {
    if (token === undefined || token === null || token === '') {
      throw new RelayError('token_missing', 'There is no token. Set the token attribute.');
    }
    if (typeof token !== 'string') throw new RelayError('token_malformed', 'The token must be a string.');
    if (Buffer.byteLength(token) > MAX_TOKEN_BYTES) {
      throw new RelayError('token_malformed', `The token is longer than ${MAX_TOKEN_BYTES} bytes.`);
    }
    // The algorithm is judged before any key is looked up, so that a token that cannot pass costs no fetch.
    const header = this.#readHeader(token);
    const claims = read(this.#verifySignature(token, await this.#keysFor(header)));
    this.#tellOfLongLife(claims.expiresAt);
    // With the tolerance, so that a token that is accepted has not ended already.
    return { ...claims, expiresAt: claims.expiresAt + this.#config.clockToleranceS * 1000 };
  }

  #readHeader(token: string): { alg: string; kid: string | undefined } {
    const decoded = token.split('.').length === 3 ? decode(token) : null;
    if (!decoded) throw new RelayError('token_malformed', TEXT.token_malformed ?? '');
    const header = tokenHeader.safeParse(decoded.header);
    if (!header.success) {
      const fields = header.error.issues.map((issue) => issue.path.join('.')).join(', ');
      throw new RelayError('token_malformed', `The token's header cannot be used: ${fields}.`);
    }
    // Only a reader that lets bytes pass which are no UTF-8 takes two different persons for one.
    for (const part of token.split('.', 2)) decodePart(part);
    const { alg, kid } = header.data;
    if (!this.#algorithms.some((allowed) => allowed === alg)) this.#refuseAlgorithm();
    return { alg, kid };
  }

  async #keysFor({ alg, kid }: { alg: string; kid: string | undefined }): Promise<readonly KeyObject[]> {
    if (this.#fixedKey) return [this.#fixedKey];
    if (!this.#keySet) throw new Error('A verifier has a key or a key set.');
    const found = await this.#keySet.find(kid, alg);
    // A key serves one algorithm if the set says so; the token does not choose (RFC 8725, 3.1).
    if (found.length === 0) this.#refuseAlgorithm();
    return found;
  }

  /** Once: whoever holds such a token is let in until it ends, also after leaving the company. */
  #tellOfLongLife(expiresAt: number): void {
    const days = Math.floor((expiresAt - Date.now()) / 86_400_000);
    if (this.#toldOfLongLife || days <= LONG_LIFE_DAYS) return;
    this.#toldOfLongLife = true;
    this.#logger.warn(
      { days },
      'tokens are accepted that are valid for very long; 10 minutes are enough, since pages ask for new ones',
    );
  }

  /** Fetches the keys of a key set ahead of the first token; without one there is nothing to prepare. Never fails. */
  async prepare(): Promise<void> {
    await this.#keySet?.prepare();
  }

  /** Several keys may have one `kid` (RFC 7517, 4.5): one of them must fit. */
  #verifySignature(token: string, keys: readonly KeyObject[]): unknown {
    const last = keys.length - 1;
    for (const key of keys.slice(0, last)) {
      try {
        return this.#verifyWith(token, key);
      } catch (error) {
        if (!(error instanceof RelayError) || error.code !== 'token_signature_invalid') throw error;
      }
    }
    const key = keys[last];
    if (!key) throw new Error('There is a key, or the token was refused before.');
    return this.#verifyWith(token, key);
  }

  #verifyWith(token: string, key: KeyObject): unknown {
    const { issuer, audience, clockToleranceS } = this.#config;
    try {
      return jwt.verify(token, key, {
        algorithms: this.#algorithms,
        clockTolerance: clockToleranceS,
        ...(issuer === null ? {} : { issuer }),
        ...(audience === null ? {} : { audience }),
      });
    } catch (error) {
      const code = codeOf(error);
      if (code === 'token_algorithm_not_allowed') this.#refuseAlgorithm();
      if (code === 'token_not_yet_valid') refuseMilliseconds(token);
      throw new RelayError(code, TEXT[code] ?? '', { cause: error });
    }
  }

  #refuseAlgorithm(): never {
    throw new RelayError(
      'token_algorithm_not_allowed',
      `The token is signed with an algorithm that is not accepted here. Accepted: ${this.#algorithms.join(', ')}.`,
    );
  }
}

function decode(token: string): jwt.Jwt | null {
  try {
    return jwt.decode(token, { complete: true });
  } catch {
    return null;
  }
}

/** @throws RelayError token_malformed when a part of a token is no UTF-8 (RFC 7519, 7.2) */
function decodePart(part: string): void {
  try {
    decodeText(Buffer.from(part, 'base64url'), { mark: 'refuse' });
  } catch (error) {
    throw new RelayError('token_malformed', `A part of the token ${reasonOf(error)}`, { cause: error });
  }
}

/** A date in milliseconds lies far in the future; the clocks, of which one would be told, are not the matter then. */
function refuseMilliseconds(token: string): void {
  const payload = decode(token)?.payload;
  const nbf = typeof payload === 'object' ? payload.nbf : undefined;
  const problem = typeof nbf === 'number' ? misreadDate(nbf) : null;
  if (problem !== null)
    throw new RelayError('token_claims_invalid', `The token's claims cannot be used: nbf: ${problem}.`);
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof jwt.TokenExpiredError) return 'token_expired';
  if (error instanceof jwt.NotBeforeError) return 'token_not_yet_valid';
  if (!(error instanceof Error)) return 'token_malformed';
  const known = CODE_OF_MESSAGE.find(([start]) => error.message.startsWith(start));
  if (known) return known[1];
  // A key of another type than the algorithm asks for (an RSA key with ES256), which jsonwebtoken says in several ways.
  if (/alg|key type|curve|asymmetric key|symmetric key/i.test(error.message)) return 'token_algorithm_not_allowed';
  return 'token_malformed';
}

function isAlgorithm(name: string): name is jwt.Algorithm {
  return JWT_ALGORITHMS.some((algorithm) => algorithm === name);
}
