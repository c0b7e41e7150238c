import type { ProcessorTime } from './processor-time.ts';

/** Over how many readings, one a second, a share is taken: what is shorter is a moment, and no load. */
export const WINDOW_READINGS = 3;

/**
 * How busy a thread was lately: the processor time that it used, of what it could have had. Time in which it was ready and others
 * had the processor is neither: so it comes to 1 when the thread cannot do more, on a machine of its own and on one that is shared.
 */
export class BusyShare {
  readonly #readings: { readonly at: number; readonly time: ProcessorTime }[] = [];
  #ratio = 0;

  /** From 0 to 1. */
  get ratio(): number {
    return this.#ratio;
  }

  /** @param at milliseconds on a clock that never jumps */
  add(at: number, time: ProcessorTime): void {
    this.#readings.push({ at, time });
    if (this.#readings.length > WINDOW_READINGS + 1) this.#readings.shift();
    const [first] = this.#readings;
    if (first === undefined || at <= first.at) return;
    const used = Math.max(0, time.usedMs - first.time.usedMs);
    const waited = Math.max(0, time.waitedMs - first.time.waitedMs);
    this.#ratio = Math.min(1, used / Math.max(used, at - first.at - waited, 1));
  }
}
