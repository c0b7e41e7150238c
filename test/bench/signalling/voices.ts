import { VoiceActivity } from '../../../widgets/audio/voice-activity.ts';
import { readWav } from '../../harness/wav.ts';

/** A level that a page tells, and when. */
export interface ToldLevel {
  readonly atMs: number;
  readonly level: number;
}

/** A voice that goes on and on. */
export interface Voice {
  readonly lengthMs: number;
  readonly levels: readonly ToldLevel[];
}

/** As the widgets sample it: how often, and how much of the sound. */
const TICK_MS = 100;
const WINDOW_MS = 43;

/** What a page tells of the recorded voice, as loud as it is times `gain`: the widgets' own judgement of it. */
export function recordedVoice(gain: number): Voice {
  const { rate, samples } = readWav(new URL('../../harness/reading.wav', import.meta.url).pathname);
  const activity = new VoiceActivity();
  const lengthMs = (samples.length / rate) * 1000;
  const levels: ToldLevel[] = [];
  for (let atMs = TICK_MS; atMs < lengthMs; atMs += TICK_MS) {
    const end = Math.floor((atMs / 1000) * rate);
    const heard = samples.subarray(end - Math.floor((WINDOW_MS / 1000) * rate), end);
    const rms = Math.sqrt(heard.reduce((sum, sample) => sum + (sample * gain) ** 2, 0) / heard.length);
    const level = activity.push(rms, atMs);
    if (level !== null) levels.push({ atMs, level });
  }
  return { lengthMs, levels };
}

/** A voice that has another level whenever a page may tell one: nobody speaks so, and nothing costs more. */
export const restlessVoice: Voice = {
  lengthMs: 1_000,
  levels: [1, 3, 2, 4].map((level, i) => ({ atMs: i * 250, level })),
};
