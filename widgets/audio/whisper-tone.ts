const SECONDS = 0.1;
/** Of full scale: it is in the ear. */
const LOUDNESS = 0.08;
const EDGE_S = 0.02;

/**
 * A short soft tone before a voice: nobody is startled by words in the ear.
 * @param context a running one
 * @returns a promise that resolves when it is over
 */
export function whisperTone(context: AudioContext): Promise<void> {
  const from = context.currentTime;
  const tone = new OscillatorNode(context, { frequency: 660 });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(LOUDNESS, from + EDGE_S);
  gain.gain.setValueAtTime(LOUDNESS, from + SECONDS - EDGE_S);
  gain.gain.linearRampToValueAtTime(0, from + SECONDS);
  tone.connect(gain).connect(context.destination);
  tone.start(from);
  tone.stop(from + SECONDS);
  return new Promise((resolve) => {
    tone.addEventListener('ended', () => resolve(), { once: true });
    // A context that the system suspends ends no tone.
    setTimeout(resolve, 2 * SECONDS * 1000);
  });
}
