/** Measures a microphone without sending anything. */
export interface LevelMeter<Track> {
  /** Root mean square of the last 40 ms or so, 0 to 1; null while the browser does not measure. */
  read(): number | null;
  /** The system took the audio hardware (Safari's `interrupted`: a call, Siri). */
  readonly interrupted: boolean;
  /** Measures another track from now on. May throw (Firefox, for a track of another sample rate): then it measures nothing. */
  measure(track: Track): void;
  /** Releases the AudioContext. Idempotent. */
  close(): void;
}

const WINDOW = 2048;

/**
 * An AnalyserNode on the track. Make it within the click: elsewhere an AudioContext starts suspended.
 * @throws DOMException when the browser cannot measure this track; nothing stays open then
 */
export function createLevelMeter(track: MediaStreamTrack, onChange: () => void): LevelMeter<MediaStreamTrack> {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: WINDOW });
  const samples = new Float32Array(WINDOW);
  let source: MediaStreamAudioSourceNode | undefined;
  // lib.dom's AudioContextState has `interrupted`; Chromium and Firefox never say it.
  context.onstatechange = onChange;
  const measure = (next: MediaStreamTrack): void => {
    source?.disconnect();
    // Without a source nothing is measured: that must not pass for silence.
    source = undefined;
    source = context.createMediaStreamSource(new MediaStream([next]));
    source.connect(analyser);
    if (context.state !== 'running') context.resume().catch(() => {});
  };
  try {
    measure(track);
  } catch (error) {
    context.onstatechange = null;
    context.close().catch(() => {});
    throw error;
  }
  return {
    read() {
      if (!source || context.state !== 'running') return null;
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / WINDOW);
    },
    get interrupted() {
      return context.state === 'interrupted';
    },
    measure,
    close() {
      context.onstatechange = null;
      source?.disconnect();
      source = undefined;
      if (context.state !== 'closed') context.close().catch(() => {});
    },
  };
}
