import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** Between two looks. What lasts as long is never missed; looking more often would wake the process for nothing. */
const RESOLUTION_MS = 200;
/** For how many readings the longest delay is told, so that a scrape every 15 s misses none. */
const TOLD_FOR_READINGS = 15;
/**
 * Over so many readings the share is taken; seconds before the process began count as idle. A crowd that comes at once (a restart, nine
 * o'clock) keeps the process busy for some seconds and is then done: that is no overload, while ten seconds without a pause are.
 */
const WINDOW_READINGS = 10;

/** How busy this process's event loop is. */
export class EventLoop {
  readonly #delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #longest: number[] = [];
  readonly #utilizations: EventLoopUtilization[] = [];
  #ratio = 0;

  constructor() {
    this.#delays.enable();
  }

  /** The share of the last ten seconds in which it had something to do, from 0 to 1. */
  get ratio(): number {
    return this.#ratio;
  }

  /** The longest that something due had to wait, in the last fifteen seconds; in seconds. */
  get lagSeconds(): number {
    return Math.max(0, ...this.#longest) / 1_000;
  }

  /** To be called once a second. */
  look(): void {
    const now = performance.eventLoopUtilization();
    this.#utilizations.push(now);
    if (this.#utilizations.length > WINDOW_READINGS + 1) this.#utilizations.shift();
    const [first = now] = this.#utilizations;
    // Of no time at all there is no share.
    const utilization = first === now ? 0 : performance.eventLoopUtilization(now, first).utilization;
    this.#ratio = (utilization * (this.#utilizations.length - 1)) / WINDOW_READINGS;
    // The histogram has the time from one look to the next, as they were meant to be included.
    this.#longest.push(this.#delays.count > 0 ? Math.max(0, this.#delays.max / 1e6 - RESOLUTION_MS) : 0);
    if (this.#longest.length > TOLD_FOR_READINGS) this.#longest.shift();
    this.#delays.reset();
  }

  /** Idempotent. */
  close(): void {
    this.#delays.disable();
  }
}
