import type { Logger } from '../../logger.ts';
import type { Consents } from '../../policy/consents.ts';
import type { Tally } from '../../policy/tallies.ts';
import type { Usage } from '../../policy/usage.ts';
import type { Timer, TimerSet } from '../../streams/timers.ts';
import type { ClusterBus } from '../bus/cluster-bus.ts';
import { type CountsBody, NODES_TOPIC, type NodeRef } from '../bus-protocol.ts';
import type { Membership } from '../membership.ts';
import type { LocalStreams } from './local-streams.ts';

/** What one change after the other brings about is said together. */
const GATHER_MS = 50;
/** While somebody is heard, the others are told so often of how long. */
const WHILE_HEARD_MS = 5_000;
/** Everything is told anew so often: what got lost is lost for no longer. */
const ANEW_MS = 60_000;
/** How long a node that comes waits for what others remember of it. */
const QUIET_MS = 3_000;
/** Tallies, and consents, in one message. */
const PIECE = 200;

/** What is counted here, and what was acknowledged here. */
export interface Counts {
  readonly usage: Usage;
  readonly consents: Consents;
}

/** What this module is made with. */
export interface SharedCountsOptions {
  readonly bus: ClusterBus;
  readonly membership: Membership;
  readonly timers: TimerSet;
  readonly logger: Logger;
}

/**
 * What the policy counts, and what commercials have acknowledged, over all nodes. Each node says what it counted itself, as a number that only
 * grows, so that nothing counts twice, whatever is late or repeated. While the others cannot be heard of, each counts its own and says so.
 */
export class SharedCounts {
  readonly #options: SharedCountsOptions;
  readonly #changed = new Set<string>();
  /** Nodes that have left, and in which life. */
  readonly #met = new Map<string, number>();
  /** What was restored is told only once the others could say that they know better. */
  #quiet = true;
  /** The first who remembers this node has told of it. */
  #remembered = false;
  #counts: Counts | null = null;
  #streams: LocalStreams | null = null;
  #timers: Timer[] = [];
  #gathering: Timer | null = null;

  constructor(options: SharedCountsOptions) {
    this.#options = options;
    options.bus.on('counts', (from, body) => this.#take(from, body));
  }

  /** From now on these counts are told, and others' are added to them. To be called once. */
  attach(counts: Counts, streams: LocalStreams): void {
    const { membership, bus, logger } = this.#options;
    this.#counts = counts;
    this.#streams = streams;
    counts.usage.onChange = (id) => this.#touch(id);
    counts.consents.onGiven = (id, version) => {
      bus.publish(NODES_TOPIC, 'counts', { tallies: [], yours: null, consents: [[id, version]] });
    };
    membership.observe({
      joined: (peer) => this.#tellAll(peer),
      renewed: (peer) => this.#tellAll(peer),
      left: ({ id, epoch }) => void this.#met.set(id, epoch),
      health: (healthy) => {
        if (!healthy)
          logger.warn('the limits of a day hold for what is heard at this node, until the others can be heard of');
        else for (const peer of membership.peers()) this.#tellAll(peer);
      },
    });
    for (const peer of membership.peers()) this.#tellAll(peer);
    this.#timers.push(
      this.#options.timers.after(QUIET_MS, () => {
        this.#quiet = false;
        this.#publish(counts.usage.own());
      }),
    );
    this.#often(WHILE_HEARD_MS, () => {
      for (const commercial of streams.commercials()) if (commercial.hearers().size > 0) this.#touch(commercial.id);
    });
    this.#often(ANEW_MS, () => this.#publish(counts.usage.own()));
  }

  /** Nothing is said any more. Idempotent. */
  close(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    this.#gathering?.cancel();
    if (!this.#counts) return;
    // Who goes on for this node counts from there.
    this.#publish([...this.#changed].flatMap((id) => [...(this.#counts?.usage.own(id) ?? [])]));
    this.#counts.usage.onChange = null;
    this.#counts.consents.onGiven = null;
    this.#counts = null;
  }

  #often(ms: number, ring: () => void): void {
    const at = this.#timers.length;
    const again = (): Timer =>
      this.#options.timers.after(ms, () => {
        this.#timers[at] = again();
        ring();
      });
    this.#timers.push(again());
  }

  #touch(commercialId: string): void {
    this.#changed.add(commercialId);
    this.#gathering ??= this.#options.timers.after(GATHER_MS, () => {
      this.#gathering = null;
      const changed = [...this.#changed];
      this.#changed.clear();
      this.#publish(changed.flatMap((id) => [...(this.#counts?.usage.own(id) ?? [])]));
    });
  }

  #publish(tallies: Iterable<Tally>): void {
    if (this.#quiet) return;
    for (const piece of pieces(tallies)) {
      this.#options.bus.publish(NODES_TOPIC, 'counts', { tallies: piece.map(written), yours: null, consents: [] });
    }
  }

  /** To one node: what is counted here, what others counted whom it may never meet, and what is remembered of itself. */
  #tellAll(to: NodeRef): void {
    const counts = this.#counts;
    if (!counts) return;
    const { bus } = this.#options;
    const remembered = [...counts.usage.others()];
    const nothing = { tallies: [], yours: null, consents: [] };
    const own = this.#quiet ? [] : counts.usage.own();
    for (const piece of pieces(own)) bus.send(to, 'counts', { ...nothing, tallies: piece.map(written) });
    for (const piece of pieces(counts.consents.all()))
      bus.send(to, 'counts', { ...nothing, consents: piece.map(([id, version]) => [id, version]) });
    for (const piece of pieces(remembered.filter(([node]) => node !== to.id))) {
      bus.send(to, 'counts', { ...nothing, tallies: piece.map(([node, tally]) => ({ ...written(tally), node })) });
    }
    const life = this.#met.get(to.id);
    if (life === undefined || life === to.epoch) return;
    const yours = remembered.filter(([node]) => node === to.id).map(([, tally]) => written(tally));
    bus.send(to, 'counts', { ...nothing, yours: yours.slice(0, MOST_YOURS) });
  }

  #take(from: NodeRef, { tallies, yours, consents }: CountsBody): void {
    const counts = this.#counts;
    if (!counts) return;
    const touched = new Set<string>();
    for (const tally of tallies) {
      const node = tally.node ?? from.id;
      if (node === this.#options.bus.self.id) continue;
      if (counts.usage.takeOther(node, read(tally))) touched.add(tally.commercialId);
    }
    if (yours && !this.#remembered) {
      this.#remembered = true;
      counts.usage.takeBefore(yours.map(read));
      for (const { commercialId } of yours) touched.add(commercialId);
    }
    for (const [id, version] of consents) if (counts.consents.restore(id, version)) touched.add(id);
    for (const id of touched) {
      const commercial = this.#streams?.find(id);
      if (commercial) this.#streams?.touch(commercial);
    }
  }
}

/** What a node of before is told at most of itself: commercials of two days. */
const MOST_YOURS = 5_000;

type WrittenTally = CountsBody['tallies'][number];

function written({ commercialId, day, heardMs, pairs }: Tally): WrittenTally {
  const whole = [...pairs].map(([admin, ms]): [string, number] => [admin, Math.round(ms)]);
  return { commercialId, day, heardMs: Math.round(heardMs), pairs: whole };
}

function read({ commercialId, day, heardMs, pairs }: WrittenTally): Tally {
  return { commercialId, day, heardMs, pairs: new Map(pairs) };
}

function* pieces<T>(all: Iterable<T>): IterableIterator<T[]> {
  let piece: T[] = [];
  for (const one of all) {
    piece.push(one);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
