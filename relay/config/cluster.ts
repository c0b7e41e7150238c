import { randomInt } from 'node:crypto';
import type { Report, Review } from './problems.ts';
import { redisUrl } from './redis-url.ts';
import { readSecretValue, readValueFile } from './secret-value.ts';
import { reviewSecret } from './secrets.ts';
import type { ClusterConfig, MediaConfig, RedisEndpoint } from './shape.ts';
import { type Values, type VariableName, variables } from './variables.ts';

/** AES-256 and HMAC-SHA-256 have keys of as many bytes. */
const SECRET_BYTES = 32;
/** Redis takes a million guesses a second. */
const PASSWORD_BYTES = 16;
const MADE_UP = 'abcdefghijklmnopqrstuvwxyz0123456789';
const MADE_UP_LENGTH = 8;

/** What means nothing without CLUSTER_URL. */
const CLUSTER_VARIABLES = [
  'CLUSTER_SECRET',
  'CLUSTER_SECRET_FILE',
  'CLUSTER_SECRET_PREVIOUS',
  'CLUSTER_SECRET_PREVIOUS_FILE',
  'NODE_ID',
  'NODE_URL',
  'PIPE_ADDRESS',
  'PIPE_PORTS',
  'DRAIN_TIME',
] as const satisfies readonly VariableName[];

/**
 * The part of the configuration that makes this relay a node of a cluster; null without CLUSTER_URL.
 * @param set which variables are set, whatever they hold
 */
export function readClusterConfig(
  values: Values,
  media: MediaConfig,
  set: ReadonlySet<string>,
  review: Review,
): ClusterConfig | null {
  const { failed, report, warn } = review;
  const place = readPlace(values, review);
  if (place === null) {
    const wanted = (['CLUSTER_URL', 'CLUSTER_URL_FILE'] as const).some((name) => set.has(name));
    for (const name of CLUSTER_VARIABLES) {
      // With AUDIT_DIR it names the relay's chain.
      if (name === 'NODE_ID' && values.AUDIT_DIR !== null) continue;
      if (set.has(name) && !wanted) warn(name, 'does nothing without CLUSTER_URL: this relay is no node of a cluster.');
    }
    return null;
  }
  const { redis, name } = place;
  reviewEncryption(redis, review);
  // Redis has the same one, which may be for others to change.
  if (redis.password !== null)
    reviewSecret(redis.password, 'CLUSTER_URL', { leastBytes: PASSWORD_BYTES, weak: 'warn' }, review);
  const secret = readSecretValue('CLUSTER_SECRET', SECRET_BYTES, values, review);
  const previousSecret = readSecretValue('CLUSTER_SECRET_PREVIOUS', SECRET_BYTES, values, review);
  if (
    secret === null &&
    !failed.has('CLUSTER_SECRET') &&
    !set.has('CLUSTER_SECRET') &&
    !set.has('CLUSTER_SECRET_FILE')
  ) {
    report('CLUSTER_SECRET', 'is needed with CLUSTER_URL, the same on every node. Make one: openssl rand -base64 48');
  }
  if (secret !== null && secret === previousSecret) {
    warn('CLUSTER_SECRET_PREVIOUS', 'is the same as CLUSTER_SECRET, so it does nothing.');
  }
  const pipePorts = values.PIPE_PORTS;
  reviewPorts(pipePorts, media, report);
  return {
    redis,
    name,
    // Where there is none a problem was noted, and this value goes nowhere.
    secret: secret ?? '',
    previousSecret,
    nodeId: values.NODE_ID ?? madeUpId(),
    pipeAddress: readPipeAddress(values, media, review),
    pipePorts,
    nodeUrl: readNodeUrl(values, review),
    drainMs: values.DRAIN_TIME,
  };
}

function readPlace(values: Values, { report }: Review): Values['CLUSTER_URL'] {
  if (values.CLUSTER_URL_FILE === null) return values.CLUSTER_URL;
  if (values.CLUSTER_URL !== null) {
    report('CLUSTER_URL', 'only one of CLUSTER_URL and CLUSTER_URL_FILE may be set. Remove one.');
    return values.CLUSTER_URL;
  }
  const text = readValueFile('CLUSTER_URL_FILE', values.CLUSTER_URL_FILE, report);
  if (text === null) return null;
  const result = redisUrl.safeParse(text);
  if (result.success) return result.data;
  const allowed = result.error.issues.map(({ message }) => message).join('; ');
  report('CLUSTER_URL_FILE', `holds no such URL; allowed: ${allowed}. Example: ${variables.CLUSTER_URL.example}`);
  return null;
}

function reviewEncryption({ tls, hosts }: RedisEndpoint, { production, warn }: Review): void {
  const open = hosts.find(({ host }) => !/^(?:localhost|127\.[\d.]+|::1)$/.test(host));
  if (!production || tls || !open) return;
  warn(
    'CLUSTER_URL',
    `${open.host} is reached without TLS: what nodes say is sealed all the same, but not Redis's password. Use rediss:// where the ` +
      'network between is not your own.',
  );
}

function readNodeUrl({ NODE_URL: url }: Values, { production, report, warn }: Review): string | null {
  if (url === null) return null;
  const { protocol, origin, pathname, search, hash } = new URL(url);
  if (pathname !== '/' || search !== '' || hash !== '') {
    report('NODE_URL', `${origin} alone is allowed: nothing behind the host and port.`);
  }
  if (production && protocol === 'http:')
    warn('NODE_URL', `${origin} is not encrypted: pages of https:// cannot reach it.`);
  return origin;
}

function readPipeAddress(values: Values, media: MediaConfig, { production, failed, report }: Review): string {
  const example = `Example: PIPE_ADDRESS=${variables.PIPE_ADDRESS.example}`;
  const given = values.PIPE_ADDRESS;
  if (given !== null) {
    if (given === '0.0.0.0' || given === '::' || given.includes('%')) {
      report('PIPE_ADDRESS', `${given} is no address that other nodes can send to. ${example}`);
    }
    return given;
  }
  if (production && !failed.has('PIPE_ADDRESS')) {
    report('PIPE_ADDRESS', `is required in production with CLUSTER_URL: where other nodes reach this one. ${example}`);
  }
  const [first] = media.listen;
  return first?.announcedAddress ?? first?.ip ?? '127.0.0.1';
}

function reviewPorts({ first, last }: ClusterConfig['pipePorts'], media: MediaConfig, report: Report): void {
  const lastMedia = media.basePort + media.workers - 1;
  if (media.basePort !== 0 && first <= lastMedia && last >= media.basePort) {
    report(
      'PIPE_PORTS',
      `${first}-${last} meets the media ports (${media.basePort} to ${lastMedia}, from MEDIA_PORT and MEDIA_WORKERS).`,
    );
  }
}

/** A name that no other node has. */
function madeUpId(): string {
  return Array.from({ length: MADE_UP_LENGTH }, () => MADE_UP[randomInt(MADE_UP.length)]).join('');
}
