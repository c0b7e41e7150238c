/** Folds an open bubble after a while, unless the user is at it. */
export class FoldTimer {
  readonly #fold: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param fold called when the time is over */
  constructor(fold: () => void) {
    this.#fold = fold;
  }

  /** @param folds whether an open bubble may fold now @param ms after so long; one that waits already waits on */
  look(folds: boolean, ms: number): void {
    if (!folds) {
      this.clear();
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#fold();
    }, ms);
  }

  /** Idempotent. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
