import { isIPv6 } from 'node:net';
import type { Review } from './problems.ts';
import { reviewSecret } from './secrets.ts';
import type { MetricsConfig } from './shape.ts';
import type { Values } from './variables.ts';

/** A bearer that guards counts only: shorter than a secret that signs. In bytes. */
const METRICS_TOKEN_BYTES = 16;

/** Where Prometheus' registry of ports has exporters like this one. Outside production several relays may share a machine. */
const PRODUCTION_PORT = 9464;

/**
 * The part of the configuration that says who may read the metrics.
 * @param given whether METRICS_PORT was set: `off` and not set are both null once read
 * @param httpsPort null without TLS
 */
export function readMetricsConfig(
  values: Values,
  given: boolean,
  httpsPort: number | null,
  review: Review,
): MetricsConfig {
  const port = given ? values.METRICS_PORT : review.production ? PRODUCTION_PORT : 0;
  reviewPort(port, values, httpsPort, review);
  reviewToken(values, port, review);
  return {
    host: values.METRICS_HOST,
    port,
    public: values.METRICS_PUBLIC === 'on',
    token: values.METRICS_TOKEN,
  };
}

/** Whether an address is that of this machine alone. */
export function isLoopback(host: string): boolean {
  return isIPv6(host) ? host === '::1' : host.startsWith('127.');
}

function reviewPort(port: number | null, values: Values, httpsPort: number | null, { report }: Review): void {
  if (port === null || port === 0) return;
  const other = port === values.HTTP_PORT ? 'HTTP_PORT' : port === httpsPort ? 'HTTPS_PORT' : null;
  if (other !== null) {
    report(
      'METRICS_PORT',
      `${port} is the port of ${other} too; the metrics have one of their own. To have them there as well: METRICS_PUBLIC=on.`,
    );
  }
}

function reviewToken({ METRICS_TOKEN: token, METRICS_HOST: host }: Values, port: number | null, review: Review): void {
  const { production, failed, report, warn } = review;
  if (token !== null) {
    // What cannot stand in the header would shut out everybody (RFC 6750, 2.1).
    if (!/^[\w.~+/-]+=*$/.test(token)) {
      report(
        'METRICS_TOKEN',
        'may hold letters, digits and -._~+/ only, and = at its end. Make one: openssl rand -hex 32',
      );
    }
    reviewSecret(token, 'METRICS_TOKEN', { leastBytes: METRICS_TOKEN_BYTES, weak: 'refuse' }, review);
    return;
  }
  if (production && port !== null && !isLoopback(host) && !failed.has('METRICS_TOKEN')) {
    warn('METRICS_TOKEN', `is not set: everybody who reaches port ${port} of ${host} can read the metrics. Set it.`);
  }
}
