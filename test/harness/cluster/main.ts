/**
 * `npm run cluster`: Redis, three relays and HAProxy on this machine, and the demonstration's web server, whose pages know
 * HAProxy's address alone. A relay that ends is started again after a while, so that one can be killed to see what happens.
 * Environment: DEMO_HTTP_PORT (3000) and DEMO_HTTPS_PORT (3443), HTTP_PORT (8080) and HTTPS_PORT (8443) of HAProxy,
 * PROSPECT_CERT_FILE, PROSPECT_KEY_FILE and PROSPECT_CA_FILE for HTTPS, and LOG_LEVEL of the relays.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDemoApp } from '../../../demo/server/app.ts';
import { type Listening, listen } from '../../../demo/server/listen.ts';
import { lanAddresses } from '../../../demo/server/local-addresses.ts';
import { RelayCluster } from './relay-cluster.ts';
import type { RelayNode } from './relay-node.ts';

/** How long a relay that was killed stays away. */
const AWAY_MS = 5_000;

const { env } = process;
const certFile = env.PROSPECT_CERT_FILE;
const keyFile = env.PROSPECT_KEY_FILE;
const certs = certFile && keyFile ? { certFile, keyFile } : null;
const tokens = {
  secret: randomBytes(32).toString('base64url'),
  issuer: 'prospect-demo',
  audience: 'prospect-live',
  lifetimeS: 600,
};
const ports = { http: portOf('HTTP_PORT', 8080), https: certs ? portOf('HTTPS_PORT', 8443) : null };
const folder = await mkdtemp(join(tmpdir(), 'prospect-cluster-'));

let servers: Listening | null = null;
let cluster: RelayCluster | null = null;
let stopping = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
try {
  await start();
} catch (error) {
  if (!stopping) console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
  await stop(1);
}

async function start(): Promise<void> {
  const app = createDemoApp({
    tokens,
    cookieSecret: randomBytes(32),
    relayPorts: () => ports,
    caFile: env.PROSPECT_CA_FILE ?? null,
    phoneUrls,
    devReloadUrl: null,
  });
  servers = await listen(app, {
    host: '0.0.0.0',
    httpPort: portOf('DEMO_HTTP_PORT', 3000),
    https: certs ? { port: portOf('DEMO_HTTPS_PORT', 3443), ...certs } : null,
  });
  console.log('Starting Redis, three relays and HAProxy ...');
  const started = await RelayCluster.start({
    tokens,
    binds: [`:${ports.http}`, ...(certs ? [`:${ports.https} ssl crt ${await joinedCertificate(certs)}`] : [])],
    relayEnv: {
      NODE_ENV: 'development',
      LOG_LEVEL: env.LOG_LEVEL ?? 'info',
      MEDIA_LISTEN_IPS: ['127.0.0.1', ...lanAddresses()].join(','),
    },
    onOutput: (node, text) => process.stdout.write(text.replace(/^(?=.)/gm, `${node}: `)),
  });
  cluster = started;
  if (stopping) return started.close();
  printAddresses(started);
  await Promise.all(started.nodes.map(keepRunning));
}

/** Starts a relay again whenever it has ended. */
async function keepRunning(node: RelayNode): Promise<void> {
  while (!stopping) {
    await sleep(200);
    if (node.pid !== undefined || stopping) continue;
    console.log(`\n  Relay ${node.name} has ended. It is started again in ${AWAY_MS / 1_000} s.\n`);
    await sleep(AWAY_MS);
    if (stopping) return;
    try {
      await node.start();
      console.log(`\n  Relay ${node.name} runs again: process ${node.pid}.\n`);
    } catch (error) {
      if (!stopping) console.error(error instanceof Error ? error.message : String(error));
    }
  }
}

function printAddresses({ nodes, redis }: RelayCluster): void {
  const phone = phoneUrls();
  console.log(
    [
      '',
      '  Prospect Live is running on three relays.',
      '',
      `  On this computer   http://localhost:${servers?.httpPort}`,
      ...phone.map((url, index) => `  ${index === 0 ? 'On a phone        ' : '                  '} ${url}`),
      `  HAProxy            port ${[ports.http, ports.https].filter((port) => port !== null).join(' and ')}: the one address that pages know`,
      `  Redis              port ${redis.port}`,
      ...nodes.map(({ name, url, pid }) => `  Relay ${name}            ${url}, process ${pid}`),
      '',
      `  To see a relay die: kill -9 PROCESS. It is started again after ${AWAY_MS / 1_000} s.`,
      '  Ctrl+C ends everything.',
      '',
    ].join('\n'),
  );
}

/** HAProxy wants certificate and key in one file. */
async function joinedCertificate(files: { certFile: string; keyFile: string }): Promise<string> {
  const file = join(folder, 'relay.pem');
  const [certificate, key] = await Promise.all([readFile(files.certFile, 'utf8'), readFile(files.keyFile, 'utf8')]);
  await writeFile(file, `${certificate.trimEnd()}\n${key}`, { mode: 0o600 });
  return file;
}

function phoneUrls(): string[] {
  return servers?.httpsPort ? lanAddresses().map((address) => `https://${address}:${servers?.httpsPort}`) : [];
}

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await Promise.all([cluster?.close(), servers?.close()]);
  await rm(folder, { recursive: true, force: true });
  process.exit(code);
}

function portOf(variable: string, fallback: number): number {
  const port = Number(env[variable] || fallback);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw new Error(`${variable} is "${env[variable]}". It must be a port number, 1 to 65535.`);
}
