import { type RequestHandler, Router } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type DoorCounts, END_REASONS } from '../doors/door-counts.ts';
import type { LoadWatch } from '../load/load-watch.ts';
import type { LogLosses } from '../log/log-outputs.ts';
import type { Measures } from '../measures/measures.ts';
import type { Media } from '../media/media.ts';
import type { StatusSource } from '../streams/status.ts';
import { type AuditMetricSources, registerAuditMetrics } from './audit-metrics.ts';
import { requireToken } from './bearer.ts';
import { type ClusterMetricSources, registerClusterMetrics } from './cluster-metrics.ts';
import { registerLogMetrics } from './log-metrics.ts';
import { registerQuality } from './quality-metrics.ts';

/** What is counted, read at each scrape; null while the relay is starting. */
export interface MetricSources extends ClusterMetricSources, AuditMetricSources {
  readonly status: Pick<StatusSource, 'activeStreams' | 'totalListeners' | 'hearingsDue' | 'withoutMedia' | 'sessions'>;
  readonly media: Pick<Media, 'available' | 'gauges' | 'quality'> & ClusterMetricSources['media'];
  readonly load: Pick<LoadWatch, 'workers' | 'eventLoopLagSeconds'>;
  /** It takes nobody new, because it stops on purpose. */
  readonly draining: boolean;
  /** Signalling connections, authenticated or not. */
  connections(): number;
  /** Sessions of devices (WHIP) and of players (WHEP). */
  readonly wish: { readonly devices: number; readonly players: number };
}

/** Methods that get a label of their own; others would let a client invent labels. */
const METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The patterns of the routes, as they are registered. A path would be the client's own words. */
const ROUTES: readonly string[] = [
  '/health',
  '/health/live',
  '/health/ready',
  '/api/streaming/status',
  '/api/audit',
  '/metrics',
  '/admin/drain',
  '/widgets/*path',
  '/doctor',
  '/doctor/facts',
  '/whip',
  '/whip/:id',
  '/whep/:commercial',
  '/whep/sessions/:id',
];

/**
 * Milliseconds between two looks at the event loop's delay. prom-client's own 10 ms wakes the process a hundred times a second, which
 * is most of what a relay costs at rest; a delay worth an alert lasts longer than this.
 */
const EVENT_LOOP_INTERVAL_MS = 200;

/** What this application answers with. */
const STATUSES: readonly number[] = [
  200, 201, 202, 204, 304, 400, 401, 403, 404, 406, 409, 412, 413, 415, 422, 428, 429, 500, 503,
];

