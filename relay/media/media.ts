/**
 * What the rest of the relay needs of media, and nothing of mediasoup. `AudioMedia` (audio-media.ts) is the real one; tests
 * of streams and signalling use a fake that implements the same interfaces, without casts.
 */

/** RTCDtls and ICE state of one transport, folded into one word (as RTCPeerConnectionState). */
export type TransportState = 'new' | 'connected' | 'disconnected' | 'closed';

/** Why a transport closed without its owner asking. */
export type TransportLoss = 'worker_died' | 'transport_failed';

/** What a transport tells its owner. Called at most once per change; never after `close()` returned. */
export interface TransportEvents {
  /** ICE or DTLS changed. `disconnected` is often passing on a phone: never close because of it. */
  onState(state: TransportState): void;
  /** The transport is gone and cannot be revived; make a new one. */
  onLost(reason: TransportLoss): void;
}

/** What a listen transport tells beside. */
export interface ListenTransportEvents extends TransportEvents {
  /** `hearing` changed: a consumer was made, or closed for whatever reason. Also while the transport closes. */
  onHearing?(): void;
}

/** One commercial's live audio inside the relay; what listen transports can hear. */
export interface AudioSource {
  readonly id: string;
  readonly closed: boolean;
  readonly paused: boolean;
  /** Pass nothing on to any listener. Idempotent. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  close(): void;
}

/** The commercial's media connection: the page offers, the relay answers. */
export interface PublishTransport {
  readonly id: string;
  readonly state: TransportState;
  /** The first offer: reads it, connects DTLS, returns the answer. @throws RelayError sdp_invalid */
  answer(offerSdp: string): Promise<string>;
  /** A later offer with a new ICE ufrag: fresh ICE credentials, same media. @throws RelayError sdp_invalid, not_connected */
  restartIce(offerSdp: string): Promise<string>;
  /** The audio of this transport. Made at the first call; later calls give the same one. @throws RelayError not_connected */
  produce(): Promise<AudioSource>;
  /** Bytes of RTP received from the page so far. */
  bytesReceived(): Promise<number>;
  /** Idempotent; closes the source too. */
  close(): void;
}

/** The admin's one media connection: the relay offers, the page answers; what it carries is swapped without negotiation. */
export interface ListenTransport {
  readonly id: string;
  readonly state: TransportState;
  /** What is carried now, whatever was asked: the source of the open consumer. */
  readonly hearing: AudioSource | null;
  /** The offer: one sendonly Opus m-line with a MID, no `a=ssrc`. */
  offer(): string;
  /** An offer with fresh ICE credentials, same media. */
  restartIce(): Promise<string>;
  /** The page's answer, to the first offer or to one after an ICE restart. @throws RelayError sdp_invalid */
  accept(answerSdp: string): Promise<void>;
  /**
   * Carry this source from now on, or nothing (null). The newest call wins, also while an older one is under way; the same
   * source again does nothing. Before `accept`, it is remembered and starts then (RTP before the consumer would be lost).
   * A source that closes by itself leaves silence. Resolves when done, or when a newer call took over.
   */
  hear(source: AudioSource | null): Promise<void>;
  /** Idempotent. */
  close(): void;
}

/** Counts for metrics and leak tests. */
export interface MediaGauges {
  workers: number;
  transports: number;
  producers: number;
  consumers: number;
}

/** The media side of a relay. */
export interface Media {
  /** False while no worker runs. */
  readonly available: boolean;
  /** @throws RelayError media_unavailable */
  createPublishTransport(events: TransportEvents): Promise<PublishTransport>;
  /** @throws RelayError media_unavailable */
  createListenTransport(events: ListenTransportEvents): Promise<ListenTransport>;
  gauges(): MediaGauges;
  /** Idempotent; ends the workers. */
  close(): Promise<void>;
}
