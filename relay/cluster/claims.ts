import type { Logger } from '../logger.ts';
import type { Timer, TimerSet } from '../streams/timers.ts';
import type { ClusterKeys } from './bus/cluster-keys.ts';
import type { NodeRef } from './bus-protocol.ts';
import type { ClaimHolder, ClaimOutcome, ClaimWish, ClusterStore, NamedHolder } from './store/cluster-store.ts';

export type { ClaimHolder, ClaimOutcome } from './store/cluster-store.ts';

/** What a user can do in one place only: stream, or listen. */
export type ClaimKind = 'stream' | 'listen';

/** How long a claim lasts without being kept, in milliseconds. */
const CLAIM_MS = 60_000;
const KEEP_MS = 20_000;
/** How often claims that the store may not know of are tried again. */
const UNSURE_MS = 1_000;
/** A click does not wait longer for the store. */
const DEADLINE_MS = 300;
/** Claims that are kept in one go. */
const BATCH = 500;

/** Two claims of the same met in the store later than they were made. */
export interface ClaimMeeting {
  readonly kind: ClaimKind;
  readonly userId: string;
  /** The session of this node. */
  readonly session: string;
  /** That of the other claim. */
  readonly other: ClaimHolder;
}

/** What a claim may say besides. */
export interface ClaimSetup {
  /** Not a new wish: the page goes on with what it had. It takes nothing from another session but its `predecessor`. */
  readonly again?: boolean;
  /** The hash of the session that this one goes on for. */
  readonly predecessor?: string | null;
}

/** What the claims are made with. */
export interface ClaimsOptions {
  readonly self: NodeRef;
  readonly store: ClusterStore;
  readonly keys: ClusterKeys;
  readonly timers: TimerSet;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly steady?: () => number;
}

interface Held {
  readonly kind: ClaimKind;
  readonly userId: string;
  readonly holder: ClaimHolder;
  /** The store may not know of it. */
  readonly unsure: boolean;
}

/**
 * Who streams or listens where, when a user does so in several places: the newest claim wins, on every node the same. Claims live in
 * the store under a keyed hash of the user's id. Without the store a click goes on at once: its order is then taken from the clock,
 * and compared when the store is back.
 */
export class Claims {
  readonly #options: ClaimsOptions;
  readonly #now: () => number;
  readonly #steady: () => number;
  readonly #held = new Map<string, Held>();
  readonly #onLost = new Set<(meeting: ClaimMeeting) => void>();
  readonly #onWon = new Set<(meeting: ClaimMeeting) => void>();
  /** Claims on their way, and whether they were released meanwhile. */
  readonly #claiming = new Set<{ readonly key: string; readonly session: string; released: boolean }>();
  #timer: Timer | null = null;
  #keptAt: number;
  #keeping = false;
  #closed = false;
  /** Above all orders that were seen. */
  #highest = 0;

  constructor(options: ClaimsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#steady = options.steady ?? (() => performance.now());
    this.#keptAt = this.#steady();
    this.#later();
  }

  /** Claims of this node. */
  get size(): number {
    return this.#held.size;
  }

  /** A claim of this node was lost to a newer one somewhere else. Not called when `claim` itself has told. Returns how to stop. */
  onLost(handler: (meeting: ClaimMeeting) => void): () => void {
    this.#onLost.add(handler);
    return () => this.#onLost.delete(handler);
  }

  /** A claim of this node has taken the place of an older one, whose node may not know yet. Returns how to stop. */
  onWon(handler: (meeting: ClaimMeeting) => void): () => void {
    this.#onWon.add(handler);
    return () => this.#onWon.delete(handler);
  }

  /**
   * Claims `kind` for this user and session. Never rejects, and takes 300 ms at most. Once it is taken, it is kept until `release`, or
   * until another session of this node claims the same.
   * @param session a hash that stands for the session
   */
  async claim(kind: ClaimKind, userId: string, session: string, setup: ClaimSetup = {}): Promise<ClaimOutcome> {
    const { self, store } = this.#options;
    const { again = false, predecessor = null } = setup;
    const wish: ClaimWish = { node: self.id, epoch: self.epoch, session, again, predecessor };
    const asked = this.#now();
    const key = keyOf(kind, userId);
    const claiming = { key, session, released: false };
    this.#claiming.add(claiming);
    const outcome = await this.#withinDeadline(store.claim(this.#names(kind, userId), wish, CLAIM_MS));
    this.#claiming.delete(claiming);
    if (outcome?.taken === false) return outcome;
    const before = this.#held.get(key);
    const provisional = again && before?.holder.session === session ? before.holder.order : this.#orderAt(asked);
    const order = outcome?.order ?? provisional;
    this.#highest = Math.max(this.#highest, order);
    const holder: ClaimHolder = { node: self.id, epoch: self.epoch, session, order };
    // Two claims of one user at the same time, here: the later one stays, in whatever order the answers come.
    if (!claiming.released && !this.#closed && (!before || before.holder.order <= order)) {
      this.#held.set(key, { kind, userId, holder, unsure: outcome === null });
    }
    if (outcome === null) this.#later();
    return outcome ?? { taken: true, order, previous: before?.holder ?? null };
  }

