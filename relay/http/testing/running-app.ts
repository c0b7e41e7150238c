import { createServer } from 'node:http';
import type { TokenVerifier } from '../../auth/user.ts';
import type { Environment } from '../../config.ts';
import { readConfig } from '../../config.ts';
import { DoorCounts } from '../../doors/door-counts.ts';
import { RelayError } from '../../errors.ts';
import { type LogLosses, OUTPUT_NAMES } from '../../log/log-outputs.ts';
import { createLogger } from '../../logger.ts';
import { Measures } from '../../measures/measures.ts';
import { PolicySource } from '../../policy/policy-source.ts';
import type { SessionUser } from '../../protocol/messages.ts';
import type { CommercialDetail } from '../../streams/status.ts';
import { type AppParts, type AppSources, createApp, createMetricsApp } from '../app.ts';
import { Metrics } from '../metrics.ts';

/** Outputs of the log, which have lost nothing. */
const LOG_LOSSES: LogLosses = () => new Map(OUTPUT_NAMES.map((name) => [name, 0]));

/** The version that the app of these tests says it has. */
export const VERSION = '1.2.3';

const ANNA: CommercialDetail = {
  id: 'c-1',
  name: 'Anna',
  equipe: 'nord',
  status: 'live',
  liveForMs: 61_000,
  listenerCount: 1,
  listeners: [{ id: 'a-1', name: 'Bruno' }],
};
const BASILE: CommercialDetail = {
  id: 'c-2',
  name: 'Basile',
  equipe: 'sud',
  status: 'ready',
  liveForMs: null,
  listenerCount: 0,
  listeners: [],
};

/** A relay with one stream in the team nord, heard by one admin, and one commercial who is ready in the team sud. */
export const SOURCES: AppSources = {
  status: {
    activeStreams: () => 1,
    totalListeners: () => 1,
    hearingsDue: () => 1,
    withoutMedia: () => 0,
    sessions: () => 3,
    detail: (mayKnow) => [ANNA, BASILE].filter(({ equipe }) => mayKnow(equipe)),
  },
  load: { workers: () => [{ index: 0, ratio: 0.25 }], eventLoopLagSeconds: 0.5 },
  media: {
    available: true,
    nodePipes: null,
    gauges: () => ({ workers: 2, transports: 5, producers: 1, consumers: 4 }),
    quality: () => ({
      publish: { loss: [0, 0.02, 0.5], jitterMs: [4, 12, 80], roundTripMs: [] },
      listen: { loss: [0.01], jitterMs: [6], roundTripMs: [40] },
    }),
  },
  audit: { gauges: { kept: 5, waiting: 0, lost: 0, failing: false } },
  webhook: { gauges: { delivered: 5, waiting: 0, lost: 0 } },
  draining: false,
  wish: { devices: 1, players: 2 },
  connections: () => 7,
  service: null,
  cluster: null,
};

const CELINE: CommercialDetail = {
  id: 'c-3',
  name: 'Céline',
  equipe: 'nord',
  status: 'paused',
  liveForMs: 5_000,
  listenerCount: 0,
  listeners: [],
};

/** What makes a relay a node of a cluster; nothing is connected to. */
export const CLUSTER_ENV: Environment = {
  CLUSTER_URL: 'redis://127.0.0.1:6379',
  CLUSTER_SECRET: 'k7Qp2vX9sLw4ZtBn8RfHc3JdMy6GaUeT',
  NODE_ID: 'a',
  PIPE_ADDRESS: '10.0.0.11',
};

