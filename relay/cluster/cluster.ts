import type { ClusterConfig } from '../config/shape.ts';
import type { Logger } from '../logger.ts';
import type { NodePipes } from '../media/media.ts';
import type { Elsewhere } from '../streams/elsewhere.ts';
import type { ServiceDetail, ServiceStatus, ServiceSummary } from '../streams/status.ts';
import { TimerSet } from '../streams/timers.ts';
import type { BusCounts } from './bus/cluster-bus.ts';
import { ClusterKeys } from './bus/cluster-keys.ts';
import { RedisTransport } from './bus/redis-transport.ts';
import { namespaceOf, SealedBus } from './bus/sealed-bus.ts';
import { BUS_PROTOCOL, NODES_TOPIC, type NodeInfo } from './bus-protocol.ts';
import { Claims } from './claims.ts';
import type { ClusterError } from './cluster-error.ts';
import { Membership, type Peer } from './membership.ts';
import { ClusterStreams, type ClusterStreamsGauges } from './node/cluster-streams.ts';
import type { LocalStreams } from './node/local-streams.ts';
import { type Counts, SharedCounts } from './node/shared-counts.ts';
import { NodeLease } from './node-lease.ts';
import { RedisStore } from './store/redis-store.ts';

/** What this node says of itself to the others. */
export interface NodeState {
  readonly draining: boolean;
  readonly streams: number;
  readonly listeners: number;
  /** How busy it is: 0 idle, 1 full. */
  readonly load: number;
}

/** What a node joins a cluster with. */
export interface ClusterOptions {
  readonly config: ClusterConfig;
  readonly relayVersion: string;
  readonly pipes: NodePipes;
  readonly logger: Logger;
  /** How long pages of a node that is gone are waited for. */
  readonly graceMs: number;
  readonly state: () => NodeState;
  /** Another node has taken this one's id: it must end. Called once. */
  readonly onTaken: (error: ClusterError) => void;
}

/** Counts for metrics and leak tests. */
export interface ClusterGauges extends ClusterStreamsGauges {
  readonly peers: number;
  readonly healthy: boolean;
  /** For how long nothing was heard of that peer which has been silent longest. */
  readonly silentForMs: number;
  readonly bus: BusCounts;
  readonly timers: number;
}

/** This relay as a node of a cluster. */
export class Cluster implements ServiceStatus {
  readonly #options: ClusterOptions;
  readonly #timers: TimerSet;
  readonly #bus: SealedBus;
  readonly #lease: NodeLease;
  readonly #membership: Membership;
  readonly #claims: Claims;
  readonly #streams: ClusterStreams;
  readonly #counts: SharedCounts;
  #closed: Promise<void> | null = null;

  /** Takes the node's id. @throws ClusterError node_id_taken */
  static async join(options: ClusterOptions): Promise<Cluster> {
    const { config, logger: parent, onTaken } = options;
    const logger = parent.child({ part: 'cluster', node: config.nodeId });
    const timers = new TimerSet();
    const keys = new ClusterKeys(config.secret, config.previousSecret);
    const namespace = namespaceOf(config.name);
    const transport = new RedisTransport({ endpoint: config.redis, namespace, timers, logger });
    const store = new RedisStore(transport);
    const lease = new NodeLease({ id: config.nodeId, store, keys, timers, logger, onTaken });
    try {
      const epoch = await lease.take();
      const self = { id: config.nodeId, epoch };
      const bus = new SealedBus({ self, cluster: config.name, keys, transport, timers, logger });
      const claims = new Claims({ self, store, keys, timers, logger });
      return new Cluster({ ...options, logger }, timers, bus, lease, claims);
    } catch (error) {
      await transport.close();
      timers.clear();
      throw error;
    }
  }

  private constructor(options: ClusterOptions, timers: TimerSet, bus: SealedBus, lease: NodeLease, claims: Claims) {
    this.#options = options;
    this.#timers = timers;
    this.#bus = bus;
    this.#lease = lease;
    this.#claims = claims;
    const { logger, pipes, graceMs } = options;
    const membership = new Membership({ bus, timers, logger, info: () => this.#info() });
    this.#membership = membership;
    this.#streams = new ClusterStreams({ bus, membership, claims, pipes, timers, logger, graceMs });
    this.#counts = new SharedCounts({ bus, membership, timers, logger });
    membership.observe({
      joined: ({ id, info }) => logger.info({ peer: id, version: info.version }, 'node joined'),
      left: ({ id }, why) => logger.warn({ peer: id, why }, 'node left'),
      health: (healthy) =>
        healthy
          ? logger.info('the cluster can be reached')
          : logger.warn('the cluster cannot be reached; what runs here goes on'),
    });
  }

  /** The other nodes, for this node's streams. */
  get elsewhere(): Elsewhere {
    return this.#streams;
  }

  /** From now on this node is seen, and sees others. To be called once. @param counts null: there is no policy to count for */
  start(streams: LocalStreams, counts: Counts | null = null): void {
    this.#streams.attach(streams);
    if (counts) this.#counts.attach(counts, streams);
    this.#membership.start();
  }

  /** The other node of that id, when it lives. */
  peer(id: string): Peer | null {
    return this.#membership.peer(id);
  }

  /** Whether another node lives and takes pages. */
  get hasOther(): boolean {
    return this.#membership.peers().some(({ info }) => !info.draining);
  }

  /** Whether the bus carries what is said there. */
  get healthy(): boolean {
    return this.#membership.healthy;
  }

  /** What this node says of itself has changed: the others hear of it at once. */
  announce(): void {
    this.#membership.announce();
  }

  /** A page has stopped this device, here: the other nodes hear of it. */
  tellStopped(userId: string, token: string): void {
    this.#bus.publish(NODES_TOPIC, 'device-stopped', { userId, token });
  }

  /** At another node a page has stopped this device. */
  onDeviceStopped(handler: (userId: string, token: string) => void): void {
    this.#bus.on('device-stopped', (_from, { userId, token }) => handler(userId, token));
  }

  summary(): ServiceSummary {
    const { config, state } = this.#options;
    const others = this.#membership.peers().map(({ id, info }) => {
      const { draining, streams, listeners, load } = info;
      return { id, draining, streams, listeners, load };
    });
    return { complete: this.#membership.healthy, nodes: [{ id: config.nodeId, ...state() }, ...others] };
  }

  /** The commercials of these teams at all nodes. Never rejects. */
  detail(equipes: readonly string[]): Promise<ServiceDetail> {
    return this.#streams.detail(equipes);
  }

  gauges(): ClusterGauges {
    return {
      ...this.#streams.gauges(),
      peers: this.#membership.peers().length,
      healthy: this.#membership.healthy,
      silentForMs: this.#membership.silentForMs,
      bus: this.#bus.counts(),
      timers: this.#timers.size,
    };
  }

  /** Says goodbye, once nothing of this node streams any more. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#counts.close();
    this.#streams.close();
    this.#membership.close();
    this.#claims.close();
    await this.#lease.close();
    await this.#bus.close();
    this.#timers.clear();
  }

  #info(): NodeInfo {
    const { config, relayVersion, state } = this.#options;
    return {
      version: relayVersion,
      busProtocol: BUS_PROTOCOL,
      pipeAddress: config.pipeAddress,
      url: config.nodeUrl,
      ...state(),
    };
  }
}
