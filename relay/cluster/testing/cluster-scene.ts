/** Several nodes in one process: real streams, real bus, fake media; everything that goes between them is within reach. */
import { pino } from 'pino';
import type { SessionConfig } from '../../config/shape.ts';
import type { StreamRegistryOptions } from '../../streams/stream-registry.ts';
import { FakeNodePipes } from '../../streams/testing/fake-node-pipes.ts';
import { Scene, settle } from '../../streams/testing/scene.ts';
import { TimerSet } from '../../streams/timers.ts';
import { ClusterKeys } from '../bus/cluster-keys.ts';
import type { SealedBus } from '../bus/sealed-bus.ts';
import type { NodeInfo } from '../bus-protocol.ts';
import { Claims } from '../claims.ts';
import { Membership } from '../membership.ts';
import { ClusterStreams } from '../node/cluster-streams.ts';
import { ROWS_INTERVAL_MS } from '../node/local-rows.ts';
import type { LocalStreams } from '../node/local-streams.ts';
import { type Counts, SharedCounts } from '../node/shared-counts.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { BusScene, info, SECRET } from './bus-scene.ts';
import type { Clock } from './clock.ts';

export interface ClusterSetup {
  /** When given, time passes by it alone. */
  readonly clock?: Clock;
  readonly session?: Partial<SessionConfig>;
  /** What a node says of itself, where it is not the usual. */
  readonly infoOf?: (id: string) => NodeInfo;
  /** What each node's policy allows; absent: nobody has one. */
  readonly policyOf?: (id: string) => Pick<StreamRegistryOptions, 'policy' | 'usage' | 'consents' | 'wall'>;
}

/** A node's side of the cluster, for streams of any kind. */
export class ClusterSide {
  readonly id: string;
  readonly bus: SealedBus;
  readonly membership: Membership;
  readonly cluster: ClusterStreams;
  readonly counts: SharedCounts;
  readonly pipes = new FakeNodePipes();
  readonly timers = new TimerSet();
  readonly #claims: Claims;

  constructor(
    id: string,
    buses: BusScene,
    store: MemoryStore,
    { clock, session = {}, infoOf = () => info }: ClusterSetup,
  ) {
    this.id = id;
    const { timers, pipes } = this;
    const logger = pino({ level: 'silent' });
    const keys = new ClusterKeys(SECRET);
    this.bus = buses.node(id);
    const { bus } = this;
    this.membership = new Membership({ bus, timers, logger, info: () => infoOf(id), ...(clock && { now: clock.now }) });
    this.#claims = new Claims({
      self: bus.self,
      store,
      keys,
      timers,
      logger,
      ...(clock && { now: clock.now, steady: clock.now }),
    });
    const graceMs = session.graceMs ?? 30_000;
    const { membership } = this;
    this.counts = new SharedCounts({ bus, membership, timers, logger });
    this.cluster = new ClusterStreams({ bus, membership, claims: this.#claims, pipes, timers, logger, graceMs });
  }

  /** From now on the node is seen, and sees others. To be called once. */
  start(streams: LocalStreams, counts: Counts | null = null): void {
    this.cluster.attach(streams);
    if (counts) this.counts.attach(counts, streams);
    this.membership.start();
  }

  /** What was passed on to other nodes just now. */
  get given(): string[] {
    this.pipes.gauges();
    return this.pipes.given.map(({ node }) => node);
  }

  /** As kill -9. */
  async die(): Promise<void> {
    this.timers.clear();
    await this.bus.close();
  }

  /** As a relay closes, once its streams have. */
  async close(): Promise<void> {
    this.counts.close();
    this.cluster.close();
    this.membership.close();
    await settle();
    this.#claims.close();
    await this.die();
  }
}

/** One node: its pages are joined by `scene`. */
export class ClusterNode extends ClusterSide {
  readonly scene: Scene;

  constructor(id: string, buses: BusScene, store: MemoryStore, setup: ClusterSetup) {
    super(id, buses, store, setup);
    const policy = setup.policyOf?.(id) ?? {};
    this.scene = new Scene({ session: setup.session ?? {}, nodeId: id, elsewhere: this.cluster, ...policy });
    this.scene.media.nodePipes = this.pipes;
    const { usage, consents } = policy;
    this.start(this.scene.registry, usage && consents ? { usage, consents } : null);
  }

  override async close(): Promise<void> {
    this.scene.registry.close();
    await super.close();
  }
}

/** Made once for each test. */
export class ClusterScene {
  readonly buses = new BusScene();
  readonly store: MemoryStore;
  readonly nodes: ClusterNode[] = [];
  readonly #setup: ClusterSetup;

  constructor(setup: ClusterSetup = {}) {
    this.#setup = setup;
    this.store = new MemoryStore(setup.clock?.now);
  }

  /** Nodes that know each other. */
  async start<const Ids extends readonly string[]>(...ids: Ids): Promise<{ [I in keyof Ids]: ClusterNode }> {
    const made = ids.map((id) => new ClusterNode(id, this.buses, this.store, this.#setup));
    this.nodes.push(...made);
    if (this.#setup.clock) await this.#setup.clock.advance(300);
    else await rest();
    return made as { [I in keyof Ids]: ClusterNode };
  }

  async close(): Promise<void> {
    for (const node of this.nodes) await node.close();
    await this.buses.close();
  }
}

/** Everything that is on its way between nodes and pages has arrived, what is gathered for a moment before it is told too. */
export async function rest(): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    for (let i = 0; i < 8; i += 1) await settle();
    if (round === 0) await new Promise((resolve) => setTimeout(resolve, ROWS_INTERVAL_MS + 20));
  }
}
