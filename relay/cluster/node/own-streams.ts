import { RelayError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { AfarStream, Commercial } from '../../streams/commercial.ts';
import type { Timer, TimerSet } from '../../streams/timers.ts';
import type { ClusterBus } from '../bus/cluster-bus.ts';
import { DIRECT, NODES_TOPIC, type NodeRef } from '../bus-protocol.ts';
import type { OwnStream } from '../bus-rows.ts';
import type { Membership } from '../membership.ts';
import type { LocalStreams } from './local-streams.ts';

/** What one event after the other brings about is said together. */
export const GATHER_MS = 50;
/** Users in one message. */
const PIECE = 500;
/** A page waits for the answer, with a person before it. */
const STOP_MS = 2_000;

/** What this module is made with. */
export interface OwnStreamsOptions {
  readonly bus: ClusterBus;
  readonly membership: Pick<Membership, 'peers'>;
  readonly timers: TimerSet;
  readonly logger: Logger;
  readonly streams: () => LocalStreams;
}

/** What another node said of a user's stream there. */
interface Heard {
  readonly from: NodeRef;
  readonly version: number;
  readonly stream: AfarStream | null;
}

/**
 * What a commercial's pages at this node are told of the same commercial's stream at another one. Every node says which streams it has
 * to all of them; each keeps what is about users with a page there. Whoever gets a page of a user asks. What was lost is asked for anew.
 */
export class OwnStreams {
  readonly #options: OwnStreamsOptions;
  /** User -> what others were told of the stream here. */
  readonly #told = new Map<string, { readonly shape: string; readonly version: number }>();
  /** User with a page here -> node -> what it said last. */
  readonly #heard = new Map<string, Map<string, Heard>>();
  readonly #changed = new Set<string>();
  readonly #asked = new Set<string>();
  #timer: Timer | null = null;
  /** 1: nothing was told of anybody. */
  #version = 1;

  constructor(options: OwnStreamsOptions) {
    this.#options = options;
    const { bus } = options;
    bus.on('own-streams', (from, { changed }) => {
      for (const one of changed) this.#hear(from, one);
    });
    bus.on('whose-streams', (from, { userIds, all }) => this.#answer(from, userIds, all));
    bus.answer('stop-stream', (_from, { userId, stream }) => {
      options.streams().stopStream(userId, stream);
      return {};
    });
    bus.onGap((from, topic) => {
      if (topic === DIRECT || topic === NODES_TOPIC) this.askAll(from);
    });
  }

  /** Users whose streams elsewhere are followed, and whose stream here was told of: for leak tests. */
  get size(): number {
    return this.#told.size + this.#heard.size;
  }

  /** The commercial's stream or pages here may have changed. */
  look(commercial: Commercial): void {
    const { id, stream, present, afar } = commercial;
    const shape = stream ? `${stream.id} ${stream.order} ${stream.status}` : '';
    const before = this.#told.get(id);
    if (shape !== (before?.shape ?? '')) {
      this.#version += 1;
      if (stream) this.#told.set(id, { shape, version: this.#version });
      else this.#told.delete(id);
      this.#changed.add(id);
      this.#schedule();
    }
    if (present.size === 0) {
      this.#heard.delete(id);
      this.#asked.delete(id);
      afar.clear();
    } else if (!this.#heard.has(id)) {
      this.#heard.set(id, new Map());
      this.#asked.add(id);
      this.#schedule();
    }
  }

  /** Something that the node said may have got lost, or it is new. */
  askAll(node: NodeRef): void {
    for (const userIds of pieces([...this.#heard.keys()])) {
      this.#options.bus.send(node, 'whose-streams', { userIds, all: true });
    }
  }

  /** That life of the node is gone, or nothing is heard of it. */
  left({ id, epoch }: NodeRef): void {
    for (const [userId, byNode] of this.#heard) {
      if (byNode.get(id)?.from.epoch !== epoch) continue;
      byNode.delete(id);
      this.#show(userId, id, null);
    }
  }

  /** Ends the streams elsewhere that the commercial's pages were told of. @throws RelayError internal */
  async stop({ id: userId, afar }: Commercial): Promise<void> {
    const { bus, logger } = this.#options;
    const asking = [...afar].map(async ([node, { id: stream }]) => {
      const from = this.#heard.get(userId)?.get(node)?.from;
      if (from) await bus.request(from, 'stop-stream', { userId, stream }, STOP_MS);
    });
    try {
      await Promise.all(asking);
    } catch (error) {
      logger.warn({ err: error, user: userId }, 'a stream at another node could not be stopped');
      throw new RelayError('internal', 'The node that has the stream does not answer. Ask again.');
    }
  }

  /** Nothing is said any more. Idempotent. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #hear(from: NodeRef, { userId, version, stream }: OwnStream): void {
    const byNode = this.#heard.get(userId);
    if (!byNode) return;
    const before = byNode.get(from.id);
    if (before && (before.from.epoch > from.epoch || (before.from.epoch === from.epoch && before.version >= version))) {
      return;
    }
    const afar = stream && new FarStream(stream);
    byNode.set(from.id, { from, version, stream: afar });
    this.#show(userId, from.id, afar);
  }

  #show(userId: string, node: string, stream: AfarStream | null): void {
    const commercial = this.#options.streams().find(userId);
    if (!commercial) return;
    if (stream) commercial.afar.set(node, stream);
    else if (!commercial.afar.delete(node)) return;
    this.#options.streams().touch(commercial);
  }

  #answer(from: NodeRef, userIds: readonly string[], all: boolean): void {
    const asked = all ? userIds : userIds.filter((id) => this.#told.has(id));
    for (const piece of pieces(asked)) {
      this.#options.bus.send(from, 'own-streams', { changed: piece.map((id) => this.#now(id)) });
    }
  }

  #schedule(): void {
    this.#timer ??= this.#options.timers.after(GATHER_MS, () => {
      this.#timer = null;
      const { bus } = this.#options;
      for (const piece of pieces(takeAll(this.#changed))) {
        bus.publish(NODES_TOPIC, 'own-streams', { changed: piece.map((id) => this.#now(id)) });
      }
      for (const userIds of pieces(takeAll(this.#asked))) {
        bus.publish(NODES_TOPIC, 'whose-streams', { userIds, all: false });
      }
    });
  }

  #now(userId: string): OwnStream {
    const stream = this.#told.has(userId) ? this.#options.streams().find(userId)?.stream : null;
    if (!stream) return { userId, version: this.#version, stream: null };
    const { id, order, status, liveForMs } = stream;
    return { userId, version: this.#version, stream: { id, order, status, liveForMs } };
  }
}

/** A stream at another node; its age goes on by this node's own clock. */
class FarStream implements AfarStream {
  readonly id: string;
  readonly order: number;
  readonly status: AfarStream['status'];
  readonly #startedAt: number;

  constructor({ id, order, status, liveForMs }: NonNullable<OwnStream['stream']>) {
    this.id = id;
    this.order = order;
    this.status = status;
    this.#startedAt = performance.now() - liveForMs;
  }

  get liveForMs(): number {
    return Math.max(0, Math.round(performance.now() - this.#startedAt));
  }
}

function takeAll(from: Set<string>): string[] {
  const all = [...from];
  from.clear();
  return all;
}

function* pieces(ids: readonly string[]): IterableIterator<string[]> {
  for (let i = 0; i < ids.length; i += PIECE) yield ids.slice(i, i + PIECE);
}
