import type { IncomingMessage, RequestListener } from 'node:http';
import type { AuditDirectory } from './audit/audit-directory.ts';
import type { AuditSink } from './audit/audit-entries.ts';
import { auditLog } from './audit/log-sink.ts';
import { WebhookSink } from './audit/webhook/webhook-sink.ts';
import { JwtVerifier } from './auth/verify-token.ts';
import { Cluster, type ClusterGauges } from './cluster/cluster.ts';
import { ClusterError } from './cluster/cluster-error.ts';
import type { ClusterConfig, RelayConfig } from './config/shape.ts';
import { DoorCounts } from './doors/door-counts.ts';
import { Drain, type DrainStatus } from './drain.ts';
import { type AppSources, createApp, createMetricsApp } from './http/app.ts';
import type { NotReady } from './http/health.ts';
import { HttpServers, type Addresses as PageAddresses } from './http/http-servers.ts';
import { Metrics } from './http/metrics.ts';
import { MetricsListener } from './http/metrics-listener.ts';
import { LoadWatch } from './load/load-watch.ts';
import type { LogLosses } from './log/log-outputs.ts';
import type { Logger } from './logger.ts';
import { Measures } from './measures/measures.ts';
import { AudioMedia } from './media/audio-media.ts';
import type { WorkerReport } from './media/audio-worker.ts';
import type { MediaGauges } from './media/media.ts';
import { readPackageInfo } from './package-info.ts';
import type { PolicySource } from './policy/policy-source.ts';
import { recalledConsents } from './policy/recall-consents.ts';
import { recalledUsage } from './policy/recall-usage.ts';
import { openPolicy, openTrail, pipesOf, toAll, whereabouts } from './relay-parts.ts';
import { type SignallingGauges, SignallingServer } from './signalling/signalling-server.ts';
import { explainMediaFailure, StartError } from './start-error.ts';
import { WishService } from './wish-service.ts';

/** What runs once the relay has started. */
interface Running {
  readonly media: AudioMedia;
  readonly signalling: SignallingServer;
  readonly load: LoadWatch;
  /** Null on a relay that runs alone. */
  readonly cluster: Cluster | null;
}

/** The ports that are really listened on (they differ from the configured ones where those are 0). */
export interface Addresses extends PageAddresses {
  /** Of the metrics alone. */
  readonly metrics?: number;
}

/** What a relay tells whoever runs it. */
export interface RelayEvents {
  /** It must end while it runs: another node of the cluster has its id. Told once. */
  fatal?(error: Error): void;
  /** It was told over HTTP to stop, and has begun to drain. Told once. */
  drainOrdered?(): void;
}

/** Everything that could leak, counted: by the relay itself, and by each of its workers. */
export interface RelayReport {
  readonly signalling: SignallingGauges;
  readonly media: MediaGauges;
  /** Sources that are copied to another worker for listeners there. */
  readonly pipes: number;
  readonly workers: readonly WorkerReport[];
  /** Null on a relay that runs alone. */
  readonly cluster: ClusterGauges | null;
}

/** What a relay may be given beside its configuration. */
export interface RelayServerOptions {
  /** Where it is kept who heard whom; standard output when absent. */
  readonly audit?: AuditSink;
  readonly events?: RelayEvents;
  /** Lines of the log that are lost, for the metrics. */
  readonly logLosses?: LogLosses;
}

/** The whole relay, put together: HTTP and Socket.IO on the same ports, streams behind them, media behind those. */
export class RelayServer {
  readonly #logger: Logger;
  readonly #events: RelayEvents;
  #http: HttpServers | null = null;
  #metrics: MetricsListener | null = null;
  /** Null where the trail is in the log alone. */
  #trail: AuditDirectory | null = null;
  /** Where entries go; null before it has started. */
  #audit: AuditSink | null = null;
  /** Null where entries are sent nowhere. */
  #webhook: WebhookSink | null = null;
  #wish: WishService | null = null;
  #running: Running | null = null;
  #policy: PolicySource | null = null;
  /** How long pages have to go over to another relay. */
  #drainMs = 0;
  #drain: Drain | null = null;
  #draining = false;
  #closed: Promise<void> | null = null;

  private constructor(logger: Logger, events: RelayEvents) {
    this.#logger = logger;
    this.#events = events;
  }

  /**
   * Starts everything. The ports are opened first: two relays by mistake are noticed before any worker is started, and
   * `/health/ready` can say "starting".
   * @throws StartError when a port cannot be had; then nothing is left running
   */
  static async create(
    config: RelayConfig,
    logger: Logger,
    { audit = auditLog(), events = {}, logLosses = () => new Map() }: RelayServerOptions = {},
  ): Promise<RelayServer> {
    const relay = new RelayServer(logger, events);
    try {
      await relay.#start(config, audit, logLosses);
    } catch (error) {
      await relay.close();
      throw error;
    }
    return relay;
  }