/** The relay's metrics for Prometheus: counts only, never a name. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #measures: Measures;
  readonly #requests: Counter<'method' | 'route' | 'status'>;

  /** @param certificateExpiry milliseconds since the epoch; null without TLS @param clustered the relay is a node of a cluster @param measures what people feel */
  constructor(
    version: string,
    sources: () => MetricSources | null,
    doors: DoorCounts,
    certificateExpiry: () => number | null,
    clustered: boolean,
    measures: Measures,
    logLosses: LogLosses = () => new Map(),
  ) {
    this.#measures = measures;
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: EVENT_LOOP_INTERVAL_MS });
    const gauge = (name: string, help: string, read: (from: MetricSources) => number) =>
      new Gauge({
        name: `prospect_relay_${name}`,
        help,
        registers,
        collect() {
          const from = sources();
          this.set(from ? read(from) : 0);
        },
      });
    gauge('streams', 'Streams that have started and not ended', ({ status }) => status.activeStreams());
    gauge('listeners', 'Admins who hear or wait for a commercial', ({ status }) => status.totalListeners());
    gauge('hearings_due', 'Admins to whom audio should be passed on now', ({ status }) => status.hearingsDue());
    gauge(
      'connected_without_media',
      'Admins who should hear a live commercial over a path that is up, and to whom no packet was sent for some ten seconds',
      ({ status }) => status.withoutMedia(),
    );
    gauge('draining', '1 while the relay takes nobody new, because it stops on purpose', ({ draining }) =>
      draining ? 1 : 0,
    );
    gauge('sessions', 'Sessions, with or without a connection', ({ status }) => status.sessions());
    gauge('connections', 'Signalling connections, authenticated or not', (from) => from.connections());
    gauge('whip_sessions', 'Devices that publish over WHIP', ({ wish }) => wish.devices);
    gauge('whep_sessions', 'Players that listen over WHEP', ({ wish }) => wish.players);
    gauge('workers', 'Running media workers', ({ media }) => media.gauges().workers);
    gauge('transports', 'WebRTC transports', ({ media }) => media.gauges().transports);
    gauge('producers', 'Audio producers (publishing commercials)', ({ media }) => media.gauges().producers);
    gauge('consumers', 'Audio consumers (listening admins)', ({ media }) => media.gauges().consumers);
    gauge('media_available', '1 while at least one media worker runs', ({ media }) => (media.available ? 1 : 0));
    gauge(
      'event_loop_lag_seconds',
      'Longest delay of the event loop in the last fifteen seconds, as a timer of 0.2 s meets it',
      ({ load }) => load.eventLoopLagSeconds,
    );
    new Gauge({
      name: 'prospect_relay_worker_cpu_ratio',
      help: 'Of the processor time that a media worker could have had in the last seconds, the share that it used; 1: it can do no more',
      labelNames: ['worker'],
      registers,
      collect() {
        this.reset();
        for (const { index, ratio } of sources()?.load.workers() ?? []) this.set({ worker: String(index) }, ratio);
      },
    });
    new Gauge({
      name: 'prospect_relay_certificate_expiry_seconds',
      help: 'When the TLS certificate in use ends, in seconds since 1970; no value without TLS',
      registers,
      collect() {
        const expiry = certificateExpiry();
        this.reset();
        if (expiry === null) this.remove();
        else this.set(expiry / 1000);
      },
    });
    new Gauge({ name: 'prospect_relay_info', help: 'Version', labelNames: ['version'], registers }).set({ version }, 1);
    new Gauge({
      name: 'prospect_relay_sockets',
      help: 'TCP connections to the HTTP and HTTPS ports, whatever they are for',
      registers,
      collect() {
        this.set(doors.open);
      },
    });
    new Counter({
      name: 'prospect_relay_connections_ended_total',
      help: 'Connections that the relay ended by itself, by reason',
      labelNames: ['reason'],
      registers,
      collect() {
        this.reset();
        for (const reason of END_REASONS) this.inc({ reason }, doors.get(reason));
      },
    });
    registerQuality(this.#registry, () => sources()?.media.quality() ?? null);
    registerLogMetrics(this.#registry, logLosses);
    registerAuditMetrics(this.#registry, sources);
    if (clustered) registerClusterMetrics(this.#registry, sources);
    this.#requests = new Counter({
      name: 'prospect_relay_http_requests_total',
      help: 'HTTP requests answered',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
  }

  /** Counts every request when it is answered, by the route's pattern: paths would make endless labels. */
  readonly countRequests: RequestHandler = (req, res, next) => {
    res.on('finish', () => {
      const pattern: unknown = req.route?.path;
      const route = pattern === undefined ? 'unmatched' : (ROUTES.find((known) => known === pattern) ?? 'other');
      const status = STATUSES.includes(res.statusCode) ? String(res.statusCode) : 'other';
      const method = METHODS.includes(req.method) ? req.method : 'OTHER';
      this.#requests.inc({ method, route, status });
    });
    next();
  };

  /** `GET /metrics` in the Prometheus text format; with `token`, only for who sends it as a Bearer. */
  routes(token: string | null): Router {
    const router = Router();
    router.get('/metrics', async (req, res) => {
      if (token !== null) requireToken(req, token);
      res.set('Cache-Control', 'no-store').type(this.#registry.contentType);
      res.send(`${await this.#registry.metrics()}\n${await this.#measures.registry.metrics()}`);
    });
    return router;
  }
}
