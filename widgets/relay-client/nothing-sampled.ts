import type { PeerSample } from './peer-connection.ts';

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