  /** The ports that are listened on. */
  get addresses(): Addresses {
    return { ...this.#http?.addresses, ...(this.#metrics && { metrics: this.#metrics.port }) };
  }

  /** What it holds now, for leak tests; null before it has started. */
  async report(): Promise<RelayReport | null> {
    if (!this.#running) return null;
    const { media, signalling, cluster } = this.#running;
    const workers = await media.dump();
    return {
      signalling: signalling.gauges(),
      media: media.gauges(),
      pipes: media.pipes,
      workers,
      cluster: cluster?.gauges() ?? null,
    };
  }

  /** Reads the certificate files again. */
  reloadCertificate(): void {
    void this.#http?.reloadCertificate();
  }

  /**
   * Takes no new pages from now on, and in a cluster asks those which are here to go over to another relay. To be closed once that is
   * over; where there is nobody to go, or nowhere, it is over at once. Idempotent.
   */
  drain(): Drain {
    this.#drain ??= this.#beginDrain();
    return this.#drain;
  }

  /** Tells the pages that are here that the relay stops on purpose, and ends sessions, listeners and media. Idempotent. */
  close(): Promise<void> {
    this.#draining = true;
    this.#drain?.finish();
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Reads the policy file anew. One that cannot be used changes nothing, and is said in the log. */
  reloadPolicy(): void {
    this.#policy?.reload();
  }

  async #start(config: RelayConfig, audit: AuditSink, logLosses: LogLosses): Promise<void> {
    const logger = this.#logger;
    const { version } = readPackageInfo();
    this.#drainMs = config.cluster?.drainMs ?? 0;
    const policy = openPolicy(config.policyFile, logger, config.audit !== null);
    this.#policy = policy;
    const verifier = new JwtVerifier(config.auth, logger, { maxWaiting: config.limits.pendingHandshakes });
    const doors = new DoorCounts();
    const measures = new Measures();
    // Not waited for: keys that cannot be fetched are said in the log now, not at the first page.
    void verifier.prepare();
    const metrics = new Metrics(
      version,
      () => this.#sources(),
      doors,
      () => this.#http?.certificateExpiry ?? null,
      config.cluster !== null,
      measures,
      logLosses,
    );
    const wish = new WishService({
      config,
      verifier,
      logger,
      measures,
      streams: () => this.#running?.signalling.streams ?? null,
      draining: () => this.#draining,
      meantFor: (request) => this.#meantFor(request),
      tellStopped: (userId, token) => this.#running?.cluster?.tellStopped(userId, token),
    });
    this.#wish = wish;
    const app: RequestListener = createApp({
      config,
      wish: wish.routes,
      version,
      verifier,
      policy,
      metrics,
      certificateExpiry: () => this.#http?.certificateExpiry ?? null,
      logger,
      readiness: () => this.#notReady(),
      sources: () => this.#sources(),
      drain: () => this.#orderedDrain(),
    });
    this.#http = await HttpServers.listen(config.http, app, logger, doors);
    const { host, port } = config.http.metrics;
    if (port !== null) {
      this.#metrics = await MetricsListener.listen(
        { host, port },
        createMetricsApp({ config, metrics, logger }),
        logger,
      );
    }
    const pipes = config.cluster && pipesOf(config.cluster);
    const load = new LoadWatch({ limit: config.limits.maxLoad });
    const media = await AudioMedia.create(config.media, logger, pipes ?? undefined, load, {
      measures,
      turnUrls: config.ice.turnUrls,
    }).catch((error: unknown) => {
      throw explainMediaFailure(error);
    });
    let cluster: Cluster | null = null;
    try {
      const onFailing = (fails: boolean): void => this.#storage(policy, fails);
      const trail = config.audit && (await openTrail(config.audit, policy, logger, onFailing));
      this.#trail = trail;
      const webhook = config.webhook && new WebhookSink({ ...config.webhook, logger });
      this.#webhook = webhook;
      cluster = config.cluster && (await this.#join(config.cluster, config, media, version));
      const everywhere = toAll([audit, trail, webhook]);
      this.#audit = everywhere;
      // In a cluster each hearing stands in one chain, and the others tell what they counted.
      const only = config.cluster ? (config.audit?.chain ?? null) : null;
      const counts =
        config.policyFile === null
          ? null
          : {
              usage: await recalledUsage(config.audit?.root ?? null, policy, logger, only),
              consents: recalledConsents(config.audit?.root ?? null, logger),
            };
      const signalling = SignallingServer.create({
        servers: this.#http.servers,
        config,
        verifier,
        media,
        logger,
        relayVersion: version,
        doors,
        audit: everywhere,
        measures,
        ...(counts && { policy, ...counts }),
        ...(config.cluster &&
          cluster && { whereabouts: whereabouts(config.cluster, cluster), elsewhere: cluster.elsewhere }),
      });
      this.#http.watchUpgrades();
      this.#running = { media, signalling, cluster, load };
      if (policy.digest !== null) everywhere.record({ event: 'policy_loaded', digest: policy.digest });
      policy.onChange(({ digest }) => {
        everywhere.record({ event: 'policy_loaded', digest });
        signalling.streams.policyChanged();
      });
      cluster?.onDeviceStopped((userId, token) => wish.deviceStopped(userId, token));
      cluster?.start(signalling.streams, counts);
    } catch (error) {
      await cluster?.close();
      await media.close();
      throw error;
    }
  }

  /** Said in the midst of whatever was to be recorded: what follows from it comes after that. */
  #storage(policy: PolicySource, fails: boolean): void {
    if (!policy.storage(fails)) return;
    if (fails)
      this.#logger.error('nobody is heard any more: the policy wants it so while the audit trail cannot be stored');
    else this.#logger.info('the audit trail is stored again: streams may start');
    queueMicrotask(() => this.#running?.signalling.streams.judgeAnew());
  }

  async #join(
    config: ClusterConfig,
    { session }: RelayConfig,
    media: AudioMedia,
    relayVersion: string,
  ): Promise<Cluster> {
    const { nodePipes } = media;
    if (!nodePipes) throw new Error('Media was made without pipes.');
    try {
      return await Cluster.join({
        config,
        relayVersion,
        pipes: nodePipes,
        logger: this.#logger,
        graceMs: session.graceMs,
        state: () => {
          const status = this.#running?.signalling.status;
          return {
            draining: this.#draining,
            streams: status?.activeStreams() ?? 0,
            listeners: status?.totalListeners() ?? 0,
            load: this.#running?.load.load() ?? 0,
          };
        },
        onTaken: (error) => this.#events.fatal?.(error),
      });
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'node_id_taken')
        throw new StartError(error.message, { cause: error });
      throw error;
    }
  }

