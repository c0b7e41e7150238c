import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { TrailReader } from '../audit/trail-reader.ts';
import type { TokenVerifier } from '../auth/user.ts';
import type { RelayConfig } from '../config/shape.ts';
import type { DrainStatus } from '../drain.ts';
import type { Logger } from '../logger.ts';
import { corsOrigin } from '../origins.ts';
import type { PolicySource } from '../policy/policy-source.ts';
import type { ServiceStatus, StatusSource } from '../streams/status.ts';
import { adminRoutes } from './admin.ts';
import { requireAllowedOrigin } from './allowed-origin.ts';
import { auditRoutes } from './audit.ts';
import { doctorRoutes } from './doctor-page.ts';
import { healthRoutes, type Readiness } from './health.ts';
import { errorHandler, HttpError, notFound } from './http-error.ts';
import type { MetricSources, Metrics } from './metrics.ts';
import { policyRoutes } from './policy.ts';
import { statusRoutes } from './status.ts';
import { widgetRoutes } from './widgets.ts';

/** Streams and media, as status and metrics read them. */
export type AppSources = MetricSources & {
  readonly status: StatusSource;
  /** All relays of the service; null on a relay that runs alone. */
  readonly service: ServiceStatus | null;
};

/** What the HTTP side is made of. */
export interface AppParts {
  readonly config: Pick<RelayConfig, 'audit' | 'http' | 'production'>;
  readonly version: string;
  /** The routes of WHIP and WHEP; left out: none. */
  readonly wish?: RequestHandler;
  readonly metrics: Metrics;
  readonly verifier: Pick<TokenVerifier, 'verify' | 'verifyReader'>;
  /** The policy that holds. */
  readonly policy: Pick<PolicySource, 'audit' | 'digest' | 'of'>;
  readonly readiness: Readiness;
  /** Streams and media; null while the relay is starting. */
  readonly sources: () => AppSources | null;
  /** Until when the certificate in use is valid, in milliseconds since the epoch; null without one. */
  readonly certificateExpiry: () => number | null;
  readonly logger: Logger;
  /** Stops the relay as SIGTERM does, and says what becomes of its pages; null while the relay is starting. */
  readonly drain: () => DrainStatus | null;
}

/**
 * The HTTP side of the pages' ports: health, status, the audit trail, the order to drain, the widgets' files, the page /doctor, and the metrics
 * where they are asked for.
 * Everything else is a 404 in JSON.
 */
export function createApp(parts: AppParts): Express {
  const { config, version, verifier, policy, metrics, readiness, sources, certificateExpiry, logger, drain } = parts;
  const { http, production } = config;
  const app = bareApp(http.hstsMaxAgeS);
  app.set('trust proxy', http.trustedProxies);
  app.use(metrics.countRequests);
  // Before the allow-list, because scripts are public.
  app.use(widgetRoutes({ folder: http.widgetsDir, version, production }));

  app.use(requireAllowedOrigin(http.allowedOrigins));
  // Before the others' rules for other origins, which are for reading alone.
  if (parts.wish) app.use(parts.wish);
  app.use(
    cors({
      origin: corsOrigin(http.allowedOrigins),
      methods: ['GET', 'HEAD'],
      allowedHeaders: ['Authorization'],
      maxAge: 600,
    }),
  );
  app.use(healthRoutes(readiness));
  app.use(doctorRoutes({ version, certificateExpiry }));
  app.use(
    statusRoutes(verifier, () => {
      const found = sources();
      if (!found) throw new HttpError(503, 'starting', 'The relay is starting. Try again in a second.');
      return found;
    }),
  );
  app.use(auditRoutes(verifier, config.audit && new TrailReader(config.audit.root)));
  app.use(policyRoutes(verifier, policy, config.audit !== null));
  if (http.metrics.public) app.use(metrics.routes(http.metrics.token));
  app.use(adminRoutes(http.metrics.token, drain));
  app.use(notFound);
  app.use(errorHandler(logger));
  return app;
}

/** What the port of the metrics answers: the metrics, and nothing else. No page of a browser may read them. */
export function createMetricsApp({
  config,
  metrics,
  logger,
}: Pick<AppParts, 'config' | 'metrics' | 'logger'>): Express {
  const app = bareApp(0);
  app.use(metrics.routes(config.http.metrics.token));
  app.use(notFound);
  app.use(errorHandler(logger));
  return app;
}

function bareApp(hstsMaxAgeS: number): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', false);
  app.use(
    helmet({
      // Answers are data or scripts for other pages; nothing here is a document that would load anything.
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
      // A browser applies it to the host name with all its ports, so to services that this one knows nothing of.
      strictTransportSecurity: hstsMaxAgeS > 0 ? { maxAge: hstsMaxAgeS, includeSubDomains: false } : false,
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  return app;
}
