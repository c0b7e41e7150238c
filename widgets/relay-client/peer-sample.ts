/** One reading of a connection's counters (W3C webrtc-stats names in brackets). */
export interface PeerSample {
  /** RTP payload bytes sent [outbound-rtp bytesSent]. */
  readonly bytesSent: number;
  /** [inbound-rtp packetsReceived] */
  readonly packetsReceived: number;
  /** [inbound-rtp packetsLost] */
  readonly packetsLost: number;
  /** Seconds [inbound-rtp jitter]. */
  readonly jitter: number;
  /** Square of the level, integrated over time [inbound-rtp totalAudioEnergy]. */
  readonly energy: number;
  /** Seconds of audio played [inbound-rtp totalSamplesDuration]. */
  readonly duration: number;
  /** Seconds that all played samples together waited in the jitter buffer, and how many they were [inbound-rtp jitterBufferDelay, jitterBufferEmittedCount]. */
  readonly buffered: number;
  readonly emitted: number;
  /** Seconds, or null while unknown [candidate-pair currentRoundTripTime]. */
  readonly roundTrip: number | null;
}

/** What a connection measures over which nothing has gone yet. */
export const NOTHING_SAMPLED: PeerSample = {
  bytesSent: 0,
  packetsReceived: 0,
  packetsLost: 0,
  jitter: 0,
  energy: 0,
  duration: 0,
  buffered: 0,
  emitted: 0,
  roundTrip: null,
};
