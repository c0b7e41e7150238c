const SECONDS = 0.5;
/** Of full scale: heard in a quiet street with the phone in a hand, and taken out of the microphone by the browser's echo cancellation. */
const LOUDNESS = 0.06;

/** A short and soft tone, which swells and fades: somebody has begun to listen. In a page that nobody has touched it stays away. */
export async function softTone(): Promise<void> {
  if (typeof AudioContext === 'undefined') return;
  const context = new AudioContext();
  try {
    await context.resume();
    const from = context.currentTime;
    const tone = new OscillatorNode(context, { frequency: 587 });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(LOUDNESS, from + 0.08);
    gain.gain.linearRampToValueAtTime(0, from + SECONDS);
    tone.connect(gain).connect(context.destination);
    const over = new Promise((resolve) => tone.addEventListener('ended', resolve, { once: true }));
    tone.start(from);
    tone.stop(from + SECONDS);
    await over;
  } finally {
    await context.close();
  }
}
