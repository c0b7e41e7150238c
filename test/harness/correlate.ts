/** Compares what was heard with what was said, by the shape of the loudness over time. Pure. */
import type { Sound } from './wav.ts';

/** Length of one envelope frame, in milliseconds. */
export const FRAME_MS = 10;
/** Shorter recordings match too easily somewhere in a long one. */
const SHORTEST_FRAMES = 300;
/** A piece that may move by itself, and how far it may move away from the piece before it. */
const PIECE_FRAMES = 200;
const DRIFT_FRAMES = 30;

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
 * Lays the recording over the original, which is taken to repeat for ever, at every shift, and finds the best one. Then each
 * 2 s of it may move a little by itself: a receiver's jitter buffer stretches and shortens speech (NetEq's time scaling), so that a
 * long recording drifts. The correlation is that of the whole recording, so aligned.
 * @throws Error when the recording is shorter than 3 seconds
 */
export function bestMatch(heard: Sound, original: Sound): Match {
  const a = shape(heard);
  const b = shape(original);
  if (a.length < SHORTEST_FRAMES) {
    throw new Error(
      `${a.length * FRAME_MS} ms of sound are too little to compare; at least ${SHORTEST_FRAMES * FRAME_MS}`,
    );
  }
  const offset = bestShift(a, b, 0, b.length - 1);
  const aligned = new Float64Array(a.length);
  let shift = offset;
  for (let start = 0; start < a.length; start += PIECE_FRAMES) {
    const piece = a.subarray(start, start + PIECE_FRAMES);
    // A short rest would fit anywhere: it stays where the piece before it was.
    if (piece.length === PIECE_FRAMES) {
      shift = bestShift(piece, b, shift + start - DRIFT_FRAMES, shift + start + DRIFT_FRAMES) - start;
    }
    for (let i = 0; i < piece.length; i++) aligned[start + i] = at(b, shift + start + i);
  }
  return { peak: pearson(a, aligned, 0), offsetMs: offset * FRAME_MS };
}

/** The envelope as it is compared: the square root, so that the loudest syllables do not decide alone, and 30 ms smooth. */
function shape(sound: Sound): Float64Array {
  const root = envelope(sound).map(Math.sqrt);
  return root.map((value, i) => ((root[i - 1] ?? value) + value + (root[i + 1] ?? value)) / 3);
}

/** The shift of `b` between two bounds, both included, at which `a` fits best. */
function bestShift(a: Float64Array, b: Float64Array, from: number, to: number): number {
  let best = from;
  let peak = -2;
  for (let shift = from; shift <= to; shift++) {
    const value = pearson(a, b, shift);
    if (value > peak) [best, peak] = [shift, value];
  }
  return best;
}

/** `b` repeated for ever. */
function at(b: Float64Array, index: number): number {
  return b[((index % b.length) + b.length) % b.length] ?? 0;
}

/** Correlation of `a` with `b` from `shift` on, `b` repeated. 0 when one of them does not vary. */
function pearson(a: Float64Array, b: Float64Array, shift: number): number {
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  let j = ((shift % b.length) + b.length) % b.length;
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
