/** Tells when a tone begins in a sound, to the render quantum (128 samples, 2.7 ms at 48 kHz). */

/** Amplitude of a tone that counts as heard: -34 dBFS. The tones of the bench are 0.5. */
const HEARD = 0.02;
/** A tone begins anew after it was gone for this long, in seconds. */
const QUIET_S = 0.1;

class OnsetProcessor extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.tones = processorOptions.frequencies.map((frequency) => ({
      frequency,
      coefficient: 2 * Math.cos((2 * Math.PI * frequency) / sampleRate),
      lastHeard: -1,
    }));
  }

  process([input]) {
    const samples = input[0];
    if (!samples) return true;
    for (const tone of this.tones) {
      if (amplitude(samples, tone.coefficient) < HEARD) continue;
      // currentTime is the time of the quantum's first sample.
      if (currentTime - tone.lastHeard > QUIET_S) this.port.postMessage({ frequency: tone.frequency, at: currentTime });
      tone.lastHeard = currentTime;
    }
    return true;
  }
}

/** Goertzel's algorithm: how much of one frequency is in the block. */
function amplitude(samples, coefficient) {
  let [one, two] = [0, 0];
  for (const sample of samples) [one, two] = [sample + coefficient * one - two, one];
  return (Math.sqrt(Math.max(0, one * one + two * two - coefficient * one * two)) * 2) / samples.length;
}

registerProcessor('onset', OnsetProcessor);