  /**
   * This session does not do it any more. Without effect when another session has claimed it.
   * @param heir who had it before and has not been told: it is theirs again, unless somebody newer has claimed it
   */
  release(kind: ClaimKind, userId: string, session: string, heir: ClaimHolder | null = null): void {
    const { self, store, logger } = this.#options;
    const key = keyOf(kind, userId);
    if (this.#held.get(key)?.holder.session === session) {
      this.#held.delete(key);
      if (heir?.node === self.id) this.#held.set(key, { kind, userId, holder: heir, unsure: true });
    }
    for (const claiming of this.#claiming) {
      if (claiming.key === key && claiming.session === session) claiming.released = true;
    }
    const holder = { node: self.id, epoch: self.epoch, session };
    store.release(this.#names(kind, userId), holder).catch((error: unknown) => {
      // It runs out by itself.
      logger.debug({ err: error, kind }, 'a claim could not be released');
    });
    if (!heir) return;
    store.keep([{ names: this.#names(kind, userId), holder: heir }], CLAIM_MS).catch((error: unknown) => {
      // Its own node keeps it, every twenty seconds.
      logger.debug({ err: error, kind }, 'a claim could not be given back');
    });
  }

  /** Keeps all claims now: the store may have lost them. */
  reclaim(): void {
    this.#keptAt = Number.NEGATIVE_INFINITY;
    void this.#keep();
  }

  /** Claims stay in the store, for the sessions that follow; they run out by themselves. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#held.clear();
  }

  #later(): void {
    this.#timer?.cancel();
    if (this.#closed) return;
    this.#timer = this.#options.timers.after(UNSURE_MS, () => void this.#keep());
  }

  async #keep(): Promise<void> {
    if (this.#keeping || this.#closed) return;
    this.#keeping = true;
    const all = this.#steady() - this.#keptAt >= KEEP_MS;
    if (all) this.#keptAt = this.#steady();
    const due = [...this.#held.values()].filter(({ unsure }) => all || unsure);
    try {
      for (let i = 0; i < due.length; i += BATCH) await this.#keepBatch(due.slice(i, i + BATCH));
    } catch (error) {
      if (all) this.#keptAt = this.#steady() - KEEP_MS + UNSURE_MS;
      this.#options.logger.debug({ err: error }, 'claims could not be kept');
    } finally {
      this.#keeping = false;
      this.#later();
    }
  }

  async #keepBatch(batch: readonly Held[]): Promise<void> {
    const named = batch.map(({ kind, userId, holder }): NamedHolder => ({ names: this.#names(kind, userId), holder }));
    const outcomes = await this.#options.store.keep(named, CLAIM_MS);
    for (const [index, held] of batch.entries()) {
      const key = keyOf(held.kind, held.userId);
      // Released or claimed anew meanwhile: what was kept is corrected by that, or by the next time.
      if (this.#held.get(key) !== held) continue;
      const { kept, other } = outcomes[index] ?? { kept: true, other: null };
      if (!kept) this.#held.delete(key);
      else if (held.unsure) this.#held.set(key, { ...held, unsure: false });
      if (other === null) continue;
      this.#highest = Math.max(this.#highest, other.order);
      const meeting: ClaimMeeting = { kind: held.kind, userId: held.userId, session: held.holder.session, other };
      for (const handler of kept ? [...this.#onWon] : [...this.#onLost]) handler(meeting);
    }
  }

  /** Null when the store does not answer in time. */
  async #withinDeadline(asking: Promise<ClaimOutcome>): Promise<ClaimOutcome | null> {
    const late = new Promise<null>((resolve) => {
      const timer = this.#options.timers.after(DEADLINE_MS, () => resolve(null));
      asking.then(
        () => timer.cancel(),
        () => timer.cancel(),
      );
    });
    try {
      return await Promise.race([asking, late]);
    } catch (error) {
      this.#options.logger.debug({ err: error }, 'the store does not take claims');
      return null;
    }
  }

  #orderAt(ms: number): number {
    return Math.max(this.#highest + 1, ms * 1000);
  }

  #names(kind: ClaimKind, userId: string): readonly string[] {
    return this.#options.keys.hashes('claim', userId).map((hash) => `claim:${kind}:${hash}`);
  }
}

function keyOf(kind: ClaimKind, userId: string): string {
  return `${kind}:${userId}`;
}
