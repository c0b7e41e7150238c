import type { Logger } from '../../logger.ts';
import type { NodePipes, PipeRequest } from '../../media/media.ts';
import { NodePipeError } from '../../media/node-pipe-error.ts';
import type { Claim, ClaimKind } from '../../streams/claim.ts';
import type { Commercial } from '../../streams/commercial.ts';
import type { ClaimOptions, Elsewhere } from '../../streams/elsewhere.ts';
import type { Session } from '../../streams/session.ts';
import type { ServiceDetail } from '../../streams/status.ts';
import type { Timer, TimerSet } from '../../streams/timers.ts';
import type { WhisperHome } from '../../streams/whispering/whisper-home.ts';
import type { ClusterBus } from '../bus/cluster-bus.ts';
import { type BodyOf, DIRECT, type GrantBody, type NodeRef, type VerdictBody } from '../bus-protocol.ts';
import type { Claims } from '../claims.ts';
import type { Membership, Peer } from '../membership.ts';
import { AfarWhispers } from './afar-whispers.ts';
import { askForPipe } from './ask-for-pipe.ts';
import { ClaimBook } from './claim-book.ts';
import { Home } from './home.ts';
import { LocalRows } from './local-rows.ts';
import type { LocalStreams } from './local-streams.ts';
import type { MakeSource } from './mirror-stream.ts';
import { Mirrors } from './mirrors.ts';
import { OwnStreams } from './own-streams.ts';
import { RemoteListener } from './remote-listener.ts';
import { TeamLookup } from './team-lookup.ts';
import { Wishes } from './wishes.ts';

/** A node that starts and does not hear itself within this time says so; before, everything is only on its way. */
const START_MS = 3_000;

/**
 * All wishes are told anew so often, changed or not: a home that missed one, in whatever way, shows nobody for longer than this who has
 * left, and keeps nobody waiting for longer.
 */
const REFRESH_MS = 10_000;

/** What the cluster's side of the streams is made with. */
export interface ClusterStreamsOptions {
  readonly bus: ClusterBus;
  readonly membership: Membership;
  readonly claims: Claims;
  readonly pipes: NodePipes;
  readonly timers: TimerSet;
  readonly logger: Logger;
  /** How long pages of a node that is gone are waited for, and how long a node that is cut off goes on as before. */
  readonly graceMs: number;
}

/** Counts for metrics and leak tests. */
export interface ClusterStreamsGauges {
  /** Commercials of other nodes that are known here. */
  readonly mirrors: number;
  /** Commercials of this node whom others were told of. */
  readonly told: number;
  /** Selections of this node that other nodes know of. */
  readonly wishes: number;
  /** Listeners of other nodes, here at the home. */
  readonly guests: number;
  /** Claims of this node's sessions. */
  readonly claims: number;
  /** Users whose other pages, at other nodes, are told of or asked for. */
  readonly own: number;
  /** Whispers between this node and others. */
  readonly whispers: number;
}

/** The other nodes, as this node's streams see them; and this node's streams, as the others do. */
export class ClusterStreams implements Elsewhere {
  readonly #options: ClusterStreamsOptions;
  readonly #rows: LocalRows;
  readonly #mirrors: Mirrors;
  readonly #wishes: Wishes;
  readonly #home: Home;
  readonly #book: ClaimBook;
  readonly #lookup: TeamLookup;
  readonly #own: OwnStreams;
  readonly #whispers: AfarWhispers;
  #streams: LocalStreams | null = null;
  #isolation: Timer | null = null;
  #start: Timer | null = null;
  #refresh: Timer | null = null;
  #closed = false;

