import type { VoiceLevel } from '../../relay/protocol/messages.ts';

/** Lower bounds of the levels 1 to 4, in dB relative to full scale (root mean square). */
const BOUNDS_DB = [-50, -38, -28, -20] as const;
/** A level is left only this far below its bound, so that a voice at a bound does not flicker. */
const HYSTERESIS_DB = 4;
/** Gaps between words are no silence. */
const HOLD_MS = 400;
/** At most four reports a second. */
const REPORT_INTERVAL_MS = 250;

/** Turns loudness samples into a coarse speaking level that changes seldom. Pure: time comes with the samples. */
export class VoiceActivity {
  #level: VoiceLevel = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #loudAt = Number.NEGATIVE_INFINITY;

  get level(): VoiceLevel {
    return this.#level;
  }

  /**
   * @param rms root mean square of a short window, 0 to 1
   * @param now milliseconds on any steady clock
   * @returns the level when it changed and may be reported, else null
   */
  push(rms: number, now: number): VoiceLevel | null {
    const db = rms > 0 ? 20 * Math.log10(rms) : Number.NEGATIVE_INFINITY;
    const count = (offset: number): number => BOUNDS_DB.filter((bound) => db >= bound + offset).length;
    const rising = count(0);
    const holding = count(-HYSTERESIS_DB);
    if (holding >= this.#level) this.#loudAt = now;
    let next: number = this.#level;
    if (rising > next) next = rising;
    else if (holding < next && now - this.#loudAt >= HOLD_MS) next = holding;
    if (next === this.#level || now - this.#reportedAt < REPORT_INTERVAL_MS) return null;
    this.#level = next as VoiceLevel;
    this.#loudAt = now;
    this.#reportedAt = now;
    return this.#level;
  }

  /** Silence by decision (paused, stopped). @returns 0 when the level was another */
  reset(): VoiceLevel | null {
    this.#loudAt = this.#reportedAt = Number.NEGATIVE_INFINITY;
    if (this.#level === 0) return null;
    this.#level = 0;
    return 0;
  }
}
