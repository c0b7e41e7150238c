import type { Logger } from '../../logger.ts';
import type { Claim, ClaimKind } from '../../streams/claim.ts';
import type { ClaimOptions } from '../../streams/elsewhere.ts';
import type { Session } from '../../streams/session.ts';
import type { TimerSet } from '../../streams/timers.ts';
import type { ClusterBus } from '../bus/cluster-bus.ts';
import type { BodyOf, ResultOf } from '../bus-protocol.ts';
import type { ClaimHolder, Claims } from '../claims.ts';
import type { Membership } from '../membership.ts';
import type { LocalStreams } from './local-streams.ts';

/** A node that is asked about what it has of somebody must say so within this time: a page waits for it. */
const ANSWER_MS = 400;

/**
 * A page that goes over from another node says here what it goes on with while its older session still does the same there: for so long that
 * node is not told that it was overtaken, so that nobody hears a gap before everybody hears the new one. By then the page has left it.
 */
export const HANDOVER_MS = 3_000;

/** What the book is made with. */
export interface ClaimBookOptions {
  readonly bus: ClusterBus;
  readonly claims: Claims;
  readonly membership: Membership;
  readonly timers: TimerSet;
  readonly logger: Logger;
  readonly streams: () => Pick<LocalStreams, 'find'>;
}

/** The claims of this node's sessions, and what becomes of them when another node has a newer one. */
export class ClaimBook {
  readonly #options: ClaimBookOptions;
  /** Kind and user -> open claims, the oldest first. */
  readonly #open = new Map<string, Set<OpenClaim>>();

  constructor(options: ClaimBookOptions) {
    this.#options = options;
    const { bus, claims } = options;
    bus.on('overtaken', (_from, { kind, userId, order, device }) =>
      this.#overtaken(kind, userId, order, device === true),
    );
    bus.on('goes-over', (_from, { kind, userId, order }) => {
      for (const claim of this.#openOf(kind, userId)) claim.leave(order);
    });
    bus.answer('holds', (_from, body) => this.#holds(body));
    bus.answer('live-for', (_from, { userId, session }) => {
      const stream = options.streams().find(userId)?.stream;
      return { liveForMs: stream?.session.key === session ? stream.liveForMs : null };
    });
    claims.onLost(({ kind, userId, other }) => this.#overtaken(kind, userId, other.order, false));
    claims.onWon(({ kind, userId, session, other }) => {
      const claim = this.#newest(kind, userId, session);
      if (claim) this.#tellOvertaken(other, kind, userId, claim.order, claim.device);
    });
  }

  /** Open claims, for leak tests. */
  get size(): number {
    let size = 0;
    for (const claims of this.#open.values()) size += claims.size;
    return size;
  }

  /** Never rejects. */
  async claim(kind: ClaimKind, session: Session, { again }: ClaimOptions): Promise<Claim> {
    const userId = session.user.id;
    const device = session.kind !== 'page';
    const claim = new OpenClaim(session.key, device, {
      enforced: (previous, order) => {
        const tell = (): void => this.#tellOvertaken(previous, kind, userId, order, device);
        if (!again || previous.session !== session.predecessor) return tell();
        this.#send(previous, 'goes-over', { kind, userId, order });
        this.#options.timers.after(HANDOVER_MS, tell);
      },
      released: (released) => this.#release(kind, userId, released),
    });
    const key = keyOf(kind, userId);
    this.#open.set(key, (this.#open.get(key) ?? new Set()).add(claim));
    const { claims } = this.#options;
    const setup = { again, predecessor: session.predecessor };
    let outcome = await claims.claim(kind, userId, session.key, setup);
    if (!outcome.taken) {
      const { holds, device: heldByDevice = false } = await this.#askHolder(kind, userId, outcome.holder);
      if (holds && !(device && heldByDevice)) {
        claim.lose();
        return claim;
      }
      // Whoever had it is gone without having given it up: the page goes on in its place. Or a device follows another.
      outcome = await claims.claim(kind, userId, session.key);
    }
    if (!outcome.taken) claim.lose();
    else {
      claim.settle(outcome.order, outcome.previous);
      const { previous } = outcome;
      const goesOver = kind === 'stream' && again && previous?.session === session.predecessor;
      if (previous && goesOver) claim.carriedMs = await this.#liveFor(previous, userId);
    }
    return claim;
  }

  /** A node that drains says how long the stream that leaves it has been live: clock and time limit go on. When it says nothing they begin anew. */
  async #liveFor({ node, epoch, session }: ClaimHolder, userId: string): Promise<number> {
    const { bus, membership, logger } = this.#options;
    // Any other may be gone, and the page comes back from a loss: to wait for its answer would be silence.
    if (!membership.peer(node, epoch)?.info.draining) return 0;
    try {
      const { liveForMs } = await bus.request({ id: node, epoch }, 'live-for', { userId, session }, ANSWER_MS);
      return liveForMs ?? 0;
    } catch (error) {
      logger.debug({ err: error, node }, 'a node does not say how long a stream has been live');
      return 0;
    }
  }

  async #askHolder(kind: ClaimKind, userId: string, { node, epoch, order }: ClaimHolder): Promise<ResultOf<'holds'>> {
    const { bus, membership, logger } = this.#options;
    if (node === bus.self.id) return epoch === bus.self.epoch ? this.#holds({ kind, userId, order }) : { holds: false };
    const peer = membership.peer(node, epoch);
    if (!peer) return { holds: false };
    try {
      return await bus.request({ id: node, epoch }, 'holds', { kind, userId, order }, ANSWER_MS);
    } catch (error) {
      logger.debug({ err: error, node }, 'a node does not say whether it holds a claim: it counts as gone');
      return { holds: false };
    }
  }

  #openOf(kind: ClaimKind, userId: string): OpenClaim[] {
    return [...(this.#open.get(keyOf(kind, userId)) ?? [])];
  }

  #holds({ kind, userId }: BodyOf<'holds'>): ResultOf<'holds'> {
    const held = this.#openOf(kind, userId).filter(({ settled, lost }) => settled && !lost);
    if (held.length === 0) return { holds: false };
    return { holds: true, ...(held.every(({ device }) => device) && { device: true }) };
  }

  #overtaken(kind: ClaimKind, userId: string, order: number, byDevice: boolean): void {
    for (const claim of this.#openOf(kind, userId)) claim.overtake(order, byDevice);
  }

  #tellOvertaken(to: ClaimHolder, kind: ClaimKind, userId: string, order: number, byDevice: boolean): void {
    this.#send(to, 'overtaken', { kind, userId, order, ...(byDevice && { device: true }) });
  }

  #send<K extends 'goes-over' | 'overtaken'>({ node: id, epoch }: ClaimHolder, what: K, body: BodyOf<K>): void {
    const { bus } = this.#options;
    if (id !== bus.self.id) bus.send({ id, epoch }, what, body);
  }