  constructor(options: ClusterStreamsOptions) {
    this.#options = options;
    const { bus, membership, timers } = options;
    const streams = (): LocalStreams => this.#attached();
    this.#rows = new LocalRows({ bus, timers, streams });
    this.#mirrors = new Mirrors({
      ...options,
      streams,
      makeSource: (from, stream) => this.#makeSource(from, stream),
    });
    this.#wishes = new Wishes(bus, this.#mirrors);
    this.#home = new Home({ ...options, streams });
    this.#book = new ClaimBook({ ...options, streams });
    this.#own = new OwnStreams({ ...options, streams });
    this.#lookup = new TeamLookup({ ...options, rows: this.#rows });
    this.#whispers = new AfarWhispers({ ...options, streams, homeOf: (commercial) => this.#homeOf(commercial) });
    bus.on('grant', (from, body) => this.#granted(from, body));
    bus.on('verdict', (from, body) => this.#judged(from, body));
    bus.on('audience', (from, body) => this.#audience(from, body));
    bus.on('resync', (from) => {
      const peer = membership.peer(from.id, from.epoch);
      if (peer) this.#tellAll(peer);
    });
    bus.onGap((from, topic) => {
      if (topic === DIRECT) bus.send(from, 'resync', {});
      else this.#mirrors.missed(from, topic);
    });
    membership.observe({
      joined: (peer) => {
        this.#mirrors.joined(peer);
        this.#own.askAll(peer);
        // It may have told this node something before this node knew it.
        bus.send(peer, 'resync', {});
      },
      renewed: (peer) => this.#meetAgain(peer),
      left: (peer) => this.#left(peer),
      health: (healthy) => this.#health(healthy),
    });
  }

  /** The streams of this node. To be called once, before anything happens. */
  attach(streams: LocalStreams): void {
    this.#streams = streams;
    this.#refreshLater();
    const { timers, membership } = this.#options;
    this.#start = timers.after(START_MS, () => streams.covered(membership.healthy));
  }

  claim(kind: ClaimKind, session: Session, options: ClaimOptions): Promise<Claim> {
    return this.#book.claim(kind, session, options);
  }

  changed(commercial: Commercial): void {
    if (this.#closed) return;
    // What may no longer be heard is taken back before anything else is said.
    this.#home.look(commercial);
    this.#rows.look(commercial);
    this.#wishes.look(commercial);
    this.#own.look(commercial);
  }

  stopAfar(commercial: Commercial): Promise<void> {
    return this.#own.stop(commercial);
  }

  whisperHome(commercial: Commercial): WhisperHome | null {
    return this.#homeOf(commercial) && this.#whispers;
  }

  watched(equipes: ReadonlySet<string>): void {
    this.#mirrors.watch(equipes);
  }

  /** The commercials of these teams, wherever they are, followed here or not. Never rejects. */
  detail(equipes: readonly string[]): Promise<ServiceDetail> {
    return this.#lookup.detail(equipes);
  }

  gauges(): ClusterStreamsGauges {
    return {
      mirrors: this.#mirrors.size,
      told: this.#rows.size,
      wishes: this.#wishes.size,
      guests: this.#home.size,
      claims: this.#book.size,
      own: this.#own.size,
      whispers: this.#whispers.size,
    };
  }

  /** Nothing goes to other nodes any more, and nothing is known of them. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#isolation?.cancel();
    this.#start?.cancel();
    this.#refresh?.cancel();
    for (const peer of this.#options.membership.peers()) this.#home.left(peer);
    this.#rows.close();
    this.#own.close();
    this.#mirrors.close();
  }

  #refreshLater(): void {
    this.#refresh = this.#options.timers.after(REFRESH_MS, () => {
      for (const peer of this.#options.membership.peers()) this.#wishes.tellAll(peer);
      this.#refreshLater();
    });
  }

  /** The node of the newest stream; null: it is here, or there is none. */
  #homeOf({ id, newest, stream, mirrors }: Commercial): NodeRef | null {
    if (!newest || newest === stream) return null;
    for (const [nodeId, mirror] of mirrors) {
      if (mirror.stream === newest) return this.#mirrors.findOf(nodeId, id)?.from ?? null;
    }
    return null;
  }

  #attached(): LocalStreams {
    if (!this.#streams) throw new Error('The cluster has no streams yet.');
    return this.#streams;
  }

  #granted(from: NodeRef, body: GrantBody): void {
    this.#mirrors.find(from, body.commercialId)?.grant(body);
    const commercial = this.#attached().find(body.commercialId);
    if (commercial) this.#attached().touch(commercial);
  }

  /** Believed of a node that has the commercial alone. */
  #judged(from: NodeRef, { commercialId, adminId, refused, warning, time, whispers }: VerdictBody): void {
    if (!this.#mirrors.find(from, commercialId)) return;
    const listener = this.#attached().find(commercialId)?.listeners.get(adminId);
    if (!listener || listener instanceof RemoteListener) return;
    if (refused) listener.refuse(refused);
    if (warning) listener.warn(warning);
    if (time) listener.showTime(time);
    if (whispers) listener.showWhispers(whispers);
  }

  #audience(from: NodeRef, body: BodyOf<'audience'>): void {
    this.#mirrors.find(from, body.commercialId)?.hears(body);
    const commercial = this.#attached().find(body.commercialId);
    if (commercial) this.#attached().touch(commercial);
  }

  #left(peer: Peer): void {
    // First, so that it is said of whispers that a relay is gone, and not what follows from that.
    this.#whispers.left(peer);
    this.#home.left(peer);
    this.#wishes.left(peer);
    this.#mirrors.left(peer);
    this.#own.left(peer);
  }

  /** Both sides may have missed what was said. */
  #meetAgain(peer: Peer): void {
    this.#mirrors.missed(peer, null);
    this.#own.askAll(peer);
    this.#tellAll(peer);
  }

  #tellAll(peer: Peer): void {
    this.#wishes.tellAll(peer);
    this.#home.tellAll(peer);
  }

  /**
   * While the bus is away, everything that flows goes on: nobody new is let in, and a pause or an end is in force here at once. But
   * not for ever: whoever listens elsewhere may have left long ago.
   */
  #health(healthy: boolean): void {
    const { membership, timers, graceMs, claims, bus } = this.#options;
    this.#isolation?.cancel();
    this.#isolation = null;
    this.#attached().covered(healthy);
    if (!healthy) {
      this.#isolation = timers.after(graceMs, () => {
        for (const peer of membership.peers()) this.#left(peer);
      });
      return;
    }
    claims.reclaim();
    for (const peer of membership.peers()) {
      this.#meetAgain(peer);
      bus.send(peer, 'resync', {});
    }
  }

  #makeSource(from: NodeRef, stream: () => string | null): MakeSource {
    const { bus, pipes } = this.#options;
    return (sourceId, router) =>
      pipes.remoteSource(
        { node: from.id, sourceId, router },
        {
          open: (request) => this.#open(from, stream(), request),
          release: (link, released) => bus.send(from, 'pipe-release', { link, sourceId: released }),
        },
      );
  }

  async #open(from: NodeRef, stream: string | null, request: PipeRequest) {
    if (stream === null) throw new NodePipeError('not_found', 'The stream is over.');
    return askForPipe(this.#options.bus, from, 'pipe-open', { stream, ...request });
  }
}
