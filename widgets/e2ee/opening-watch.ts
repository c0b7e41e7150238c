import type { Refusal } from './opener.ts';
import type { Opening } from './worker-messages.ts';

/** A few frames that cannot be opened, as after a switch, are nobody's business. */
const FAILURES = 5;
const FAILURES_MS = 500;

/** What becomes of frame after frame, as one word for people. */
export class OpeningWatch {
  readonly #tell: (opening: Opening) => void;
  #opening: Opening = 'waiting';
  #failures = 0;
  #failingSince = 0;

  constructor(tell: (opening: Opening) => void) {
    this.#tell = tell;
  }

  /** Another stream is expected: what was is past. */
  reset(): void {
    this.#opening = 'waiting';
    this.#failures = 0;
  }

  opened(how: 'open' | 'clear'): void {
    this.#failures = 0;
    this.#become(how);
  }

  /** @param now milliseconds, by a clock that never jumps */
  refused(why: Refusal, now: number): void {
    // What comes twice, or is no frame of ours, says nothing about keys.
    if (why === 'replayed' || why === 'malformed') return;
    if (this.#failures === 0) this.#failingSince = now;
    this.#failures += 1;
    if (this.#failures < FAILURES || now - this.#failingSince < FAILURES_MS) return;
    this.#become(why === 'unknown_key' ? 'key_missing' : 'cannot_decrypt');
  }

  #become(opening: Opening): void {
    if (opening === this.#opening) return;
    this.#opening = opening;
    this.#tell(opening);
  }
}
