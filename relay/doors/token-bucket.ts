/** Lets `perSecond` units pass in the long run, and `burst` at once after a pause. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #now: () => number;
  #tokens: number;
  #filledAt: number;

  /**
   * @param burst how much passes at once after a pause; twice the rate when it is not given
   * @param now milliseconds of a clock that never jumps
   */
  constructor(perSecond: number, burst = perSecond * 2, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#now = now;
    this.#tokens = burst;
    this.#filledAt = now();
  }

  /** Whether `units` more may pass now. What may not pass takes nothing away. */
  take(units = 1): boolean {
    const now = this.#now();
    const earned = ((now - this.#filledAt) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned);
    this.#filledAt = now;
    if (this.#tokens < units) return false;
    this.#tokens -= units;
    return true;
  }
}
