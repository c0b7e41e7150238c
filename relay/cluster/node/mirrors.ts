import type { Logger } from '../../logger.ts';
import type { TimerSet } from '../../streams/timers.ts';
import type { ClusterBus } from '../bus/cluster-bus.ts';
import { type BodyOf, BUS_PROTOCOL, type NodeRef, teamTopic } from '../bus-protocol.ts';
import type { CommercialRow } from '../bus-rows.ts';
import type { Membership } from '../membership.ts';
import { CatchUp } from './catch-up.ts';
import type { LocalStreams } from './local-streams.ts';
import { NodeMirror } from './mirror.ts';
import type { MakeSource } from './mirror-stream.ts';

/** What the mirrors are made with. */
export interface MirrorsOptions {
  readonly bus: ClusterBus;
  readonly membership: Membership;
  readonly timers: TimerSet;
  readonly logger: Logger;
  readonly streams: () => LocalStreams;
  /** How long the commercials of a node that is gone are waited for. */
  readonly graceMs: number;
  readonly makeSource: (from: NodeRef, stream: () => string | null) => MakeSource;
}

/** What other nodes say of the commercials of the teams that are watched here; those of another version of the bus are not believed. */
export class Mirrors {
  readonly #options: MirrorsOptions;
  /** The teams that this node follows, each with what ends that. */
  readonly #teams = new Map<string, () => void>();
  /** Node id -> commercial id -> what it says. */
  readonly #byNode = new Map<string, Map<string, NodeMirror>>();
  /** Node id -> what is asked of its newest life. */
  readonly #catchUps = new Map<string, CatchUp>();
  #closed = false;

