import { fileURLToPath } from 'node:url';
import { seededRandom } from './network/seeded-random.ts';
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

/** One step of 16-bit PCM up and down: more would be levelled up, and sent. */
const HISS = 2 / 32_768;

/** Someone who speaks for so many seconds after a silence of so many, with the least of hiss: no microphone gives zeros. */
export function withSilence({ rate, samples }: Sound, silenceS: number, voiceS: number): Sound {
  const silence = Math.round(silenceS * rate);
  const voice = samples.subarray(0, Math.round(voiceS * rate));
  const random = seededRandom(1);
  const out = Float32Array.from({ length: silence + voice.length }, () => (random() - 0.5) * HISS);
  voice.forEach((sample, at) => {
    out[silence + at] = (out[silence + at] ?? 0) + sample;
  });
  return { rate, samples: out };
}
