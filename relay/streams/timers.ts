/** A timer that has been set. */
export interface Timer {
  /** Idempotent; also after it rang. */
  cancel(): void;
}

/** The longest delay that setTimeout takes; a longer one would ring at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * One owner for all timers of the relay's state: they never keep the process alive, can be counted (a leak shows), and end
 * together.
 */
export class TimerSet {
  readonly #pending = new Set<Timer>();

  /** Timers that are set and have not rung. */
  get size(): number {
    return this.#pending.size;
  }

  /** Rings once after `delayMs` milliseconds; any length, a negative one counts as 0. */
  after(delayMs: number, ring: () => void): Timer {
    const due = performance.now() + delayMs;
    let handle: NodeJS.Timeout;
    const timer: Timer = {
      cancel: () => {
        if (this.#pending.delete(timer)) clearTimeout(handle);
      },
    };
    const wait = (remainingMs: number): void => {
      handle = setTimeout(
        () => {
          if (remainingMs > MAX_DELAY_MS) {
            wait(due - performance.now());
          } else {
            this.#pending.delete(timer);
            ring();
          }
        },
        Math.min(Math.max(remainingMs, 0), MAX_DELAY_MS),
      );
      handle.unref();
    };
    this.#pending.add(timer);
    wait(delayMs);
    return timer;
  }

  /** Cancels every timer. */
  clear(): void {
    for (const timer of this.#pending) timer.cancel();
  }
}
