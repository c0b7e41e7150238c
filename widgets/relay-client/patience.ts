/** An attempt that takes longer is given up: in a dead spot the next one finds the network sooner than TCP's own retries. */
const OPEN_MS = 5_000;
/** From the start of an attempt to `session:ready`: a relay may have to fetch keys before it lets the page in. */
const READY_MS = 15_000;
/** Each attempt that ran out of time gets half as long again, up to this many times. */
const GROWTH = 1.5;
const LONGEST_FACTOR = 5;
/** A connection takes about so many round trips: TCP, TLS, the upgrade to WebSocket, Engine.IO's and Socket.IO's openings. */
const ROUND_TRIPS_TO_READY = 6;

/**
 * How long the page waits for the relay. Where a round trip takes two seconds, a fixed patience would give up each attempt just before
 * its end, for ever: so it grows with each attempt that ran out of time, and follows the time that the last connection took.
 */
export class Patience {
  #factor = 1;
  /** What a round trip takes, as far as it was seen; milliseconds. */
  #roundTripMs = 0;

  /** For a socket to open, in milliseconds. */
  get openMs(): number {
    return OPEN_MS * this.#factor;
  }

  /** From the start of an attempt to `session:ready`, in milliseconds. */
  get readyMs(): number {
    return READY_MS * this.#factor;
  }

  /** For the answer to a request that usually gets `usualMs` milliseconds. */
  answerMs(usualMs: number): number {
    return Math.max(usualMs, 4 * this.#roundTripMs);
  }

  /** An attempt ran out of time. */
  ranOut(): void {
    this.#factor = Math.min(this.#factor * GROWTH, LONGEST_FACTOR);
  }

  /** An attempt came to `session:ready` after so many milliseconds. The patience that this took is kept for the next ones. */
  connected(tookMs: number): void {
    this.#roundTripMs = tookMs / ROUND_TRIPS_TO_READY;
    this.#factor = Math.min(LONGEST_FACTOR, Math.max(1, (2 * tookMs) / OPEN_MS));
  }
}
