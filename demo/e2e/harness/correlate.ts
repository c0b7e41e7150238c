/** Compares what was heard with what was said, by the shape of the loudness over time. Pure. */
import type { Sound } from './wav.ts';

/** Length of one envelope frame, in milliseconds. */
export const FRAME_MS = 10;
/** Shorter recordings match too easily somewhere in a long one. */
const SHORTEST_FRAMES = 300;

/** The best match of a recording in a looped original. */
export interface Match {
  /** Pearson correlation of the two envelopes, -1 to 1; 1: the same shape. */
  readonly peak: number;
  /** Where in the original the recording begins, in milliseconds. */
  readonly offsetMs: number;
}

/** Root mean square of every 10 ms. A last incomplete frame is left out. */
export function envelope({ rate, samples }: Sound): Float64Array {
  const size = Math.round((rate * FRAME_MS) / 1000);
  const frames = new Float64Array(Math.floor(samples.length / size));
  for (let frame = 0; frame < frames.length; frame++) {
    let energy = 0;
    for (let i = frame * size; i < (frame + 1) * size; i++) energy += (samples[i] ?? 0) ** 2;
    frames[frame] = Math.sqrt(energy / size);
  }
  return frames;
}

/** Root mean square of the whole: 0 for silence, and for no sound at all. */
export function loudness({ samples }: Sound): number {
  if (samples.length === 0) return 0;
  return Math.sqrt(samples.reduce((energy, sample) => energy + sample * sample, 0) / samples.length);
}

/**
 * Lays the recording over the original, which is taken to repeat for ever, at every shift, and finds the best one.
 * @throws Error when the recording is shorter than 3 seconds
 */
export function bestMatch(heard: Sound, original: Sound): Match {
  const a = envelope(heard);
  const b = envelope(original);
  if (a.length < SHORTEST_FRAMES) {
    throw new Error(
      `${a.length * FRAME_MS} ms of sound are too little to compare; at least ${SHORTEST_FRAMES * FRAME_MS}`,
    );
  }
  let best: Match = { peak: -1, offsetMs: 0 };
  for (let shift = 0; shift < b.length; shift++) {
    const peak = pearson(a, b, shift);
    if (peak > best.peak) best = { peak, offsetMs: shift * FRAME_MS };
  }
  return best;
}

/** Correlation of `a` with `b` from `shift` on, `b` repeated. 0 when one of them does not vary. */
function pearson(a: Float64Array, b: Float64Array, shift: number): number {
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  let j = shift;
  for (const x of a) {
    const y = b[j] ?? 0;
    j = j + 1 === b.length ? 0 : j + 1;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
  }
  const n = a.length;
  const spread = Math.sqrt((sumAA - (sumA * sumA) / n) * (sumBB - (sumB * sumB) / n));
  return spread > 1e-9 ? (sumAB - (sumA * sumB) / n) / spread : 0;
}
