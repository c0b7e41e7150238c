/** Length of a frame of either envelope, in milliseconds. */
export const ECHO_FRAME_MS = 50;
/** As far behind what was played can be heard: output, room, microphone and the browser's own buffers. In frames, as all below. */
const LONGEST_LAG = 500 / ECHO_FRAME_MS;
/** For so long it must be found again with each frame. */
const LASTING = 1_000 / ECHO_FRAME_MS;
/**
 * How well the newest so many frames must match (Pearson). Two people who speak at once match by 0.6 for a second again and again; the fewer frames, the
 * better a match must be to say something. Measured with synthetic and spoken voices: echo-guard.test.ts.
 */
const TRIALS = [
  { frames: 1_000 / ECHO_FRAME_MS, match: 0.95 },
  { frames: 2_000 / ECHO_FRAME_MS, match: 0.8 },
  { frames: 3_000 / ECHO_FRAME_MS, match: 0.7 },
] as const;
const LONGEST = TRIALS[2].frames;
/** Root mean squares below these, of full scale, are no voice: nothing is played; the microphone has nothing but its own noise. */
const PLAYED_FLOOR = 0.004;
const HEARD_FLOOR = 0.0015;
/** Of a sum of squares: less is rounding. */
const LEAST_ENERGY = 1e-9;

/**
 * Finds what is played into an ear in what the microphone hears: then it was no ear, but a loudspeaker, and people at the door hear it too. It compares the
 * envelopes, which survive a loudspeaker, a room and an echo canceller that takes out only a part. Echo is always as late as before: a match that jumps
 * from one lag to another is of two people who happen to speak at the same pace.
 */
export class EchoGuard {
  /** Nothing was played before. */
  readonly #played: number[] = Array.from({ length: LONGEST_LAG }, () => PLAYED_FLOOR);
  readonly #heard: number[] = [];
  #lag = 0;
  #lasting = 0;

  /**
   * The next frame of both, of `ECHO_FRAME_MS` each, in root mean squares (0 to 1).
   * @returns true when the echo has been there for a second
   */
  push(played: number, heard: number): boolean {
    keep(this.#played, Math.max(played, PLAYED_FLOOR), LONGEST + LONGEST_LAG);
    keep(this.#heard, Math.max(heard, HEARD_FLOOR), LONGEST);
    const lag = this.#found();
    if (lag === null) this.#lasting = 0;
    else if (this.#lasting > 0 && Math.abs(lag - this.#lag) <= 1) this.#lasting += 1;
    else {
      this.#lasting = 1;
      this.#lag = lag;
    }
    return this.#lasting >= LASTING;
  }

  /** The lag of the best match that is good enough, or null. */
  #found(): number | null {
    let best = { lag: -1, margin: 0 };
    for (const { frames, match } of TRIALS) {
      if (this.#heard.length < frames) break;
      const heard = this.#heard.slice(-frames);
      for (let lag = 0; lag <= LONGEST_LAG; lag += 1) {
        const end = this.#played.length - lag;
        const margin = correlation(this.#played.slice(end - frames, end), heard) - match;
        if (margin > best.margin) best = { lag, margin };
      }
    }
    return best.lag < 0 ? null : best.lag;
  }
}

function keep(frames: number[], next: number, most: number): void {
  frames.push(next);
  if (frames.length > most) frames.shift();
}

/** Pearson's; 0 where one of the two does not change. Without arrays in between: it is computed 33 times for each frame. */
function correlation(a: readonly number[], b: readonly number[]): number {
  let sumA = 0;
  let sumB = 0;
  for (let i = 0; i < a.length; i += 1) {
    sumA += a[i] ?? 0;
    sumB += b[i] ?? 0;
  }
  let energyA = 0;
  let energyB = 0;
  let product = 0;
  for (let i = 0; i < a.length; i += 1) {
    const x = (a[i] ?? 0) - sumA / a.length;
    const y = (b[i] ?? 0) - sumB / a.length;
    energyA += x * x;
    energyB += y * y;
    product += x * y;
  }
  const size = Math.sqrt(energyA * energyB);
  return size > LEAST_ENERGY ? product / size : 0;
}
