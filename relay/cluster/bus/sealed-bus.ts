import type { Logger } from '../../logger.ts';
import type { TimerSet } from '../../streams/timers.ts';
import {
  type BodyOf,
  DIRECT,
  type Kind,
  kinds,
  type NodeRef,
  type NoticeKind,
  type RequestKind,
  type ResultOf,
} from '../bus-protocol.ts';
import { ClusterError } from '../cluster-error.ts';
import type { AnswerHandler, BusCounts, BusRefusal, ClusterBus, NoticeHandler } from './cluster-bus.ts';
import type { ClusterKeys } from './cluster-keys.ts';
import { type Accepted, Inbox } from './inbox.ts';
import { type Content, Outbox, type Sending } from './outbox.ts';
import { PendingRequests } from './pending-requests.ts';
import { Sealer } from './sealer.ts';
import type { BusTransport } from './transport.ts';

/** What a bus is made with. */
export interface SealedBusOptions {
  readonly self: NodeRef;
  /** The cluster's name: several may share a message server. */
  readonly cluster: string;
  readonly keys: ClusterKeys;
  /** Closed with the bus. */
  readonly transport: BusTransport;
  readonly timers: TimerSet;
  readonly logger: Logger;
}

/** Refusals of one kind are logged once in this time, with their number. */
const QUIET_MS = 60_000;

/** The name of each thing's channels begins so; in braces, so that Redis Cluster keeps all of a cluster in one place. */
export function namespaceOf(cluster: string): string {
  return `prospect:{${cluster}}:`;
}

interface Topic {
  readonly followers: Set<{ standing: (() => void) | undefined }>;
  readonly stops: readonly (() => void)[];
}

