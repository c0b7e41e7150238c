import type { BodyOf, Kind, NodeRef, NoticeKind, RequestKind, ResultOf } from '../bus-protocol.ts';
import type { TransportCounts } from './transport.ts';

/**
 * Why a message was not taken. `oversized`: longer than any of ours. `unreadable`: not in the form of a sealed message. `foreign`:
 * sealed under other keys or for another channel, changed on the way, or in the name of this node. `malformed`: not as the protocol
 * says. `unknown`: a kind that this version does not know. `late`: for an earlier life of this node. `replayed`: seen already, or
 * older than what was seen. `unmet`: from a life of a node that has never said anything to this life of this one.
 */
export type BusRefusal =
  | 'oversized'
  | 'unreadable'
  | 'foreign'
  | 'malformed'
  | 'unknown'
  | 'late'
  | 'replayed'
  | 'unmet';

/** What a bus counts, from its start on. */
export interface BusCounts {
  readonly transport: TransportCounts;
  /** Messages that came in and were taken. */
  readonly taken: number;
  /** Messages that came in and were refused, by reason. */
  readonly refused: Readonly<Record<BusRefusal, number>>;
  /** Times that messages of a node were missing. */
  readonly gaps: number;
  /** Messages that were too long to be sent. */
  readonly tooLong: number;
  /** Requests of this node, by their end. */
  readonly asked: Readonly<Record<'answered' | 'bus_timeout' | 'bus_refused' | 'bus_down', number>>;
  /** Requests of this node that wait for their answer. */
  readonly waiting: number;
  /** Handlers that failed. */
  readonly failedHandlers: number;
}

/** Called with each notice of a kind. `topic`: where it was published, `DIRECT` when it was for this node alone. */
export type NoticeHandler<K extends NoticeKind> = (from: NodeRef, body: BodyOf<K>, topic: string, seq: number) => void;

/** Answers a request. An error's `code`, where it has one, goes to the asker; any other error is `internal` there. */
export type AnswerHandler<K extends RequestKind> = (
  from: NodeRef,
  body: BodyOf<K>,
) => ResultOf<K> | Promise<ResultOf<K>>;

/**
 * What the nodes of a cluster say to each other, sealed: who cannot open it learns nothing but when how much was said; who has not
 * the secret can take messages away, but neither make, change nor repeat one.
 *
 * Messages may be lost, and then the next one of that node and topic shows it (`onGap`). They come in order or not at all. Nothing
 * is taken from a node (but `hello`) before it has addressed something to this one: `Membership` sees to that.
 */
export interface ClusterBus {
  readonly self: NodeRef;
  /** Is there a connection to the message server? It may be frozen all the same. */
  readonly up: boolean;
  /** To everybody who follows the topic. Never throws; lost when the message server is away. */
  publish<K extends NoticeKind>(topic: string, kind: K, body: BodyOf<K>): void;
  /**
   * Receives what is published on the topic. `standing`: called once that is so, and again after each reconnection: what was
   * published before may have been missed, so it is the moment to ask for a snapshot. Returns how to stop; idempotent.
   */
  follow(topic: string, standing?: () => void): () => void;
  /** To one life of one node. Never throws; lost when the message server is away. */
  send<K extends NoticeKind>(to: NodeRef, kind: K, body: BodyOf<K>): void;
  /**
   * Asks one life of one node. After a timeout nobody knows whether it was served, or will be: what it does must be harmless
   * twice, and end by itself. @throws ClusterError bus_timeout, bus_refused, bus_down
   */
  request<K extends RequestKind>(to: NodeRef, kind: K, body: BodyOf<K>, deadlineMs: number): Promise<ResultOf<K>>;
  /** Several handlers of a kind are called in the order they came. Returns how to stop. */
  on<K extends NoticeKind>(kind: K, handler: NoticeHandler<K>): () => void;
  /** One handler for each kind. @throws Error when there is one already */
  answer<K extends RequestKind>(kind: K, handler: AnswerHandler<K>): void;
  /** What this node published came back to it: the proof that the bus carries. Returns how to stop. */
  onOwn(handler: (kind: Kind, topic: string) => void): () => void;
  /** Messages of that node are missing; of that topic, or `DIRECT`. Returns how to stop. */
  onGap(handler: (from: NodeRef, topic: string) => void): () => void;
  /** The connection is there, at first and after each loss. Returns how to stop. */
  onUp(handler: () => void): () => void;
  counts(): BusCounts;
  /** Requests that wait fail with `bus_down`. Idempotent. */
  close(): Promise<void>;
}
