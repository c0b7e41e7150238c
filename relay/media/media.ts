/**
 * What the rest of the relay needs of media, and nothing of mediasoup. `AudioMedia` (audio-media.ts) is the real one; tests
 * of streams and signalling use a fake that implements the same interfaces, without casts.
 */
import type { Room } from '../load/room.ts';
import type { PageTrace } from '../tracing/page-trace.ts';
import type { QualityFigures } from './quality-watch.ts';

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
  /** The first packet of what is carried now was sent to the page. */
  onSending?(): void;
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
  /** On its worker, for the stream of a page that has none yet. */
  readonly room: Room;
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
  /** On its worker, for an admin who listens to nobody yet. */
  readonly room: Room;
  readonly state: TransportState;
  /** What is carried now, whatever was asked: the source of the open consumer. */
  readonly hearing: AudioSource | null;
  /** The same, once its first packet has been sent to the page. */
  readonly sending: AudioSource | null;
  /** It is connected and carries a source of which no packet came for some ten seconds. */
  readonly silent: boolean;
  /** The offer: one sendonly Opus m-line with a MID, no `a=ssrc`. */
  offer(): string;
  /**
   * The other way round, in place of `offer` and `accept`: the answer to a player's offer, which must take the relay's payload type.
   * @throws RelayError sdp_invalid
   */
  take(offerSdp: string): Promise<string>;
  /** An offer with fresh ICE credentials, same media. */
  restartIce(): Promise<string>;
  /**
   * The page's answer, to the first offer or to one after an ICE restart. It does not wait for a source that lives at another node, and
   * does not tell when that cannot be carried: `hear` does, called again.
   * @param switches the page must find packets by their MID; a player need not, which tells them by their payload type
   * @throws RelayError sdp_invalid
   */
  accept(answerSdp: string, switches?: boolean): Promise<void>;
  /**
   * Carry this source from now on, or nothing (null). The newest call wins, also while an older one is under way; the same
   * source again does nothing. Before `accept`, it is remembered and starts then (RTP before the consumer would be lost).
   * A source that closes by itself leaves silence; so does a copy of it on this worker that ends, which `onHearing` tells: call
   * again. Resolves when done, or when a newer call took over; rejects when it cannot be carried just now.
   * @param meanwhile what may go on, if it is carried now, until packets of `source` come: an older source of the same voice. They are never
   * both heard. Anything else ends before this returns.
   */
  hear(source: AudioSource | null, meanwhile?: AudioSource | null): Promise<void>;
  /** Idempotent. */
  close(): void;
}

/** One end of a link between two nodes. It travels sealed, because it holds the key of the SRTP (RFC 3711) that this end sends. */
export interface PipeEnd {
  /** IP address that the other end sends to, and from which it hears. */
  readonly ip: string;
  /** UDP port. */
  readonly port: number;
  readonly srtp: {
    /** `AEAD_AES_256_GCM` (RFC 7714). */
    readonly cryptoSuite: string;
    /** Master key and salt, 44 bytes. */
    readonly keyBase64: string;
  };
}

/** What a node asks of the node at which a source lives: to pass it on over this link. */
export interface PipeRequest {
  /** UUID, made by the node that asks. The home makes its side of a link that it does not know. */
  readonly link: string;
  readonly sourceId: string;
  /** The asking node's side of the link. */
  readonly end: PipeEnd;
}

/** The home's answer to a `PipeRequest`, once audio is under way. */
export interface PipeAnswer {
  /** The home's side of the link. */
  readonly end: PipeEnd;
  /** mediasoup's RtpParameters of what the home sends. It came from another process, and is read strictly where it is used. */
  readonly rtpParameters: unknown;
}

/** How a remote source reaches its home. Messages to one home arrive in the order in which they are sent, or not at all. */
export interface PipeAsk {
  /**
   * Answers with what the home's `NodePipes.give` does, or rejects; always within some seconds. The home's `NodePipeError` comes
   * with its code, so that a link that the home has closed is made anew; every other error is tried again by who listens.
   */
  open(request: PipeRequest): Promise<PipeAnswer>;
  /** This node needs it no more; also after an `open` that failed, because its answer may just have been lost. */
  release(link: string, sourceId: string): void;
}

