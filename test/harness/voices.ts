import { fileURLToPath } from 'node:url';
import { readWav, type Sound } from './wav.ts';

/** The recorded human voice. */
export const READING_FILE = fileURLToPath(new URL('./reading.wav', import.meta.url));

/** The recorded human voice, as sound. */
export function reading(): Sound {
  return readWav(READING_FILE);
}

/** Another voice made of the first: the reading backwards, a fifth slower and lower. As loud, but of another rhythm. */
export function secondVoice({ rate, samples }: Sound = reading()): Sound {
  const slowness = 1.2;
  const last = samples.length - 1;
  const out = new Float32Array(Math.floor(samples.length * slowness));
  for (let i = 0; i < out.length; i++) {
    const at = last - i / slowness;
    const below = Math.max(0, Math.floor(at));
    const part = at - below;
    out[i] = (samples[below] ?? 0) * (1 - part) + (samples[below + 1] ?? 0) * part;
  }
  return { rate, samples: out };
}