  #newest(kind: ClaimKind, userId: string, session: string): OpenClaim | null {
    return this.#openOf(kind, userId).findLast((claim) => claim.session === session) ?? null;
  }

  #release(kind: ClaimKind, userId: string, claim: OpenClaim): void {
    const key = keyOf(kind, userId);
    const newest = this.#newest(kind, userId, claim.session);
    const open = this.#open.get(key);
    open?.delete(claim);
    if (open?.size === 0) this.#open.delete(key);
    // A newer claim of the same session stands for it in the store.
    if (newest === claim) this.#options.claims.release(kind, userId, claim.session, this.#heir(kind, userId, claim));
  }

  /** Who had it before a claim that was never enforced, and may have it still. */
  #heir(kind: ClaimKind, userId: string, { untold }: OpenClaim): ClaimHolder | null {
    const { self } = this.#options.bus;
    if (untold?.node !== self.id) return untold;
    return untold.epoch === self.epoch && this.#newest(kind, userId, untold.session) ? untold : null;
  }
}

/** What an open claim tells the book. */
interface OpenClaimEvents {
  enforced(previous: ClaimHolder, order: number): void;
  released(claim: OpenClaim): void;
}

/** A claim of a session, from the moment it is asked for. */
class OpenClaim implements Claim {
  readonly session: string;
  /** Of a device or player, and not of a page. */
  readonly device: boolean;
  onLost: (() => void) | null = null;
  order = 0;
  lost = false;
  carriedMs = 0;
  settled = false;
  readonly #events: OpenClaimEvents;
  /** Who has it besides, and was not told of this claim. */
  #untold: ClaimHolder | null = null;
  #enforced = false;
  #overtakenBy = 0;
  #byDevice = false;
  #leftFor = 0;
  #released = false;

  constructor(session: string, device: boolean, events: OpenClaimEvents) {
    this.session = session;
    this.device = device;
    this.#events = events;
  }

  get goneOver(): boolean {
    return this.settled && this.#leftFor > this.order;
  }

  get lostToDevice(): boolean {
    return this.lost && this.#byDevice;
  }

  /** Who goes on when this claim is given up. */
  get untold(): ClaimHolder | null {
    return this.#untold;
  }

  settle(order: number, previous: ClaimHolder | null): void {
    this.order = order;
    this.settled = true;
    this.#untold = previous?.session === this.session ? null : previous;
    if (this.#enforced) this.#tell();
    if (this.#overtakenBy > order) this.lose();
  }

  /** Somebody elsewhere has a claim of this order. */
  overtake(order: number, byDevice: boolean): void {
    if (order > this.#overtakenBy) [this.#overtakenBy, this.#byDevice] = [order, byDevice];
    if (this.settled && order > this.order) this.lose();
  }

  /** The page goes on elsewhere, with a claim of this order. */
  leave(order: number): void {
    this.#leftFor = Math.max(this.#leftFor, order);
  }

  lose(): void {
    if (this.lost) return;
    this.lost = true;
    this.onLost?.();
  }

  enforce(): void {
    this.#enforced = true;
    this.#tell();
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#events.released(this);
  }

  #tell(): void {
    const previous = this.#untold;
    this.#untold = null;
    if (previous) this.#events.enforced(previous, this.order);
  }
}

function keyOf(kind: ClaimKind, userId: string): string {
  return `${kind}:${userId}`;
}