/** A source that lives at another node. Copies of it are made on demand, one for each worker that has listeners of it. */
export interface RemoteAudioSource extends AudioSource {
  /** The node at which it lives. */
  readonly node: string;
  /** Audio passes on no copy, nor on any made later. At once, before it returns. */
  pause(): Promise<void>;
  /** The home has taken it back, or its link is dead: copies end, listeners fall silent at once. It can be asked for again. */
  takenBack(): void;
  /** The home says that it is over, or is gone itself. */
  close(): void;
}

/** Media's side of pipes between nodes: of the node at which a source lives (its home), and of nodes whose listeners hear it. */
export interface NodePipes {
  /**
   * As the home: passes `source` on to that node over this link, from now on. What was given for the same link and source before ends.
   * @throws NodePipeError
   */
  give(node: string, source: AudioSource, request: PipeRequest): Promise<PipeAnswer>;
  /** As the home, when the other node says that it needs it no more. Idempotent. */
  released(node: string, link: string, sourceId: string): void;
  /**
   * As the home: nothing of this source (null: nothing at all) goes to that node from now on; at once, before it returns. What is
   * being given just now fails with `not_found`. With null the node's links close too.
   */
  takeBack(node: string, source: AudioSource | null): void;
  /** As the home: which of its routers has the source, for `remoteSource` at the other node. */
  routerOf(source: AudioSource): string;
  /** As the node that listens: a source that lives elsewhere. Nothing is asked of its home before somebody hears it. */
  remoteSource(
    about: { readonly node: string; readonly sourceId: string; readonly router: string },
    ask: PipeAsk,
  ): RemoteAudioSource;
  gauges(): NodePipeGauges;
  /** What the links have carried since the beginning, with RTCP and SRTP's own bytes. */
  traffic(): Promise<NodePipeTraffic>;
}

/** What pipes between nodes hold now. */
export interface NodePipeGauges {
  /** Links to other nodes, this node's side: one UDP port each. */
  links: number;
  /** Sources that are passed on to other nodes, counted for each link. */
  given: number;
  /** Copies of other nodes' sources, made or being made. */
  copies: number;
}

/** Bytes on pipes between nodes; neither figure ever falls. */
export interface NodePipeTraffic {
  sentBytes: number;
  receivedBytes: number;
}

/** Counts for metrics and leak tests. */
export interface MediaGauges {
  workers: number;
  transports: number;
  producers: number;
  consumers: number;
}

/** Loss, jitter and round trip of all connections that carry packets, by what the receivers say (RTCP, RFC 3550). */
export interface MediaQuality {
  /** From the commercials' pages to the relay. */
  readonly publish: QualityFigures;
  /** From the relay to the admins' pages. */
  readonly listen: QualityFigures;
}

/** The media side of a relay. */
export interface Media {
  /** False while no worker runs. */
  readonly available: boolean;
  /** For a page that has no transport yet: on the worker that would take it. */
  readonly room: Room;
  /**
   * @param trace the page's, for log and spans
   * @param asks whether the other end asks for consent (RFC 7675), as browsers do; of one that does not, `disconnected` is never said
   * @throws RelayError media_unavailable
   */
  createPublishTransport(events: TransportEvents, trace?: PageTrace, asks?: boolean): Promise<PublishTransport>;
  /** @param trace the page's, for log and spans @throws RelayError media_unavailable */
  createListenTransport(events: ListenTransportEvents, trace?: PageTrace): Promise<ListenTransport>;
  /** Pipes to other nodes; null on a relay that is configured for none. */
  readonly nodePipes: NodePipes | null;
  gauges(): MediaGauges;
  quality(): MediaQuality;
  /** Idempotent; ends the workers. */
  close(): Promise<void>;
}
