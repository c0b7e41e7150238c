import type { PeerSample } from '../relay-client/peer-sample.ts';

/** RMS of speech, in dB below full scale, that all are brought near to: that of a phone's microphone with automatic gain, a little lower. */
const TARGET_DB = -28;
/** Below this nobody speaks, and nothing is learned. */
const SPEECH_DB = -50;
/** Gentle: whispering stays quieter than shouting. */
const MOST_DB = 6;
const LEAST_DB = -9;
/** Readings, four a second, before anything is done; and over how many the loudness is averaged. */
const FIRST_READINGS = 3;
const AVERAGED_READINGS = 40;
/** How fast the gain moves while somebody is heard: not to be noticed. */
const STEP_DB = 0.6;
/** People whose loudness is remembered. */
const MOST_PEOPLE = 200;

interface Person {
  /** Mean loudness of what they said, dB. */
  loudness: number;
  readings: number;
  /** The gain that they have now, dB. */
  gain: number;
}

/**
 * How loud each commercial speaks, from the connection's own counters (webrtc-stats totalAudioEnergy), and the gain that evens them out. What
 * is heard takes no other way for it, so that it comes no later; and somebody who was heard before has their gain from the first sound on.
 */
export class Loudness {
  readonly #people = new Map<string, Person>();

  /** The gain of this commercial as of now, a factor. */
  gainOf(id: string): number {
    return 10 ** ((this.#people.get(id)?.gain ?? 0) / 20);
  }

  /** What was received of this commercial between two readings. */
  push(id: string, before: PeerSample, after: PeerSample): void {
    const duration = after.duration - before.duration;
    const energy = after.energy - before.energy;
    if (duration <= 0 || energy <= 0) return;
    const db = 10 * Math.log10(energy / duration);
    if (db < SPEECH_DB) return;
    const person = this.#people.get(id) ?? { loudness: db, readings: 0, gain: 0 };
    this.#people.delete(id);
    this.#people.set(id, person);
    const [oldest] = this.#people.keys();
    if (this.#people.size > MOST_PEOPLE && oldest !== undefined) this.#people.delete(oldest);
    person.readings = Math.min(AVERAGED_READINGS, person.readings + 1);
    person.loudness += (db - person.loudness) / person.readings;
    if (person.readings < FIRST_READINGS) return;
    const wanted = Math.min(MOST_DB, Math.max(LEAST_DB, TARGET_DB - person.loudness));
    person.gain += Math.min(STEP_DB, Math.max(-STEP_DB, wanted - person.gain));
  }
}
