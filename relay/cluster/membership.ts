import type { Logger } from '../logger.ts';
import type { Timer, TimerSet } from '../streams/timers.ts';
import type { ClusterBus } from './bus/cluster-bus.ts';
import { NODES_TOPIC, type NodeInfo, type NodeRef } from './bus-protocol.ts';

/** How often a node says that it is there, in milliseconds. */
export const HELLO_MS = 1_000;
/** A node whose own hello did not come back for this long does not judge others. */
export const UNHEALTHY_MS = 2_500;
/** A peer that was silent for this long is dead. */
export const DEAD_MS = 5_000;
/** After the bus is back, others have this long to come back too before their silence counts. */
const RETURN_MS = 2 * HELLO_MS;
const TICK_MS = 250;
const MEET_MS = 1_500;
/** Meetings at the same time. */
const MAX_MEETINGS = 256;
/** Lives that said goodbye and are remembered. */
const MAX_GONE = 1_000;

/** Another node of the cluster, in one of its lives. */
export interface Peer extends NodeRef {
  /** What it said last. */
  readonly info: NodeInfo;
}

/** Why a peer is gone: it said so, or it was silent, or a later life of it has come. */
export type Departure = 'bye' | 'dead';

/** What an observer of the membership is told. */
export interface MembershipObserver {
  /** A peer is there, and has heard of this node as well. */
  joined?(peer: Peer): void;
  /** A peer says something else of itself than before. */
  changed?(peer: Peer): void;
  /** The peer had lost this node for a while, and may have forgotten what it was told: tell it anew. It never left here. */
  renewed?(peer: Peer): void;
  left?(peer: Peer, why: Departure): void;
  /** The bus carries (this node's own messages come back), or does so no more. */
  health?(healthy: boolean): void;
}

/** What a membership is made with. */
export interface MembershipOptions {
  readonly bus: ClusterBus;
  readonly timers: TimerSet;
  readonly logger: Logger;
  /** What this node says of itself now. */
  readonly info: () => NodeInfo;
  /** Milliseconds of a clock that never jumps. */
  readonly now?: () => number;
}

interface Known {
  peer: Peer;
  lastSeen: number;
  readonly since: number;
}

