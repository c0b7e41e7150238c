import { whisperTone } from './whisper-tone.ts';

/** What is heard in the ear. */
export interface EarPlayer<Track> {
  /** Call it within the tap, before anything is awaited: from there on the browser lets this page play. */
  prime(): void;
  /** What is received from now on. It is not heard before `speak`. */
  attach(track: Track): void;
  /** Begins a short soft tone where that is possible, and after it plays the voice, until `hush`. */
  speak(): void;
  /** Silence at once. */
  hush(): void;
  /** Loudness of what is played, and of this microphone: root mean squares of the last 50 ms or so, 0 to 1; null while the browser does not measure. */
  levels(microphone: Track): { readonly played: number; readonly heard: number } | null;
  /** Idempotent. */
  close(): void;
}

/** Samples that are measured: 43 ms at 48 kHz. */
const WINDOW = 2048;

interface Meter {
  readonly track: MediaStreamTrack;
  readonly source: MediaStreamAudioSourceNode;
  readonly analyser: AnalyserNode;
}

/**
 * An audio element of its own, which was started within a tap and is muted between whispers. Where it plays is the system's choice: the
 * page cannot tell an earpiece from a loudspeaker, which is what the echo guard is for.
 */
export function createEarPlayer(): EarPlayer<MediaStreamTrack> {
  const element = document.createElement('audio');
  element.setAttribute('playsinline', '');
  element.muted = true;
  const stream = new MediaStream();
  const samples = new Float32Array(WINDOW);
  let context: AudioContext | null = null;
  let heard: Meter | null = null;
  let played: Meter | null = null;
  let turn = 0;

  const play = (): void => {
    element.srcObject ??= stream;
    // Refused, or paused meanwhile: the name is shown all the same, and the next tap primes it again.
    element.play().catch(() => undefined);
  };
  const meterOf = (track: MediaStreamTrack, before: Meter | null): Meter | null => {
    if (!context || before?.track === track) return before;
    before?.source.disconnect();
    const analyser = new AnalyserNode(context, { fftSize: WINDOW });
    try {
      const source = context.createMediaStreamSource(new MediaStream([track]));
      source.connect(analyser);
      return { track, source, analyser };
    } catch {
      // Firefox, for a track of another sample rate.
      return null;
    }
  };
  const loudness = ({ analyser }: Meter): number => {
    analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / WINDOW);
  };

  return {
    prime() {
      if (typeof AudioContext !== 'undefined') context ??= new AudioContext();
      context?.resume().catch(() => undefined);
      play();
    },
    attach(track) {
      for (const old of stream.getTracks()) stream.removeTrack(old);
      stream.addTrack(track);
      play();
    },
    speak() {
      turn += 1;
      const mine = turn;
      const over = context?.state === 'running' ? whisperTone(context) : Promise.resolve();
      void over.then(() => {
        if (turn === mine) element.muted = false;
      });
    },
    hush() {
      turn += 1;
      element.muted = true;
    },
    levels(microphone) {
      const [track] = stream.getAudioTracks();
      if (!track || context?.state !== 'running') return null;
      played = meterOf(track, played);
      heard = meterOf(microphone, heard);
      return played && heard ? { played: loudness(played), heard: loudness(heard) } : null;
    },
    close() {
      this.hush();
      element.srcObject = null;
      for (const old of stream.getTracks()) stream.removeTrack(old);
      for (const meter of [played, heard]) meter?.source.disconnect();
      played = heard = null;
      context?.close().catch(() => undefined);
      context = null;
    },
  };
}
