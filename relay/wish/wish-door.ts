import type { Request } from 'express';
import type { TokenVerifier, VerifiedUser } from '../auth/user.ts';
import { TokenBucket } from '../doors/token-bucket.ts';
import { RelayError } from '../errors.ts';
import { bearerToken } from '../http/bearer.ts';
import type { Measures } from '../measures/measures.ts';
import { addressOf } from '../signalling/peer-address.ts';

/** Requests of one address in the long run a second, and at once: all devices of an office may share one. */
const PER_SECOND = 10;
const AT_ONCE = 100;
/** An address that has sent nothing for so long is forgotten. */
const KEPT_MS = 60_000;

/** What the door is made with. */
export interface WishDoorOptions {
  readonly verifier: Pick<TokenVerifier, 'verify'>;
  readonly trustedProxies: number;
  /** Tokens that are verified at the same time. */
  readonly pendingHandshakes: number;
  readonly measures: Measures;
}

/** Who may speak WHIP and WHEP at all: so many requests of an address, each with a token. */
export class WishDoor {
  readonly #options: WishDoorOptions;
  /** The one that sent something last stands last. */
  readonly #paces = new Map<string, { readonly bucket: TokenBucket; at: number }>();
  #beingVerified = 0;

  constructor(options: WishDoorOptions) {
    this.#options = options;
  }

  /** Addresses that are remembered, for leak tests. */
  get tracked(): number {
    return this.#paces.size;
  }

  /** @throws RelayError rate_limited, token_… */
  async admit(req: Request): Promise<VerifiedUser> {
    const { trustedProxies, measures, pendingHandshakes, verifier } = this.#options;
    if (!this.#paceOf(addressOf(req, trustedProxies)).take()) {
      measures.rateLimited('address');
      throw new RelayError('rate_limited', 'Too many requests from this address.');
    }
    if (this.#beingVerified >= pendingHandshakes) {
      measures.rateLimited('handshakes');
      throw new RelayError('rate_limited', 'Too many tokens are being verified at this moment.');
    }
    this.#beingVerified += 1;
    try {
      const token = bearerToken(req);
      if (token === null) throw new RelayError('token_missing', 'This needs Authorization: Bearer TOKEN.');
      return await verifier.verify(token);
    } finally {
      this.#beingVerified -= 1;
    }
  }

  #paceOf(address: string): TokenBucket {
    const now = performance.now();
    for (const [each, { at }] of this.#paces) {
      if (now - at < KEPT_MS) break;
      this.#paces.delete(each);
    }
    const pace = this.#paces.get(address) ?? { bucket: new TokenBucket(PER_SECOND, AT_ONCE), at: now };
    pace.at = now;
    this.#paces.delete(address);
    this.#paces.set(address, pace);
    return pace.bucket;
  }
}
