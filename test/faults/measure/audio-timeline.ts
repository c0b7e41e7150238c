/**
 * What a listening page received over time, and what can be read from it. All figures of a sample are sums since the probe was
 * put in, over every RTCPeerConnection of the page, so that a connection that is rebuilt leaves no step in them.
 */
export interface AudioSample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** RTCInboundRtpStreamStats.totalAudioEnergy (W3C webrtc-stats): loudness squared times seconds. */
  readonly energy: number;
  /** Seconds of audio played, real or made up. */
  readonly duration: number;
  /** Samples played, real or made up. */
  readonly received: number;
  /** Samples made up because packets were missing. */
  readonly concealed: number;
  /** Of those, the ones that were made silent: pauses in a stream with DTX, and losses too long to hide. */
  readonly silentConcealed: number;
  readonly packets: number;
  readonly packetsLost: number;
  readonly nacks: number;
  /** Packets whose content was restored from forward error correction. */
  readonly fec: number;
  readonly retransmitted: number;
}

/** Above this, somebody is heard: -46 dB of full scale. Comfort noise and the tail of concealment stay below. */
const AUDIBLE_RMS = 0.005;

/** True when between these two samples a voice was played that really came over the network. */
function isHeard(before: AudioSample, after: AudioSample): boolean {
  const duration = after.duration - before.duration;
  const received = after.received - before.received;
  if (duration <= 0 || received <= 0) return false;
  const rms = Math.sqrt(Math.max(0, after.energy - before.energy) / duration);
  return rms > AUDIBLE_RMS && (after.concealed - before.concealed) / received < 0.5;
}

/** The stretches of time in which the voice was heard, in order. */
function heardSpans(samples: readonly AudioSample[]): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  for (let index = 1; index < samples.length; index += 1) {
    const before = samples[index - 1];
    const after = samples[index];
    if (!before || !after || !isHeard(before, after)) continue;
    const last = spans.at(-1);
    if (last && last.end === before.at) last.end = after.at;
    else spans.push({ start: before.at, end: after.at });
  }
  return spans;
}

/**
 * When the voice was heard for the first time after a moment, for at least `forMs` (so that a leftover in a buffer does not
 * count), in milliseconds since the epoch. Null: not yet.
 */
export function heardAgainAt(samples: readonly AudioSample[], from: number, forMs = 150): number | null {
  for (const { start, end } of heardSpans(samples)) {
    const begin = Math.max(start, from);
    if (end - begin >= forMs) return begin;
  }
  return null;
}

/** The longest time without the voice between two moments, in milliseconds: the whole time when it was never heard. */
export function longestSilence(samples: readonly AudioSample[], from: number, to: number): number {
  let longest = 0;
  let last = from;
  for (const { start, end } of heardSpans(samples)) {
    if (end < from) continue;
    if (start > to) break;
    longest = Math.max(longest, start - last);
    last = Math.min(end, to);
  }
  return Math.max(longest, to - last);
}

/** What changed between two moments. */
export type AudioDelta = Omit<AudioSample, 'at'> & {
  /** Share of the samples that were made up to cover losses, 0 to 1. */
  readonly concealedShare: number;
};

/** The change from the last sample before `from` to the last before `to`. @throws Error without a sample before `from` */
export function audioDelta(samples: readonly AudioSample[], from: number, to: number): AudioDelta {
  const first = samples.findLast(({ at }) => at <= from);
  const last = samples.findLast(({ at }) => at <= to);
  if (!first || !last) throw new Error('The audio was not watched yet at that moment.');
  const received = last.received - first.received;
  const concealed = last.concealed - first.concealed;
  return {
    energy: last.energy - first.energy,
    duration: last.duration - first.duration,
    received,
    concealed,
    silentConcealed: last.silentConcealed - first.silentConcealed,
    packets: last.packets - first.packets,
    packetsLost: last.packetsLost - first.packetsLost,
    nacks: last.nacks - first.nacks,
    fec: last.fec - first.fec,
    retransmitted: last.retransmitted - first.retransmitted,
    concealedShare: received > 0 ? concealed / received : 0,
  };
}
