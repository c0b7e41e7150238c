import { timingSafeEqual } from 'node:crypto';
import type { Logger } from '../logger.ts';
import type { Timer, TimerSet } from '../streams/timers.ts';
import type { ClusterKeys } from './bus/cluster-keys.ts';
import { ClusterError } from './cluster-error.ts';
import type { ClusterStore } from './store/cluster-store.ts';

/** How long a lease lasts without being renewed, and how often that is done, in milliseconds. */
const LEASE_MS = 5_000;
const RENEW_MS = 1_500;
/** A life that ended without a word holds the id for this long; after that, who holds it is alive. */
const WAIT_MS = LEASE_MS + 1_000;
const RETRY_MS = 500;
/** Longer than any node is away before it comes back under its id. */
const EPOCH_MS = 7 * 86_400_000;

/** What a lease is made with. */
export interface NodeLeaseOptions {
  readonly id: string;
  readonly store: ClusterStore;
  readonly keys: ClusterKeys;
  readonly timers: TimerSet;
  readonly logger: Logger;
  /** Another node that is alive has taken the id: this one must end. Called once. */
  readonly onTaken: (error: ClusterError) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly steady?: () => number;
}

/**
 * Sees to it that no two nodes of a cluster have the same id. Who starts while another has it, ends; where two have it all the same
 * (the store was away, or one was frozen), the one that started earlier ends. What stands in the store says the holder's epoch, under
 * a keyed hash: who may only write there cannot drive a node out.
 */
export class NodeLease {
  readonly #options: NodeLeaseOptions;
  readonly #steady: () => number;
  #timer: Timer | null = null;
  #epoch: number;
  #closed = false;

  constructor(options: NodeLeaseOptions) {
    this.#options = options;
    this.#steady = options.steady ?? (() => performance.now());
    this.#epoch = (options.now ?? Date.now)();
  }

  /**
   * Takes the id, and renews it from then on. While an earlier life holds it, which may have ended without a word, up to 6 s are waited.
   * Without a store the node starts all the same, and the id is taken when that is back.
   * @returns the epoch: greater than those of all earlier lives that the store knows of
   * @throws ClusterError node_id_taken
   */
  async take(): Promise<number> {
    const { store, id, logger } = this.#options;
    try {
      this.#epoch = await store.next(`epoch:${id}`, this.#epoch, EPOCH_MS);
      const start = this.#steady();
      for (;;) {
        const holder = await this.#hold(false);
        if (holder === null) break;
        if (this.#steady() - start > WAIT_MS) throw this.#taken();
        await new Promise<void>((resolve) => this.#options.timers.after(RETRY_MS, resolve));
      }
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'node_id_taken') throw error;
      logger.warn({ err: error }, 'the node’s id could not be taken, since Redis does not answer; it is tried again');
    }
    this.#renewLater();
    return this.#epoch;
  }

  /** Lets the id go, so that a next life need not wait. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    await this.#options.store.letGo(this.#name, this.#value(this.#epoch)).catch(() => undefined);
  }

  get #name(): string {
    return `node:${this.#options.id}`;
  }

  #renewLater(): void {
    if (this.#closed) return;
    this.#timer = this.#options.timers.after(RENEW_MS, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    try {
      const holder = await this.#hold(true);
      if (this.#closed) return;
      if (holder !== null) {
        this.#closed = true;
        this.#options.onTaken(this.#taken());
        return;
      }
    } catch (error) {
      this.#options.logger.debug({ err: error }, 'the node’s lease could not be renewed');
    }
    this.#renewLater();
  }

  /** Null: it is ours. Else the epoch of who holds it. @param run true: an older life gives way to this one */
  async #hold(run: boolean): Promise<number | null> {
    const { store } = this.#options;
    const value = this.#value(this.#epoch);
    let over: string | null = null;
    // Each turn gives way to nothing but what was read in the one before.
    for (let turn = 0; turn < 3; turn++) {
      const found = await store.hold(this.#name, value, LEASE_MS, over);
      if (found === null) return null;
      const epoch = this.#read(found);
      if (epoch !== null && (!run || epoch > this.#epoch)) return epoch;
      over = found;
    }
    return null;
  }

  #value(epoch: number): string {
    const hash = this.#options.keys.current.hash('node', `${this.#options.id} ${epoch}`);
    return `${epoch}.${hash}`;
  }

  /** The epoch that it says; null when no node of this cluster has written it. */
  #read(value: string): number | null {
    const match = /^(\d{1,15})\.([\w-]{22})$/.exec(value);
    if (!match) return null;
    const [, epoch = '', hash = ''] = match;
    const expected = this.#options.keys.hashes('node', `${this.#options.id} ${epoch}`);
    const good = expected.some((one) => timingSafeEqual(Buffer.from(one), Buffer.from(hash)));
    return good ? Number(epoch) : null;
  }

  #taken(): ClusterError {
    const { id } = this.#options;
    return new ClusterError(
      'node_id_taken',
      `Another relay of this cluster has the id ${id} (NODE_ID). Give each its own, or leave NODE_ID out.`,
    );
  }
}