  /** The other relay, which lives, whose path the request came by. */
  #meantFor(request: IncomingMessage): string | null {
    const node = this.#running?.signalling.nodeAsked(request) ?? null;
    return node !== null && this.#running?.cluster?.peer(node) ? node : null;
  }

  #sources(): AppSources | null {
    if (!this.#running) return null;
    const { media, signalling, cluster, load } = this.#running;
    return {
      status: signalling.status,
      service: cluster,
      cluster,
      audit: this.#trail,
      webhook: this.#webhook,
      media,
      load,
      draining: this.#draining,
      connections: () => signalling.gauges().connections,
      wish: this.#wish?.gauges ?? { devices: 0, players: 0 },
    };
  }

  #notReady(): readonly NotReady[] {
    if (this.#draining) return ['draining'];
    if (!this.#running) return ['starting'];
    return [
      ...(this.#running.media.available ? [] : (['media_unavailable'] as const)),
      ...(this.#policy?.stopped ? (['storage_unavailable'] as const) : []),
    ];
  }

  #beginDrain(): Drain {
    this.#draining = true;
    this.#audit?.record({ event: 'drain_began' });
    const running = this.#closed ? null : this.#running;
    // The others first: of two that stop at the same time, neither sends its pages to the other.
    running?.cluster?.announce();
    return new Drain({
      timeMs: this.#drainMs,
      sessions: () => running?.signalling.occupied ?? 0,
      hasOther: () => running?.cluster?.hasOther === true,
      isHeard: () => running?.cluster?.healthy === true,
      move: (withinMs) => running?.signalling.move(withinMs),
    });
  }

  /** The relay was told over HTTP to stop. */
  #orderedDrain(): DrainStatus | null {
    if (!this.#running) return null;
    const isNew = this.#drain === null;
    const { status } = this.drain();
    if (isNew) this.#events.drainOrdered?.();
    return status;
  }

  async #close(): Promise<void> {
    const running = this.#running;
    // Sessions first, so that pages hear why; media last, so that nothing asks for a transport that is gone.
    await this.#settle('signalling', running?.signalling.close());
    this.#wish?.close();
    // Every hearing has its end by now.
    this.#trail?.close();
    await this.#settle('webhook', this.#webhook?.close());
    await this.#settle('cluster', running?.cluster?.close());
    await this.#settle('http', this.#http?.close());
    await this.#settle('metrics', this.#metrics?.close());
    await this.#settle('media', running?.media.close());
  }

  /** One part that fails to close must not keep the others open. */
  async #settle(part: string, closing: Promise<void> | undefined): Promise<void> {
    try {
      await closing;
    } catch (error) {
      this.#logger.error({ err: error, part }, 'part of the relay did not close cleanly');
    }
  }
}
