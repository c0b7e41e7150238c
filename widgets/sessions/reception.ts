import type { PeerSample } from '../relay-client/peer-sample.ts';
import type { ConnectionQuality } from './state.ts';

/** Level, in dB below full scale, that shows as nothing. */
const FLOOR_DB = -60;
/** Quality is judged over this long, level over every sample. */
const QUALITY_WINDOW_MS = 1_000;
/** A stream sends a packet at least every 0.4 s, also in silence (RFC 7587 section 3.1.3); with none, something is wrong. */
const STALLED_AFTER_WINDOWS = 3;

/** Mean level between two samples, 0 to 1 on a scale that suits the ear. */
export function receivedLevel(before: PeerSample, after: PeerSample): number {
  const duration = after.duration - before.duration;
  const energy = after.energy - before.energy;
  // Counters start anew after a rebuild, or with the SSRC of another commercial.
  if (duration <= 0 || energy <= 0) return 0;
  const db = 10 * Math.log10(energy / duration);
  return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
}

/** How good the connection was between two samples, a second or so apart. */
export function receivedQuality(before: PeerSample, after: PeerSample): ConnectionQuality {
  const received = after.packetsReceived - before.packetsReceived;
  const lost = Math.max(0, after.packetsLost - before.packetsLost);
  if (received <= 0) return 'unknown';
  const loss = lost / (received + lost);
  const roundTrip = after.roundTrip ?? 0;
  if (loss > 0.1 || after.jitter > 0.08 || roundTrip > 0.8) return 'poor';
  return loss > 0.03 || after.jitter > 0.03 || roundTrip > 0.3 ? 'fair' : 'good';
}

/**
 * How old what is heard was when it left the relay, about, in whole tenths of a second; null while that is unknown. The jitter buffer's delay and
 * half a round trip, as measured between two samples; the way from the commercial to the relay comes to it.
 */
export function receivedDelay(before: PeerSample, after: PeerSample): number | null {
  const emitted = after.emitted - before.emitted;
  if (emitted <= 0 || after.roundTrip === null) return null;
  const seconds = (after.buffered - before.buffered) / emitted + after.roundTrip / 2;
  return Math.max(0, Math.round(seconds * 10) / 10);
}

/** What is received just now. */
export interface Reception {
  readonly level: number;
  readonly quality: ConnectionQuality;
  /** As of `receivedDelay`, over the last second. */
  readonly delay: number | null;
}

const NOTHING: Reception = Object.freeze({ level: 0, quality: 'unknown', delay: null });

/** Follows a connection's counters. Pure: samples and their time come from outside. */
export class ReceptionModel {
  #last: PeerSample | null = null;
  #window: { sample: PeerSample; at: number } | null = null;
  #quality: ConnectionQuality = 'unknown';
  #delay: number | null = null;
  #empty = 0;

  push(sample: PeerSample, now: number): Reception {
    const level = this.#last ? receivedLevel(this.#last, sample) : 0;
    this.#last = sample;
    this.#window ??= { sample, at: now };
    if (now - this.#window.at >= QUALITY_WINDOW_MS) {
      const quality = receivedQuality(this.#window.sample, sample);
      this.#empty = quality === 'unknown' ? this.#empty + 1 : 0;
      this.#delay = receivedDelay(this.#window.sample, sample);
      if (quality !== 'unknown') this.#quality = quality;
      else if (this.#empty >= STALLED_AFTER_WINDOWS) this.#quality = sample.packetsReceived > 0 ? 'poor' : 'unknown';
      this.#window = { sample, at: now };
    }
    return { level, quality: this.#quality, delay: this.#delay };
  }

  /** Another commercial, or nobody. */
  reset(): Reception {
    this.#last = this.#window = null;
    this.#quality = 'unknown';
    this.#delay = null;
    this.#empty = 0;
    return NOTHING;
  }
}