/** The same relay as the node `a` of a cluster; at the node `b` streams one more commercial of the team nord, and two admins listen. */
export const CLUSTER_SOURCES: AppSources = {
  ...SOURCES,
  media: {
    ...SOURCES.media,
    nodePipes: {
      gauges: () => ({ links: 2, given: 3, copies: 1 }),
      traffic: async () => ({ sentBytes: 48_000, receivedBytes: 16_000 }),
    },
  },
  cluster: {
    gauges: () => ({
      peers: 1,
      healthy: true,
      silentForMs: 400,
      mirrors: 1,
      bus: {
        transport: { published: 90, failed: 1, received: 120, reconnects: 0, roundTripMs: 1.5 },
        taken: 110,
        refused: {
          oversized: 0,
          unreadable: 0,
          foreign: 7,
          malformed: 0,
          unknown: 0,
          late: 1,
          replayed: 2,
          unmet: 0,
        },
        gaps: 5,
      },
    }),
  },
  service: {
    summary: () => ({
      complete: true,
      nodes: [
        { id: 'a', draining: false, streams: 1, listeners: 1 },
        { id: 'b', draining: true, streams: 1, listeners: 2 },
      ],
    }),
    detail: async (equipes) => ({
      complete: true,
      commercials: [ANNA, BASILE, CELINE].filter(({ equipe }) => equipes.includes(equipe)),
    }),
  },
};

const USERS: Readonly<Record<string, SessionUser>> = {
  'admin-nord': { role: 'admin', id: 'a-1', name: 'Bruno', equipes: ['nord'] },
  'admin-none': { role: 'admin', id: 'a-2', name: 'Chloé', equipes: [] },
  commercial: { role: 'commercial', id: 'c-1', name: 'Anna', equipe: 'nord' },
};

/** Knows four tokens by heart: `admin-nord`, `admin-none`, `commercial`, `auditor-sud`. `breaks` makes it fail in an unforeseen way. */
const VERIFIER: Pick<TokenVerifier, 'verify' | 'verifyReader'> = {
  async verifyReader(token) {
    const expiresAt = Date.now() + 60_000;
    if (token === 'auditor-sud') return { role: 'auditor', id: 'w-1', equipes: ['sud'], expiresAt };
    const { user } = await this.verify(token);
    const equipes = user.role === 'admin' ? user.equipes : [user.equipe];
    return { role: user.role, id: user.id, equipes, expiresAt };
  },
  async verify(token) {
    if (token === 'breaks') throw new Error('a detail that nobody outside should read');
    if (token === 'no-keys') throw new RelayError('token_keys_unavailable', 'The keys cannot be fetched.');
    const user = typeof token === 'string' ? USERS[token] : undefined;
    if (!user) throw new RelayError('token_signature_invalid', 'The signature does not match.');
    return { user, expiresAt: Date.now() + 60_000 };
  },
};

/** An app that answers on a port of this machine. */
export interface RunningApp {
  readonly url: string;
  close(): Promise<void>;
}

/** What a test may change of an app. */
export interface Changes extends Partial<AppParts> {
  readonly certificateExpiry?: () => number | null;
  readonly doors?: DoorCounts;
  readonly measures?: Measures;
  /** What the port of the metrics answers, in place of what those of the pages do. */
  readonly metricsPort?: boolean;
}

/** Starts an app over fixed sources, by default with public metrics; `env` and `changes` are what a test is about. */
export async function runApp(env: Environment = {}, changes: Changes = {}): Promise<RunningApp> {
  const { config } = readConfig({ JWT_SECRET: 'kD9vQ2xW8zR4tY6uI1oP3aS5dF7gH0jK', METRICS_PUBLIC: 'on', ...env });
  const { certificateExpiry = () => null, doors = new DoorCounts(), metricsPort = false, ...parts } = changes;
  const measures = changes.measures ?? new Measures();
  const sources = parts.sources ?? (() => SOURCES);
  const metrics = new Metrics(
    VERSION,
    sources,
    doors,
    certificateExpiry,
    config.cluster !== null,
    measures,
    LOG_LOSSES,
  );
  const create = metricsPort ? createMetricsApp : createApp;
  const server = createServer(
    create({
      config,
      version: VERSION,
      verifier: VERIFIER,
      metrics,
      readiness: () => [],
      sources,
      certificateExpiry,
      logger: createLogger('silent'),
      drain: () => ({ sessions: 12, moving: true, withinMs: 60_000 }),
      policy: new PolicySource(config.policyFile, createLogger('silent')),
      ...parts,
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
