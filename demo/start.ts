/**
 * Starts the demonstration: the relay as a child process, and the host company's web server beside it. Environment:
 * DEMO_HTTP_PORT (3000), DEMO_HTTPS_PORT (3443), 0 for a free one; PROSPECT_CERT_FILE, PROSPECT_KEY_FILE and PROSPECT_CA_FILE
 * for HTTPS; DEMO_POLICY=on for a policy (policy.yaml) and a journal; PROSPECT_DEV_RELOAD_URL for reloading pages; and every variable of the relay, which is handed on.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RelayProcess } from './relay-process.ts';
import { createDemoApp } from './server/app.ts';
import { type Listening, listen } from './server/listen.ts';
import { lanAddresses, ownHostNames } from './server/local-addresses.ts';
import type { RelayPorts } from './server/relay-address.ts';

const ISSUER = 'prospect-demo';
const AUDIENCE = 'prospect-live';
const TOKEN_LIFETIME_S = 600;
const RESTART_DELAY_MS = 1000;
/** A relay that lives shorter than this is not started again: its configuration is wrong, and saying so helps more. */
const TOO_SHORT_MS = 2000;

const env = process.env;
const secret = randomBytes(32).toString('base64url');
const certFile = env.PROSPECT_CERT_FILE ? resolve(env.PROSPECT_CERT_FILE) : null;
const keyFile = env.PROSPECT_KEY_FILE ? resolve(env.PROSPECT_KEY_FILE) : null;
const certs = certFile && keyFile && existsSync(certFile) && existsSync(keyFile) ? { certFile, keyFile } : null;
const caFile = certs ? findAuthority(env.PROSPECT_CA_FILE ?? join(dirname(certs.certFile), 'dev-ca.pem')) : null;

/** With a policy the company's journal is kept too, as long as the demo runs. */
const journal = env.DEMO_POLICY === 'on' ? mkdtempSync(join(tmpdir(), 'prospect-demo-audit-')) : null;

let relay: RelayProcess | null = null;
let servers: Listening | null = null;
let stopping = false;
let ports: RelayPorts = { http: null, https: null };

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
process.on('disconnect', () => void stop(0));

try {
  await start();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
  await stop(1);
}

async function start(): Promise<void> {
  const app = createDemoApp({
    tokens: { secret, issuer: ISSUER, audience: AUDIENCE, lifetimeS: TOKEN_LIFETIME_S },
    cookieSecret: randomBytes(32),
    relayPorts: () => ports,
    caFile,
    phoneUrls,
    devReloadUrl: env.PROSPECT_DEV_RELOAD_URL || null,
  });
  servers = await listen(app, {
    host: '0.0.0.0',
    httpPort: readPort('DEMO_HTTP_PORT', 3000),
    https: certs ? { port: readPort('DEMO_HTTPS_PORT', 3443), ...certs } : null,
  });
  await startRelay();
  printAddresses();
  process.send?.({ type: 'ready', http: servers.httpPort, https: servers.httpsPort });
}

async function startRelay(): Promise<void> {
  const startedAt = performance.now();
  let started: RelayProcess;
  try {
    started = await RelayProcess.start({ env: relayEnv(), onOutput: (text) => process.stdout.write(text) });
  } catch (error) {
    if (stopping) return;
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The relay did not start (${why}). Its own lines above say why.`, { cause: error });
  }
  relay = started;
  ports = started.ports;
  if (stopping) return void started.stop();
  void started.ended.then((why) => {
    if (!stopping && !started.stopping) void restartRelay(why, performance.now() - startedAt);
  });
}

async function restartRelay(why: string, livedMs: number): Promise<void> {
  if (livedMs < TOO_SHORT_MS) {
    console.error(`\nThe relay ended right after its start (${why}). Its own lines above say why.\n`);
    return stop(1);
  }
  console.error(`\nThe relay ended (${why}); starting it again. Pages come back by themselves.\n`);
  await new Promise((done) => setTimeout(done, RESTART_DELAY_MS));
  if (stopping) return;
  try {
    await startRelay();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    await stop(1);
  }
}

/** What the relay must know; a variable that is set already wins, except the ones that must fit the demo's tokens. */
function relayEnv(): Record<string, string> {
  const names = ownHostNames();
  const origins = [
    ...names.map((name) => `http://${name}:${servers?.httpPort}`),
    ...(servers?.httpsPort ? names.map((name) => `https://${name}:${servers?.httpsPort}`) : []),
  ];
  const set = (name: string, value: string) => ({ [name]: env[name] ?? value });
  // A relay that is started again must be found where the open pages look for it, also after port 0.
  const setPort = (name: string, known: number | null, value: string) =>
    known === null ? set(name, value) : { [name]: String(known) };
  return {
    // Said, not left out: a relay with a certificate would warn that production may have been meant.
    ...set('NODE_ENV', 'development'),
    ...setPort('HTTP_PORT', ports.http, '8080'),
    ...(certs
      ? {
          ...setPort('HTTPS_PORT', ports.https, '8443'),
          ...set('TLS_CERT_FILE', certs.certFile),
          ...set('TLS_KEY_FILE', certs.keyFile),
        }
      : {}),
    ...set('ALLOWED_ORIGINS', origins.join(',')),
    ...(journal && {
      ...set('POLICY_FILE', fileURLToPath(new URL('policy.yaml', import.meta.url))),
      ...set('AUDIT_DIR', journal),
    }),
    JWT_SECRET: secret,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
  };
}

function phoneUrls(): string[] {
  return servers?.httpsPort ? lanAddresses().map((address) => `https://${address}:${servers?.httpsPort}`) : [];
}

function printAddresses(): void {
  const phone = phoneUrls();
  const lines = [
    '',
    '  Prospect Live is running.',
    '',
    `  On this computer   http://localhost:${servers?.httpPort}`,
    ...phone.map((url, index) => `  ${index === 0 ? 'On a phone        ' : '                  '} ${url}`),
    ...(phone.length > 0
      ? ['                     (same network; the page there says how to trust the certificate)']
      : ['  On a phone         needs HTTPS: run npm run certs, then start again']),
    `  Relay              ${[ports.http && `http port ${ports.http}`, ports.https && `https port ${ports.https}`].filter(Boolean).join(', ')}`,
    '',
    '  Ctrl+C ends both.',
    '',
  ];
  console.log(lines.join('\n'));
}

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await Promise.all([relay?.stop(), servers?.close()]);
  if (journal) rmSync(journal, { recursive: true, force: true });
  process.exit(code);
}

function readPort(variable: string, fallback: number): number {
  const text = env[variable];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${variable} is "${text}". It must be a port number, 0 to 65535 (0 picks a free one).`);
}

function findAuthority(file: string): string | null {
  const path = resolve(file);
  return existsSync(path) ? path : null;
}
