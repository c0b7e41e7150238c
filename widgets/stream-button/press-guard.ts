/** What a press on one of the button's controls does to the microphone. */
export type Press = 'open' | 'close';

/** After a stop (or a pause) nothing opens the microphone for this long: a second tap was meant for the first. */
const AFTER_CLOSE_MS = 800;
/** A second tap this soon after the one that opened the microphone is the same wish, not a stop. */
const DOUBLE_MS = 300;

/**
 * Two taps where one was meant must not leave somebody live. Clicks of a pointer, of a key and of assistive technology are alike. What
 * ends a stream is taken at once; what opens the microphone is not taken right after it ended, whoever ended it.
 */
export class PressGuard {
  readonly #now: () => number;
  #openedAt = Number.NEGATIVE_INFINITY;
  #closedAt = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds on a clock that nobody sets, as of `performance.now()` */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns whether this press counts */
  take(press: Press): boolean {
    const now = this.#now();
    if (press === 'close') {
      if (now - this.#openedAt < DOUBLE_MS) return false;
      this.#closedAt = now;
      return true;
    }
    if (now - this.#closedAt < AFTER_CLOSE_MS) return false;
    this.#openedAt = now;
    return true;
  }

  /** The microphone was closed by something else: the host, the relay, the pause button. A tap may have been on its way to do the same. */
  closed(): void {
    this.#closedAt = this.#now();
  }
}
