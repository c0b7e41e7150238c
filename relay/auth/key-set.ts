import { createPublicKey, type KeyObject } from 'node:crypto';
import { JwksClient } from 'jwks-rsa';
import { z } from 'zod';
import { RelayError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { decodeText } from '../strict-text.ts';
import { goesWith } from './key-algorithms.ts';

/** How the key set is fetched and kept. Times are in milliseconds. */
export interface KeySetLimits {
  /** A fetch is given up after this long, however slowly the answer drips. */
  readonly timeoutMs: number;
  /** Keys older than this are fetched again, while they go on counting (RFC 5861: stale-while-revalidate). */
  readonly maxAgeMs: number;
  /** The last keys count for this long after `maxAgeMs`, if no fetch succeeds; then for nothing. */
  readonly staleMs: number;
  /** The least time between two fetches, so that made-up `kid`s cannot be turned into a flood on the server. */
  readonly cooldownMs: number;
  /** Tokens that wait for a fetch at the same time; half as many while there are keys, since made-up `kid`s come then. */
  readonly maxWaiting: number;
}

const LIMITS: KeySetLimits = {
  timeoutMs: 5_000,
  maxAgeMs: 600_000,
  staleMs: 3_600_000,
  cooldownMs: 10_000,
  maxWaiting: 500,
};

/** A key set larger than this is not read, in bytes. */
const MAX_KEY_SET_BYTES = 262_144;

/** Keys of one `kid` and algorithm that are tried for one token, so that a signature costs a bounded time. */
const MAX_SAME_KID = 4;

/** A key of the set: what verifies, and the one algorithm that it is meant for, if the set says so (RFC 7517, 4.4). */
export interface SetKey {
  readonly kid: string | null;
  readonly alg: string | null;
  readonly key: KeyObject;
}

/**
 * The host's JSON Web Key Set (RFC 7517). jwks-rsa reads the keys; this class keeps them as a whole set, because a cache per
 * `kid` could be filled, and its rate limit used up for everybody, by whoever sends tokens with made-up `kid`s.
 */
export class KeySet {
  readonly #url: string;
  readonly #limits: KeySetLimits;
  readonly #logger: Logger;
  #keys: readonly SetKey[] | null = null;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<boolean> | null = null;
  #waiting = 0;

  constructor(url: string, logger: Logger, limits: Partial<KeySetLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
    this.#logger = logger;
    this.#url = url;
  }

  /** Fetches the set ahead of the first token. A failure is logged. */
  async prepare(): Promise<void> {
    if (this.#keys === null) await this.#refresh();
  }

  /**
   * The keys that may have signed a token: those that its header names, as far as they go with its algorithm. Sets hold one
   * key several times under one `kid`, once for each algorithm, or keys of different types (RFC 7517, 4.5). When the header
   * names none, the only key of the set that goes with the algorithm. What is known is given at once, whatever the server does
   * meanwhile; only what is not known waits for a fetch.
   * @returns none when the named keys are for other algorithms
   * @throws RelayError token_key_unknown, token_keys_unavailable
   */
  async find(kid: string | undefined, alg: string): Promise<readonly KeyObject[]> {
    const known = this.#match(kid, alg);
    if (known) {
      if (this.#age() > this.#limits.maxAgeMs) void this.#refresh();
      return known;
    }
    // A new key is published before it is used, so an unknown `kid` is worth one look.
    const found = (await this.#waitForRefresh()) ? this.#match(kid, alg) : undefined;
    if (found) return found;
    if (this.#usable() === null) {
      throw new RelayError(
        'token_keys_unavailable',
        'The keys to verify tokens with cannot be fetched just now. Try again later.',
      );
    }
    throw new RelayError(
      'token_key_unknown',
      kid === undefined
        ? 'The token names no key (kid), and the key set holds more than one.'
        : 'The token names a key (kid) that the key set does not hold.',
    );
  }

  #age(): number {
    return performance.now() - this.#fetchedAt;
  }

  #usable(): readonly SetKey[] | null {
    return this.#age() <= this.#limits.maxAgeMs + this.#limits.staleMs ? this.#keys : null;
  }

  #match(kid: string | undefined, alg: string): readonly KeyObject[] | undefined {
    const keys = this.#usable() ?? [];
    const named = kid === undefined ? keys : keys.filter((key) => key.kid === kid);
    const fitting = named.filter((key) => (key.alg === null || key.alg === alg) && goesWith(key.key, alg));
    if (kid === undefined) {
      if (fitting.length === 1) return fitting.map(({ key }) => key);
      return keys.length === 1 ? [] : undefined;
    }
    return named.length === 0 ? undefined : fitting.slice(0, MAX_SAME_KID).map(({ key }) => key);
  }

  /** Waits for a fetch among a bounded number of others. @throws RelayError token_keys_unavailable when there are too many */
  async #waitForRefresh(): Promise<boolean> {
    const places = this.#usable() === null ? this.#limits.maxWaiting : Math.floor(this.#limits.maxWaiting / 2);
    if (this.#fetching && this.#waiting >= places) {
      throw new RelayError(
        'token_keys_unavailable',
        'The key of this token is not known, and too many others wait for the key set. Try again later.',
      );
    }
    this.#waiting += 1;
    try {
      return await this.#refresh();
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Fetches, unless that was tried just now; whoever comes meanwhile waits for the same answer. True: there are fresh keys. */
  #refresh(): Promise<boolean> {
    if (this.#fetching) return this.#fetching;
    if (performance.now() - this.#triedAt < this.#limits.cooldownMs) return Promise.resolve(false);
    this.#triedAt = performance.now();
    this.#fetching = this.#fetch().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<boolean> {
    try {
      this.#keys = await fetchKeys(this.#url, this.#limits.timeoutMs);
      this.#fetchedAt = performance.now();
      this.#logger.debug({ keys: this.#keys.length }, 'key set fetched');
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#logger.warn(
        { reason: message, usingOldKeys: this.#usable() !== null },
        'JWKS_URL: the key set could not be fetched',
      );
      return false;
    }
  }
}

/** Members that are no object (null, in sets that were written by hand) are left out, as RFC 7517, 5 has it for keys not understood. */
const keySetDocument = z.object({
  keys: z
    .array(z.unknown())
    .max(1000)
    .transform((keys): unknown[] =>
      keys.filter((key) => typeof key === 'object' && key !== null && !Array.isArray(key)),
    ),
});

/**
 * The keys of the set at this URL. jwks-rsa reads them.
 * @param timeoutMs the fetch is given up after this long
 * @throws Error that says what is wrong with the server, its answer, or a key
 */
export async function fetchKeys(url: string, timeoutMs: number): Promise<SetKey[]> {
  const client = new JwksClient({
    jwksUri: url,
    cache: false,
    rateLimit: false,
    fetcher: (uri) => fetchKeySet(uri, timeoutMs),
  });
  const keys = await client.getSigningKeys();
  return keys.map((key) => ({
    // jwks-rsa's types promise both, but leave them out when the set does.
    kid: key.kid ?? null,
    alg: key.alg ?? null,
    key: createPublicKey(key.getPublicKey()),
  }));
}

/** jwks-rsa's own request has no limit on size or total time. Redirects are refused: the configured URL is the trusted one. */
async function fetchKeySet(url: string, timeoutMs: number): Promise<{ keys: unknown }> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new Error(`the server answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_KEY_SET_BYTES) throw new Error(`the key set is larger than ${MAX_KEY_SET_BYTES} bytes`);
    chunks.push(chunk);
  }
  const { keys } = keySetDocument.parse(JSON.parse(decodeText(Buffer.concat(chunks), { mark: 'drop' })));
  return { keys };
}