/** A `ClusterBus` over any transport. */
export class SealedBus implements ClusterBus {
  readonly self: NodeRef;
  readonly #options: SealedBusOptions;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #pending: PendingRequests;
  readonly #topics = new Map<string, Topic>();
  readonly #handlers = new Map<Kind, Set<(from: NodeRef, body: unknown, topic: string, seq: number) => void>>();
  readonly #answers = new Map<Kind, (from: NodeRef, body: unknown) => unknown>();
  readonly #onGap = new Set<(from: NodeRef, topic: string) => void>();
  readonly #onOwn = new Set<(kind: Kind, topic: string) => void>();
  readonly #refused = {
    oversized: 0,
    unreadable: 0,
    foreign: 0,
    malformed: 0,
    unknown: 0,
    late: 0,
    replayed: 0,
    unmet: 0,
  };
  /** Reason -> when it was logged last, and how many came since. */
  readonly #logged = new Map<BusRefusal, { at: number; since: number }>();
  readonly #counts = { taken: 0, gaps: 0, tooLong: 0, failedHandlers: 0 };
  #closed: Promise<void> | null = null;

  constructor(options: SealedBusOptions) {
    const { self, keys, transport, timers } = options;
    this.#options = options;
    this.self = self;
    const sealer = new Sealer(keys);
    this.#inbox = new Inbox(self, sealer);
    this.#outbox = new Outbox(self, sealer, transport);
    this.#pending = new PendingRequests(timers);
    const own = this.#nodeChannel(self.id);
    transport.subscribe(own, (text) => this.#receive(own, DIRECT, text));
    transport.onUp(() => this.#outbox.settleDebts());
  }

  get up(): boolean {
    return this.#closed === null && this.#options.transport.up;
  }

  publish<K extends NoticeKind>(topic: string, kind: K, body: BodyOf<K>): void {
    this.#send(this.#topicChannels(topic)[0] ?? '', null, { kind, body });
  }

  follow(topic: string, standing?: () => void): () => void {
    const follower = { standing };
    const known = this.#topics.get(topic);
    if (known) {
      known.followers.add(follower);
      // The subscription stands, or its own call is still to come; to be told twice is harmless.
      if (standing) queueMicrotask(() => known.followers.has(follower) && this.up && standing());
    } else {
      this.#subscribe(topic, follower);
    }
    return () => {
      const current = this.#topics.get(topic);
      if (!current?.followers.delete(follower) || current.followers.size > 0) return;
      this.#topics.delete(topic);
      for (const stop of current.stops) stop();
    };
  }

  send<K extends NoticeKind>(to: NodeRef, kind: K, body: BodyOf<K>): void {
    this.#send(this.#nodeChannel(to.id), to, { kind, body });
  }

  async request<K extends RequestKind>(
    to: NodeRef,
    kind: K,
    body: BodyOf<K>,
    deadlineMs: number,
  ): Promise<ResultOf<K>> {
    const { id, answer } = this.#pending.wait(to, kind, deadlineMs);
    const sending = this.#send(this.#nodeChannel(to.id), to, { kind, body, id });
    if (sending === 'too_long') {
      this.#pending.fail(id, new ClusterError('bus_refused', `${kind} is too long`, { reason: 'too_long' }));
    } else {
      void sending.then((taken) => {
        if (!taken) this.#pending.fail(id, new ClusterError('bus_down', `${kind} could not be sent to ${to.id}`));
      });
    }
    // What came was read by the schema of this kind's result.
    return (await answer) as ResultOf<K>;
  }

  on<K extends NoticeKind>(kind: K, handler: NoticeHandler<K>): () => void {
    // What came was read by the schema of this kind.
    const entry = (from: NodeRef, body: unknown, topic: string, seq: number): void =>
      handler(from, body as BodyOf<K>, topic, seq);
    const handlers = this.#handlers.get(kind) ?? new Set();
    this.#handlers.set(kind, handlers.add(entry));
    return () => handlers.delete(entry);
  }

  answer<K extends RequestKind>(kind: K, handler: AnswerHandler<K>): void {
    if (this.#answers.has(kind)) throw new Error(`${kind} is answered already`);
    this.#answers.set(kind, (from, body) => handler(from, body as BodyOf<K>));
  }

  onOwn(handler: (kind: Kind, topic: string) => void): () => void {
    this.#onOwn.add(handler);
    return () => this.#onOwn.delete(handler);
  }

  onGap(handler: (from: NodeRef, topic: string) => void): () => void {
    this.#onGap.add(handler);
    return () => this.#onGap.delete(handler);
  }

  onUp(handler: () => void): () => void {
    return this.#options.transport.onUp(handler);
  }

  counts(): BusCounts {
    return {
      transport: this.#options.transport.counts(),
      ...this.#counts,
      refused: { ...this.#refused },
      asked: this.#pending.ends,
      waiting: this.#pending.size,
    };
  }

  close(): Promise<void> {
    this.#closed ??= this.#options.transport.close();
    this.#pending.close();
    this.#topics.clear();
    return this.#closed;
  }

  #subscribe(topic: string, follower: { standing: (() => void) | undefined }): void {
    const followers = new Set([follower]);
    const stand = (): void => {
      for (const { standing } of [...followers]) if (standing) this.#guarded('standing', standing);
    };
    const stops = this.#topicChannels(topic).map((channel) => {
      this.#inbox.resume(channel);
      return this.#options.transport.subscribe(channel, (text) => this.#receive(channel, topic, text), stand);
    });
    this.#topics.set(topic, { followers, stops });
  }

  #send(channel: string, to: NodeRef | null, content: Content): Sending {
    if (this.#closed) return Promise.resolve(false);
    const sending = this.#outbox.send(channel, to, content);
    if (sending === 'too_long') {
      this.#counts.tooLong += 1;
      this.#options.logger.error({ kind: content.kind }, 'a message between nodes was too long, and not sent');
    }
    return sending;
  }

  #receive(channel: string, topic: string, text: string): void {
    if (this.#closed) return;
    const taken = this.#inbox.take(channel, topic === DIRECT, text);
    if (typeof taken === 'string') this.#refuse(taken);
    else this.#deliver(taken, topic);
  }

  #deliver(taken: Accepted, topic: string): void {
    const { message, from, own, gap } = taken;
    const kind = message.kind as Kind;
    if (gap) {
      this.#counts.gaps += 1;
      for (const handler of [...this.#onGap]) this.#guarded('gap', () => handler(from, topic));
    }
    if (message.re !== undefined) {
      this.#takeAnswer(taken, kind, message.re);
      return;
    }
    const body = kinds[kind].body.safeParse(message.body);
    if (!body.success) {
      this.#refuse('malformed');
      return;
    }
    this.#counts.taken += 1;
    if (own) {
      for (const handler of [...this.#onOwn]) this.#guarded(kind, () => handler(kind, topic));
    } else if (message.id !== undefined) {
      void this.#giveAnswer(from, kind, message.id, body.data);
    } else {
      for (const handler of [...(this.#handlers.get(kind) ?? [])]) {
        this.#guarded(kind, () => handler(from, body.data, topic, message.seq));
      }
    }
  }

  #takeAnswer({ from, message }: Accepted, kind: Kind, id: string): void {
    const { refusal } = message;
    const schema = kinds[kind];
    const result = 'result' in schema ? schema.result.safeParse(message.body) : null;
    const readable = refusal !== undefined || result?.success === true;
    if (readable) this.#counts.taken += 1;
    else this.#refuse('malformed');
    // Without a request that waits for it, the answer is late, and the request's end has told so.
    if (!this.#pending.has(id, from, kind)) return;
    if (readable && !refusal) {
      this.#pending.answered(id, result?.data);
    } else {
      const { code, message: why } = refusal ?? { code: 'malformed', message: 'an answer that cannot be read' };
      this.#pending.fail(id, new ClusterError('bus_refused', `${from.id} refused ${kind}: ${why}`, { reason: code }));
    }
  }

  async #giveAnswer(from: NodeRef, kind: Kind, id: string, body: unknown): Promise<void> {
    const reply = (content: Partial<Content>): Sending =>
      this.#send(this.#nodeChannel(from.id), from, { kind, re: id, body: null, ...content });
    const handler = this.#answers.get(kind);
    if (!handler) {
      reply({ refusal: { code: 'unsupported', message: `${kind} is not answered here` } });
      return;
    }
    try {
      const sending = reply({ body: await handler(from, body) });
      if (sending === 'too_long') reply({ refusal: { code: 'too_long', message: 'the answer is too long' } });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.code === 'internal') {
        this.#counts.failedHandlers += 1;
        this.#options.logger.error({ err: error, kind }, 'a request of another node failed');
      }
      reply({ refusal });
    }
  }

  #refuse(reason: BusRefusal): void {
    this.#refused[reason] += 1;
    const now = performance.now();
    const last = this.#logged.get(reason) ?? { at: Number.NEGATIVE_INFINITY, since: 0 };
    last.since += 1;
    this.#logged.set(reason, last);
    if (now - last.at < QUIET_MS) return;
    // A hello before the meeting, and what is still on its way to a node that has started anew, are everyday.
    const level = reason === 'unmet' || reason === 'late' ? 'debug' : 'warn';
    this.#options.logger[level]({ reason, count: last.since }, 'messages on the cluster’s bus were refused');
    last.at = now;
    last.since = 0;
  }

  /** A handler that fails must not keep others from theirs. */
  #guarded(kind: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#counts.failedHandlers += 1;
      this.#options.logger.error({ err: error, kind }, 'a handler of the cluster’s bus failed');
    }
  }

  #nodeChannel(id: string): string {
    return `${namespaceOf(this.#options.cluster)}node:${id}`;
  }

  /** One for each secret, the current one first. */
  #topicChannels(topic: string): readonly string[] {
    const hashes = this.#options.keys.hashes('topic', topic);
    return hashes.map((hash) => `${namespaceOf(this.#options.cluster)}topic:${hash}`);
  }
}

/** What the asker is told of a failure: the code and text of an error that is meant for others, nothing of any other. */
function refusalOf(error: unknown): { code: string; message: string } {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  const meant = error instanceof Error && (error.name === 'RelayError' || error.name === 'ClusterError');
  if (!meant || code === null) return { code: 'internal', message: 'an unexpected error' };
  return { code: code.slice(0, 64), message: error.message.slice(0, 500) };
}
