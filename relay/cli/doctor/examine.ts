import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../config/problems.ts';
import type { RelayConfig } from '../../config/shape.ts';
import { type Environment, readConfig } from '../../config.ts';
import { checkCertificate } from './certificate-checks.ts';
import { checkClock } from './clock-check.ts';
import { type Finding, failed, ok, skipped, warning } from './finding.ts';
import { checkIce } from './ice-checks.ts';
import { checkKeys } from './key-checks.ts';
import { checkOpenFiles, checkSocketBuffers } from './limit-checks.ts';
import { checkHttpPorts, checkMediaPorts, checkSeenAs, findRunning } from './port-checks.ts';
import { checkRedis } from './redis-check.ts';
import { checkAuditFolder, checkLogFile } from './storage-checks.ts';
import { checkWorker } from './worker-check.ts';

/** What is known beside the configuration. */
export interface Hints {
  /** The host name by which pages reach the relay; null: unknown. */
  readonly name: string | null;
  /** What the clock is compared with; null: the server of JWKS_URL, where there is one. */
  readonly clock: URL | null;
}

/** All checks, in the order in which a person would mend what they find. */
export async function examine(env: Environment, hints: Hints): Promise<Finding[]> {
  const read = readSettings(env);
  if (read.config === null) return [...read.findings, skipped('others', 'Everything else needs a configuration.')];
  const { http, media, auth, ice, cluster, logFile, audit } = read.config;
  const running = await findRunning(http);
  const jwks = auth.key.kind === 'jwks' ? new URL(new URL(auth.key.url).origin) : null;
  // Ports before the worker: it opens some too.
  const ports = [...(await checkHttpPorts(http, running)), ...(await checkMediaPorts(media, running))];
  const [keys, redis, fromIce, clock, worker] = await Promise.all([
    checkKeys(auth),
    checkRedis(cluster),
    checkIce(ice),
    checkClock({ url: hints.clock ?? jwks, toleranceS: auth.clockToleranceS }),
    checkWorker(media),
  ]);
  return [
    ...read.findings,
    ...ports,
    ...checkSeenAs(media, fromIce.seenAs),
    ...checkCertificate(http, hints.name ?? nameOf(cluster?.nodeUrl ?? null)),
    keys,
    redis,
    ...fromIce.findings,
    ...worker,
    clock,
    checkOpenFiles(http),
    checkSocketBuffers(),
    checkLogFile(logFile),
    checkAuditFolder(audit),
    checkWidgets(http.widgetsDir),
  ];
}

function readSettings(env: Environment): { config: RelayConfig | null; findings: Finding[] } {
  const id = 'configuration';
  try {
    const { config, warnings } = readConfig(env);
    // How long the certificate is good for is said by its own check.
    const notice = config.http.https && `TLS_CERT_FILE: ${config.http.https.certFile} `;
    const told = warnings
      .filter((text) => notice === null || !text.startsWith(notice))
      .map((text) => warning(id, text, null));
    return { config, findings: told.length > 0 ? told : [ok(id, 'The configuration is complete and fits together.')] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.problems.map((text) => failed(id, text, 'The relay does not start before this is mended.'));
    return { config: null, findings: problems };
  }
}

function nameOf(url: string | null): string | null {
  return url === null ? null : new URL(url).hostname.replace(/^\[|\]$/g, '');
}

function checkWidgets(folder: string): Finding {
  const file = join(folder, 'prospect-live.js');
  if (existsSync(file)) return ok('widgets', `The widgets are in ${folder}.`);
  return warning(
    'widgets',
    `There is no ${file}: pages that load the widgets from the relay get nothing.`,
    'Build or install them, or set WIDGETS_DIR.',
  );
}
