import { TokenBucket } from './token-bucket.ts';

/** Requests' worth of seconds that may be refused before it ends; they are forgiven again within a minute. */
const REFUSED_SECONDS = 5;
const FORGIVEN_IN_S = 60;

/** What becomes of a request: it passes, is refused for coming too fast, or is one too many of those: whoever sends it is ended. */
export type Pacing = 'pass' | 'refuse' | 'end';

/** How the requests of one page are paced. It belongs to whoever sends, not to a connection: a new one is no new allowance. */
export class RequestPace {
  readonly #requests: TokenBucket;
  /** Refusals that are still forgiven. They come back with time, never by good behaviour between two floods. */
  readonly #refusals: TokenBucket;

  /** @param perSecond requests in the long run, twice as many at once */
  constructor(perSecond: number) {
    const refusals = perSecond * REFUSED_SECONDS;
    this.#requests = new TokenBucket(perSecond);
    this.#refusals = new TokenBucket(refusals / FORGIVEN_IN_S, refusals);
  }

  take(): Pacing {
    if (this.#requests.take()) return 'pass';
    return this.#refusals.take() ? 'refuse' : 'end';
  }
}
