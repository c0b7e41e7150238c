/**
 * `npm run bench -- --storm N`: N pages that connect to a relay with TLS in the same moment, as after it was restarted. What counts is for
 * how long the relay answers nobody meanwhile, and when the last one is back.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import jwt from 'jsonwebtoken';
import mkcert from 'mkcert';
import { io, type Socket } from 'socket.io-client';
import { PROTOCOL_VERSION } from '../../relay/protocol/messages.ts';
import { ChildProgram } from '../harness/child-program.ts';
import { freePort } from '../harness/network/free-port.ts';
import { summarise } from '../harness/statistics.ts';
import { textTable } from '../harness/text-table.ts';

const SECRET = 'the secret of this bench, 32 bytes or more';
const RELAY = fileURLToPath(new URL('../../relay/main.ts', import.meta.url));
const WITHIN_MS = 60_000;

/** What one storm was like. Times in milliseconds. */
export interface Storm {
  readonly pages: number;
  /** Pages that did not get in within a minute. */
  readonly failed: number;
  /** From the first attempt to `session:ready`, of each page that got in. */
  readonly readyMs: readonly number[];
  /** The longest delay of the relay's event loop. */
  readonly worstLagMs: number;
}

/** Starts a relay, lets the storm come, and ends it. @param own whether the relay does TLS itself */
export async function measureStorm(pages: number, own: boolean): Promise<Storm> {
  const folder = mkdtempSync(join(tmpdir(), 'prospect-storm-'));
  const [http, https] = [await freePort(), await freePort()];
  const relay = await startRelay(folder, http, https);
  const sockets: Socket[] = [];
  try {
    // The longest delay of the start is forgotten by then.
    await sleep(16_000);
    const url = own ? `https://127.0.0.1:${https}` : `http://127.0.0.1:${http}`;
    const start = performance.now();
    const ready = await Promise.all(
      Array.from({ length: pages }, (_, index) => {
        const socket = io(url, {
          transports: ['websocket'],
          reconnection: false,
          forceNew: true,
          rejectUnauthorized: false,
          timeout: WITHIN_MS,
          auth: { token: tokenOf(index), protocol: PROTOCOL_VERSION },
        });
        sockets.push(socket);
        return new Promise<number | null>((resolve) => {
          socket.once('session:ready', () => resolve(performance.now() - start));
          socket.once('connect_error', () => resolve(null));
          setTimeout(() => resolve(null), WITHIN_MS).unref();
        });
      }),
    );
    await sleep(2_000);
    const metrics = await (await fetch(`http://127.0.0.1:${http}/metrics`)).text();
    const lag = /^prospect_relay_event_loop_lag_seconds ([\d.e+-]+)$/m.exec(metrics)?.[1];
    const readyMs = ready.filter((ms) => ms !== null);
    return { pages, failed: pages - readyMs.length, readyMs, worstLagMs: Number(lag) * 1_000 };
  } finally {
    for (const socket of sockets) socket.disconnect();
    await relay.kill();
    rmSync(folder, { recursive: true });
  }
}

/** The table for people. */
export function renderStorms(storms: readonly (readonly [name: string, storm: Storm])[]): string {
  const ms = (value: number) => `${Math.round(value)} ms`;
  return textTable([
    ['', 'pages', 'failed', 'back: median', 'last', 'longest delay of the event loop'],
    ...storms.map(([name, { pages, failed, readyMs, worstLagMs }]) => [
      name,
      String(pages),
      String(failed),
      ms(summarise(readyMs).median),
      ms(Math.max(...readyMs)),
      ms(worstLagMs),
    ]),
  ]);
}

async function startRelay(folder: string, http: number, https: number): Promise<ChildProgram> {
  const ca = await mkcert.createCA({
    organization: 'Bench',
    countryCode: 'FR',
    state: 'Rhône',
    locality: 'Lyon',
    validity: 2,
  });
  const { cert, key } = await mkcert.createCert({ ca, domains: ['127.0.0.1'], validity: 2 });
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const env = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    HTTP_PORT: String(http),
    METRICS_PUBLIC: 'on',
    HTTPS_PORT: String(https),
    TLS_CERT_FILE: certFile,
    TLS_KEY_FILE: keyFile,
    MEDIA_PORT: '0',
    MEDIA_WORKERS: '1',
    MEDIA_LISTEN_IPS: '127.0.0.1',
    JWT_SECRET: SECRET,
    CONNECTIONS_PER_ADDRESS: '100000',
    SOCKETS_PER_ADDRESS: '100000',
    MAX_SOCKETS: '100000',
    PENDING_HANDSHAKES: '100000',
  };
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const answers = () =>
    fetch(`http://127.0.0.1:${http}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  return ChildProgram.start('env', [...settings, process.execPath, RELAY], answers);
}

/** Commercials of fifty teams, and of each team one admin for every nine of them. */
function tokenOf(index: number): string {
  const team = `team-${index % 50}`;
  const claims =
    index % 10 === 0
      ? { role: 'admin', name: `Admin ${index}`, equipes: [team] }
      : { role: 'commercial', name: `Commercial ${index}`, equipe: team };
  return jwt.sign(claims, SECRET, { subject: `storm-${index}`, expiresIn: '10m' });
}