  constructor(options: MirrorsOptions) {
    this.#options = options;
    options.bus.on('rows', (from, body, topic) => this.#rows(from, body, topic));
  }

  /** Commercials of other nodes that are known here, counted for each node. */
  get size(): number {
    let size = 0;
    for (const mirrors of this.#byNode.values()) size += mirrors.size;
    return size;
  }

  /** These teams are watched here, and no others. */
  watch(equipes: ReadonlySet<string>): void {
    if (this.#closed) return;
    for (const equipe of equipes) if (!this.#teams.has(equipe)) this.#follow(equipe);
    for (const equipe of [...this.#teams.keys()]) if (!equipes.has(equipe)) this.#unfollow(equipe);
  }

  /** The node is there: what it has is asked for. */
  joined(node: NodeRef): void {
    const { logger, membership } = this.#options;
    const peer = membership.peer(node.id, node.epoch);
    if (peer && !this.#understands(node)) {
      const { version, busProtocol } = peer.info;
      logger.warn(
        { node: node.id, version, busProtocol, own: BUS_PROTOCOL },
        'another node speaks another version: its commercials are not seen here. Upgrade all nodes to one release',
      );
    }
    for (const equipe of this.#teams.keys()) this.#ask(equipe, node);
  }

  /** Messages of that node were missed, on one topic or on any. */
  missed(node: NodeRef, topic: string | null): void {
    for (const equipe of this.#teams.keys()) {
      if (topic === null || topic === teamTopic(equipe)) this.#ask(equipe, node);
    }
  }

  /** The node is gone, or nothing is heard of it: its pages have the grace time to come back somewhere. */
  left({ id, epoch }: NodeRef): void {
    if (this.#catchUps.get(id)?.node.epoch === epoch) this.#catchUps.delete(id);
    for (const mirror of this.#byNode.get(id)?.values() ?? []) {
      if (mirror.from.epoch !== epoch || mirror.leaving) continue;
      mirror.lose();
      mirror.leaving = this.#options.timers.after(this.#options.graceMs, () => this.#remove(mirror));
      this.#touch(mirror.id);
    }
  }

  /** The mirrors of that life of a node. */
  *of({ id, epoch }: NodeRef): IterableIterator<NodeMirror> {
    for (const mirror of this.#byNode.get(id)?.values() ?? []) if (mirror.from.epoch === epoch) yield mirror;
  }

  /** What that life of a node says of the commercial, unless it is gone. */
  find({ id, epoch }: NodeRef, commercialId: string): NodeMirror | null {
    const mirror = this.findOf(id, commercialId);
    return mirror?.from.epoch === epoch ? mirror : null;
  }

  /** What that node says of the commercial, unless it is gone. */
  findOf(nodeId: string, commercialId: string): NodeMirror | null {
    const mirror = this.#byNode.get(nodeId)?.get(commercialId);
    return mirror && !mirror.leaving ? mirror : null;
  }

  /** Forgets everything. Idempotent. */
  close(): void {
    this.#closed = true;
    for (const equipe of [...this.#teams.keys()]) this.#unfollow(equipe);
  }

  #follow(equipe: string): void {
    const { bus, membership } = this.#options;
    const unfollow = bus.follow(teamTopic(equipe), () => {
      // Standing, or standing again: what was published before may have been missed.
      for (const peer of membership.peers()) this.#ask(equipe, peer);
    });
    this.#teams.set(equipe, unfollow);
  }

  #unfollow(equipe: string): void {
    const unfollow = this.#teams.get(equipe);
    this.#teams.delete(equipe);
    unfollow?.();
    for (const mirrors of [...this.#byNode.values()]) {
      for (const mirror of [...mirrors.values()]) if (mirror.equipe === equipe) this.#remove(mirror);
    }
  }

  #rows(from: NodeRef, { changed, gone, levels }: BodyOf<'rows'>, topic: string): void {
    if (!this.#understands(from)) return;
    for (const row of changed) if (topic === teamTopic(row.equipe)) this.#take(from, row);
    for (const { id, version, equipe } of gone) {
      const catchUp = this.#catchUps.get(from.id);
      if (catchUp?.node.epoch === from.epoch) catchUp.gone(id, version);
      const mirror = this.find(from, id);
      if (!mirror || mirror.version >= version || topic !== teamTopic(mirror.equipe)) continue;
      if (equipe === null) this.#remove(mirror);
      else this.#move(mirror, equipe, version);
    }
    for (const [id, level] of levels) {
      const mirror = this.find(from, id);
      if (!mirror?.stream) continue;
      mirror.stream.setLevel(level);
      this.#touch(id);
    }
  }

  #take(from: NodeRef, row: CommercialRow): void {
    if (!this.#teams.has(row.equipe)) return;
    const mirrors = this.#byNode.get(from.id) ?? new Map<string, NodeMirror>();
    const known = mirrors.get(row.id);
    if (known && known.from.epoch > from.epoch) return;
    if (known && known.from.epoch === from.epoch) {
      const wasLost = known.lost;
      if (!known.update(row)) return;
      known.leaving?.cancel();
      known.leaving = null;
      this.#touch(row.id);
      // Its grants were dropped when the node was lost.
      if (wasLost) this.#options.bus.send(from, 'resync', {});
      return;
    }
    known?.close();
    const mirror: NodeMirror = new NodeMirror(
      from,
      row,
      this.#options.makeSource(from, () => mirror.stream?.id ?? null),
    );
    this.#byNode.set(from.id, mirrors.set(row.id, mirror));
    const commercial = this.#options.streams().obtain(row.id);
    commercial.mirrors.set(from.id, mirror);
    this.#options.streams().touch(commercial);
  }

  /** Who may not hear the new team is told so before nothing is known of the commercial any more. */
  #move(mirror: NodeMirror, equipe: string, version: number): void {
    mirror.moved(equipe, version);
    this.#touch(mirror.id);
    if (!this.#teams.has(equipe)) this.#remove(mirror);
  }

  #remove(mirror: NodeMirror): void {
    const { id, from } = mirror;
    const mirrors = this.#byNode.get(from.id);
    if (mirrors?.get(id) === mirror) mirrors.delete(id);
    if (mirrors?.size === 0) this.#byNode.delete(from.id);
    mirror.close();
    const commercial = this.#options.streams().find(id);
    if (commercial?.mirrors.get(from.id) !== mirror) return;
    commercial.mirrors.delete(from.id);
    this.#options.streams().touch(commercial);
  }

  #touch(id: string): void {
    const commercial = this.#options.streams().find(id);
    if (commercial) this.#options.streams().touch(commercial);
  }

  #ask(equipe: string, node: NodeRef): void {
    if (!this.#understands(node)) return;
    const known = this.#catchUps.get(node.id);
    const catchUp = known?.node.epoch === node.epoch ? known : this.#catchUpWith(node);
    catchUp.want(equipe);
  }

  #catchUpWith({ id, epoch }: NodeRef): CatchUp {
    const { bus, logger, timers } = this.#options;
    const node: NodeRef = { id, epoch };
    const catchUp = new CatchUp({
      bus,
      logger,
      timers,
      node,
      wants: (equipe) => this.#teams.has(equipe) && this.#understands(node),
      take: (row) => this.#take(node, row),
      complete: (equipes, seen, asOf) => {
        for (const mirror of [...this.of(node)]) {
          if (equipes.has(mirror.equipe) && !seen.has(mirror.id) && mirror.version <= asOf) this.#remove(mirror);
        }
      },
    });
    this.#catchUps.set(id, catchUp);
    return catchUp;
  }

  /** That life of the node is there, and means by its rows what this node does. */
  #understands({ id, epoch }: NodeRef): boolean {
    return this.#options.membership.peer(id, epoch)?.info.busProtocol === BUS_PROTOCOL;
  }
}
