import { resolve } from 'node:path';
import { CertificateError, certificateNotice, readCertificate } from '../http/certificate.ts';
import { findWidgetsFolder } from '../package-info.ts';
import { isLoopback, readMetricsConfig } from './metrics.ts';
import type { Review } from './problems.ts';
import type { HttpConfig } from './shape.ts';
import { type Values, variables } from './variables.ts';
import { sharedSuffixOf } from './wide-origins.ts';

type Https = NonNullable<HttpConfig['https']>;

/**
 * The part of the configuration that says where pages reach the relay, and which pages may.
 * @param set names of the variables that are set
 */
export function readHttpConfig(values: Values, set: ReadonlySet<string>, review: Review): HttpConfig {
  const { report } = review;
  const https = readHttps(values, review);
  if (values.HTTP_PORT === null && !https) {
    report(
      'HTTP_PORT',
      'is off and there is no certificate for HTTPS: set TLS_CERT_FILE and TLS_KEY_FILE, or HTTP_PORT=8080.',
    );
  }
  if (https && https.port !== 0 && https.port === values.HTTP_PORT) {
    report(
      'HTTPS_PORT',
      `${https.port} is the port of HTTP too; use two ports, such as HTTP_PORT=8080 and HTTPS_PORT=8443.`,
    );
  }
  warnOfOpenDoors(values, https, review);
  return {
    host: values.HOST,
    httpPort: values.HTTP_PORT,
    https,
    hstsMaxAgeS: Math.floor(values.HSTS_MAX_AGE / 1000),
    allowedOrigins: readOrigins(values, review),
    trustedProxies: values.TRUSTED_PROXIES,
    widgetsDir: resolve(values.WIDGETS_DIR ?? findWidgetsFolder()),
    maxSockets: values.MAX_SOCKETS,
    socketsPerAddress: values.SOCKETS_PER_ADDRESS,
    metrics: readMetricsConfig(values, set.has('METRICS_PORT'), https?.port ?? null, review),
  };
}

function readHttps(values: Values, { failed, report, warn }: Review): Https | null {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = values;
  if (certFile !== null && keyFile === null && !failed.has('TLS_KEY_FILE')) {
    report('TLS_KEY_FILE', 'is needed with TLS_CERT_FILE.');
  }
  if (certFile === null && keyFile !== null) report('TLS_CERT_FILE', 'is needed with TLS_KEY_FILE.');
  if (certFile === null || keyFile === null) return null;
  const https = { port: values.HTTPS_PORT, certFile, keyFile };
  try {
    const notice = certificateNotice(readCertificate(https), Date.now());
    if (notice !== null) warn('TLS_CERT_FILE', `${certFile} ${notice.text}`);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    report(error.file === 'key' ? 'TLS_KEY_FILE' : 'TLS_CERT_FILE', error.message);
  }
  return https;
}

function readOrigins(values: Values, { production, report, warn }: Review): readonly string[] {
  const origins = values.ALLOWED_ORIGINS;
  const example = `Example: ALLOWED_ORIGINS=${variables.ALLOWED_ORIGINS.example}`;
  // A list of commas alone names nobody, and would let nobody in.
  if (production && (origins === null || origins.length === 0)) {
    report('ALLOWED_ORIGINS', `is required in production. ${example}`);
  }
  if (production && origins?.includes('*')) report('ALLOWED_ORIGINS', `* is refused in production. ${example}`);
  if (origins?.includes('*') && origins.length > 1) report('ALLOWED_ORIGINS', '* stands alone or not at all.');
  for (const entry of origins ?? []) {
    const shared = sharedSuffixOf(entry);
    if (shared === null) continue;
    const how =
      shared.by === 'registry'
        ? 'is the suffix of a registry, which sells names'
        : 'belongs to a service that gives names';
    const say = production && shared.by === 'registry' ? report : warn;
    say(
      'ALLOWED_ORIGINS',
      `${entry} lets in pages of strangers: ${shared.name} ${how} below it to anybody. Name your own.`,
    );
  }
  return origins ?? ['*'];
}

/** What works, but lets others read along. In production only: elsewhere it is what one wants. */
function warnOfOpenDoors(values: Values, https: Https | null, { production, failed, warn }: Review): void {
  if (!production || isLoopback(values.HOST)) return;
  const plain = values.HTTP_PORT !== null && !failed.has('HTTP_PORT');
  if (plain && https) {
    warn(
      'HTTP_PORT',
      `port ${values.HTTP_PORT} is open without TLS beside HTTPS: a page that connects there sends its token readably. Set HTTP_PORT=off.`,
    );
  } else if (plain && values.TRUSTED_PROXIES === 0) {
    warn(
      'TLS_CERT_FILE',
      'is not set, so the relay has no TLS: tokens and names can be read on the way. Set TLS_CERT_FILE and TLS_KEY_FILE; or, behind ' +
        'a TLS proxy, HOST=127.0.0.1 (or the proxy’s network) and TRUSTED_PROXIES=1.',
    );
  }
  if (values.METRICS_PUBLIC === 'on' && values.METRICS_TOKEN === null && !failed.has('METRICS_TOKEN')) {
    warn(
      'METRICS_TOKEN',
      'is not set, and METRICS_PUBLIC is on: everybody who reaches the relay can read /metrics. Set it, or leave METRICS_PUBLIC out.',
    );
  }
}
