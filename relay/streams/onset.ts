import type { Measures } from '../measures/measures.ts';
import type { HearingCause } from '../measures/words.ts';
import type { PageTrace, Stretch } from '../tracing/page-trace.ts';

/** What the wait for a first packet is judged by. */
export interface OnsetFacts {
  /** The commercial is live, the admin may hear, and the admin's page is there: what is missing is up to the relay and the pages. */
  readonly due: boolean;
  /** The commercial has paused. */
  readonly paused: boolean;
  /** Packets of what is carried now have been sent to the admin's page. */
  readonly sending: boolean;
}

/** Measures how long an admin waits for the first packet: at the selection, after a pause, and after a fault. */
export class Onset {
  readonly #measures: Measures;
  readonly #facts: () => OnsetFacts;
  /** Why the next wait will be one. */
  #next: HearingCause;
  #waiting: { readonly since: number; readonly cause: HearingCause; readonly stretch: Stretch } | null = null;
  readonly #trace: PageTrace;
  #ended = false;

  /** @param trace the admin's page's */
  constructor(measures: Measures, trace: PageTrace, first: 'first' | 'switch' | 'restart', facts: () => OnsetFacts) {
    this.#measures = measures;
    this.#trace = trace;
    this.#next = first;
    this.#facts = facts;
  }

  /** Something may have changed. */
  look(): void {
    if (this.#ended) return;
    const { due, paused, sending } = this.#facts();
    if (due && sending) {
      this.#heard();
      return;
    }
    if (due) {
      this.#waiting ??= {
        since: performance.now(),
        cause: this.#next,
        stretch: this.#trace.start('selection', { 'prospect.cause': this.#next }),
      };
      return;
    }
    this.#missed();
    if (paused && this.#next === 'restart') this.#next = 'resume';
  }

  /** The selection is over. Idempotent. */
  end(): void {
    this.#ended = true;
    this.#missed();
  }

  #heard(): void {
    if (this.#waiting) {
      const { cause, since, stretch } = this.#waiting;
      this.#measures.firstPacket(cause, performance.now() - since);
      stretch.end();
    }
    this.#waiting = null;
    this.#next = 'restart';
  }

  #missed(): void {
    if (this.#waiting) {
      this.#measures.firstPacketMissed(this.#waiting.cause);
      this.#waiting.stretch.fail('no_packet');
    }
    this.#waiting = null;
  }
}
