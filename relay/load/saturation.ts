import type { Room } from './room.ts';

/** At this part of the limit there is room again, so that the answer does not change with every reading. */
const RELIEF = 0.85;
/** The least that one more costs, as a share of a processor. Measured: 0.9 ms a second for a listener of 20 ms packets. */
const LEAST_COST = 0.001;
/** Of fewer than these the cost of one cannot be told from that of the process itself. */
const TELLING_NUMBER = 50;
/** So long it takes until one more is seen in the readings, in milliseconds. */
const UNSEEN_MS = 3_000;

/**
 * Whether something that gets busier with each of its users takes one more: not from the limit on, until it has come down well below it;
 * and not so many at once that it would pass the limit before the readings show them.
 */
export class Saturation implements Room {
  readonly #limit: number;
  readonly #now: () => number;
  /** When those were let in whom the readings do not show in full yet. */
  readonly #unseen: number[] = [];
  #ratio = 0;
  #cost = LEAST_COST;
  #full = false;

  /**
   * @param limit the load from which on nobody new is taken, from 0 to 1; 0: everybody is taken
   * @param now milliseconds on a clock that never jumps
   */
  constructor(limit: number, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
  }

  /** As measured last, from 0 to 1. */
  get ratio(): number {
    return this.#ratio;
  }

  /** Nobody new is taken because of what was measured. */
  get full(): boolean {
    return this.#full;
  }

  /** Below the load at which a full one would have room again: who comes now leaves room for others. */
  get spare(): boolean {
    return this.#limit === 0 || (!this.#full && this.expected < this.#limit * RELIEF);
  }

  /** What it will come to with those who were let in just now. */
  get expected(): number {
    const seenBefore = this.#now() - UNSEEN_MS;
    while ((this.#unseen[0] ?? Number.POSITIVE_INFINITY) <= seenBefore) this.#unseen.shift();
    return this.#ratio + this.#unseen.length * this.#cost;
  }

  /** @param users how many use it, all of whom have their part in the load */
  measured(ratio: number, users: number): void {
    this.#ratio = ratio;
    this.#cost = Math.max(LEAST_COST, ratio / Math.max(users, TELLING_NUMBER));
    this.#full = this.#limit > 0 && ratio >= this.#limit * (this.#full ? RELIEF : 1);
  }

  take(): boolean {
    if (this.#full || (this.#limit > 0 && this.expected >= this.#limit)) return false;
    this.#unseen.push(this.#now());
    return true;
  }
}