/**
 * Which nodes are there. Each says so once a second. A hello alone makes no peer, since it may be a recording: the node is asked, and
 * its answer is bound to this node's life. A silent peer is dead, but only for a node that hears itself: when the message server is
 * frozen or away, nobody is declared dead.
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #now: () => number;
  readonly #peers = new Map<string, Known>();
  readonly #observers = new Set<MembershipObserver>();
  /** Node id -> the life that is being met. */
  readonly #meeting = new Map<string, number>();
  /** Node id -> the life that said goodbye. */
  readonly #gone = new Map<string, number>();
  readonly #stops: (() => void)[] = [];
  #timer: Timer | null = null;
  #lastHello = Number.NEGATIVE_INFINITY;
  #lastOwn = Number.NEGATIVE_INFINITY;
  #healthySince: number | null = null;
  #closed = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** From now on this node is seen, and sees others. */
  start(): void {
    const { bus } = this.#options;
    bus.answer('meet', (from, info) => this.#wasMet(from, info));
    this.#stops.push(
      bus.on('hello', (from, info) => this.#heard(from, info)),
      bus.on('bye', (from) => this.#bye(from)),
      bus.onOwn((kind) => kind === 'hello' && this.#heardSelf()),
      bus.follow(NODES_TOPIC, () => this.announce()),
    );
    this.#tick();
  }

  /** Is the bus known to carry? */
  get healthy(): boolean {
    return this.#healthySince !== null;
  }

  peers(): readonly Peer[] {
    return [...this.#peers.values()].map(({ peer }) => peer);
  }

  /** For how long nothing was heard of that peer which has been silent longest, in milliseconds; 0 without peers. */
  get silentForMs(): number {
    const now = this.#now();
    return Math.max(0, ...[...this.#peers.values()].map(({ lastSeen }) => now - lastSeen));
  }

  /** The peer of that id; with an epoch: in that life only. */
  peer(id: string, epoch?: number): Peer | null {
    const peer = this.#peers.get(id)?.peer;
    return peer && (epoch === undefined || peer.epoch === epoch) ? peer : null;
  }

  /** Returns how to stop. */
  observe(observer: MembershipObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** Says hello at once: what this node says of itself has changed. */
  announce(): void {
    if (this.#closed) return;
    this.#lastHello = this.#now();
    this.#options.bus.publish(NODES_TOPIC, 'hello', this.#options.info());
  }

  /** Says goodbye. The bus stays open, for it to be sent. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    for (const stop of this.#stops) stop();
    this.#options.bus.publish(NODES_TOPIC, 'bye', {});
  }

  #tick(): void {
    if (this.#closed) return;
    this.#timer = this.#options.timers.after(TICK_MS, () => this.#tick());
    const now = this.#now();
    // Health first: a process that was frozen must not judge by what it missed.
    if (now - this.#lastOwn > UNHEALTHY_MS) this.#setHealthy(false);
    if (this.#healthySince !== null) {
      const returned = this.#healthySince + RETURN_MS;
      for (const [id, known] of [...this.#peers]) {
        if (now - Math.max(known.lastSeen, returned) > DEAD_MS) this.#remove(id, known, 'dead');
      }
    }
    if (now - this.#lastHello >= HELLO_MS) this.announce();
  }

  #heardSelf(): void {
    this.#lastOwn = this.#now();
    this.#setHealthy(true);
  }

  #setHealthy(healthy: boolean): void {
    if (this.healthy === healthy) return;
    this.#healthySince = healthy ? this.#now() : null;
    this.#tell((observer) => observer.health?.(healthy));
  }

  #heard(from: NodeRef, info: NodeInfo): void {
    const known = this.#peers.get(from.id);
    if (known?.peer.epoch === from.epoch) this.#seen(known, info);
    else void this.#meet(from);
  }

  #seen(known: Known, info: NodeInfo): void {
    known.lastSeen = this.#now();
    if (JSON.stringify(known.peer.info) === JSON.stringify(info)) return;
    known.peer = { ...known.peer, info };
    this.#tell((observer) => observer.changed?.(known.peer));
  }

  async #meet(from: NodeRef): Promise<void> {
    const meeting = this.#meeting.get(from.id);
    if (meeting !== undefined && meeting >= from.epoch) return;
    if (meeting === undefined && this.#meeting.size >= MAX_MEETINGS) return;
    this.#meeting.set(from.id, from.epoch);
    try {
      const info = await this.#options.bus.request(from, 'meet', this.#options.info(), MEET_MS);
      this.#admit(from, info);
    } catch (error) {
      // A recording, or a node that is gone again: the next hello of one that is there asks anew.
      this.#options.logger.debug({ err: error, node: from.id }, 'a node that said hello could not be met');
    } finally {
      if (this.#meeting.get(from.id) === from.epoch) this.#meeting.delete(from.id);
    }
  }

  #wasMet(from: NodeRef, info: NodeInfo): NodeInfo {
    const known = this.#peers.get(from.id);
    // Two that meet for the first time ask each other; a silence that makes dead is longer.
    const crossing = known !== undefined && this.#now() - known.since < DEAD_MS;
    if (known?.peer.epoch === from.epoch && !crossing) this.#tell((observer) => observer.renewed?.(known.peer));
    this.#admit(from, info);
    return this.#options.info();
  }

  /** It answered this life of this node, or asked it: it is there. */
  #admit(from: NodeRef, info: NodeInfo): void {
    if (this.#closed || (this.#gone.get(from.id) ?? 0) >= from.epoch) return;
    const known = this.#peers.get(from.id);
    if (known && known.peer.epoch > from.epoch) return;
    if (known?.peer.epoch === from.epoch) {
      this.#seen(known, info);
      return;
    }
    if (known) this.#remove(from.id, known, 'dead');
    const peer: Peer = { id: from.id, epoch: from.epoch, info };
    this.#peers.set(from.id, { peer, lastSeen: this.#now(), since: this.#now() });
    this.#tell((observer) => observer.joined?.(peer));
  }

  #bye(from: NodeRef): void {
    this.#gone.delete(from.id);
    this.#gone.set(from.id, from.epoch);
    const oldest = this.#gone.keys().next().value;
    if (this.#gone.size > MAX_GONE && oldest !== undefined) this.#gone.delete(oldest);
    const known = this.#peers.get(from.id);
    if (known?.peer.epoch === from.epoch) this.#remove(from.id, known, 'bye');
  }

  #remove(id: string, known: Known, why: Departure): void {
    if (this.#peers.get(id) !== known) return;
    this.#peers.delete(id);
    this.#tell((observer) => observer.left?.(known.peer, why));
  }

  #tell(call: (observer: MembershipObserver) => void): void {
    for (const observer of [...this.#observers]) {
      try {
        call(observer);
      } catch (error) {
        this.#options.logger.error({ err: error }, 'an observer of the membership failed');
      }
    }
  }
}
