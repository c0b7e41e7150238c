/** `prospect-live doctor` as operators run it: a process of its own, beside real servers, with each fault made for real. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createCA, createCert } from 'mkcert';
import { Coturn } from '../harness/network/coturn.ts';
import { freePort } from '../harness/network/free-port.ts';
import { RedisServer } from '../harness/redis-server.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'relay', 'main.ts');
const SECRET = 'kD9vQ2xW8zR4tY6uI1oP3aS5dF7gH0jKlZ2xC4vB6nM8qW0eR1tY';
const TURN_SECRET = 'x7Hq2Lw9Vb4Nc8ZtR5mK';
// Of its own, so that no .env file of the working directory is read.
const folder = mkdtempSync(join(tmpdir(), 'prospect-doctor-'));
after(() => rmSync(folder, { recursive: true }));

interface Report {
  readonly ok: boolean;
  readonly findings: readonly { id: string; status: string; text: string; fix: string | null }[];
}

function start(env: Record<string, string>, args: readonly string[]) {
  const { PATH = '', MEDIASOUP_WORKER_BIN } = process.env;
  const worker = MEDIASOUP_WORKER_BIN === undefined ? {} : { MEDIASOUP_WORKER_BIN };
  return spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH, ...worker, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(env: Record<string, string>, args: readonly string[]) {
  const child = start(env, args);
  let out = '';
  let all = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (all += data.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, all };
}

/** Settings of a relay alone on 127.0.0.1, with ports of its own. */
async function settings(): Promise<Record<string, string>> {
  const port = await freePort(['127.0.0.1'], 2);
  return {
    JWT_SECRET: SECRET,
    HOST: '127.0.0.1',
    HTTP_PORT: String(port),
    METRICS_PORT: 'off',
    MEDIA_PORT: String(port + 1),
    MEDIA_WORKERS: '1',
    MEDIA_LISTEN_IPS: '127.0.0.1',
    ANNOUNCED_ADDRESS: '127.0.0.1',
  };
}

/** Runs the doctor and proves that exactly these checks failed, that each says what to do, and that no secret is told. */
async function examined(env: Record<string, string>, failing: readonly string[], args: readonly string[] = []) {
  const { code, out, all } = await run(env, ['doctor', '--json', ...args]);
  const report = JSON.parse(out) as Report;
  const failed = report.findings.filter(({ status }) => status === 'failed');
  assert.deepEqual([...new Set(failed.map(({ id }) => id))], failing, JSON.stringify(report.findings, null, 1));
  assert.equal(code, failing.length === 0 ? 0 : 1);
  assert.equal(report.ok, failing.length === 0);
  for (const { fix } of failed) assert.ok(fix);
  for (const name of ['JWT_SECRET', 'TURN_SECRET', 'CLUSTER_SECRET'])
    assert.ok(!env[name] || !all.includes(env[name]), name);
  return report.findings;
}

describe('prospect-live doctor', () => {
  let turn: Coturn;
  let redis: RedisServer;
  before(async () => {
    [turn, redis] = await Promise.all([Coturn.start({ secret: TURN_SECRET }), RedisServer.start()]);
  });
  after(async () => {
    await turn?.close();
    await redis?.close();
  });
  const whole = async () => ({
    ...(await settings()),
    TURN_URLS: turn.urls.join(','),
    TURN_SECRET,
    STUN_URLS: `stun:127.0.0.1:${turn.port}`,
    CLUSTER_URL: redis.url,
    CLUSTER_SECRET: `${SECRET}2`,
    PIPE_ADDRESS: '127.0.0.1',
  });

  it('finds nothing broken where all is well: an allocation at TURN, a way through Redis, a worker', async () => {
    const findings = await examined(await whole(), []);
    for (const id of ['http-port', 'media-port', 'announced-address', 'redis', 'stun', 'turn', 'worker']) {
      const found = findings.filter((finding) => finding.id === id);
      assert.ok(found.length > 0 && found.every(({ status }) => status === 'ok'), `${id}: ${JSON.stringify(found)}`);
    }
    assert.equal(findings.filter(({ id, text }) => id === 'turn' && /allocation was made at 127/.test(text)).length, 2);
  });

  it('TURN with another secret', async () => {
    const findings = await examined({ ...(await whole()), TURN_SECRET: 'another-Secret-7Hq2Lw9V' }, ['turn']);
    const found = findings.filter(({ id }) => id === 'turn');
    assert.equal(found.length, 2, 'UDP and TCP');
    for (const { text, fix } of found) assert.match(`${text} ${fix}`, /401.*TURN_SECRET is not the server’s own/);
  });

  it('TURN and Redis away', async () => {
    const port = await freePort();
    const env = {
      ...(await whole()),
      TURN_URLS: `turn:127.0.0.1:${port}`,
      STUN_URLS: '',
      CLUSTER_URL: `redis://127.0.0.1:${port}`,
    };
    await examined(env, ['redis', 'turn']);
  });

  it('Redis with another password', async () => {
    const env = { ...(await whole()), CLUSTER_URL: `redis://relay:wrong-pass@127.0.0.1:${redis.port}` };
    const findings = await examined(env, ['redis']);
    assert.ok(!JSON.stringify(findings).includes('wrong-pass'));
  });

  it('a worker that is not there, and one that is none', async () => {
    const none = join(folder, 'no-worker');
    const missing = await examined({ ...(await settings()), MEDIASOUP_WORKER_BIN: none }, ['worker']);
    assert.match(missing.find(({ id }) => id === 'worker')?.text ?? '', /There is no .*no-worker/);
    const other = join(folder, 'other');
    writeFileSync(other, '#!/bin/sh\nexit 127\n');
    chmodSync(other, 0o755);
    await examined({ ...(await settings()), MEDIASOUP_WORKER_BIN: other }, ['worker']);
  });

  it('a certificate that has expired, and one for another name', async () => {
    const ca = await createCA({ organization: 'T', countryCode: 'FR', state: 'x', locality: 'x', validity: 400 });
    const pair = async (validity: number) => {
      const { cert, key } = await createCert({ ca, domains: ['relay.example.com'], validity });
      const files = { TLS_CERT_FILE: join(folder, `${validity}.pem`), TLS_KEY_FILE: join(folder, `${validity}.key`) };
      writeFileSync(files.TLS_CERT_FILE, cert + ca.cert);
      writeFileSync(files.TLS_KEY_FILE, key);
      return { ...(await settings()), HTTPS_PORT: String(await freePort()), ...files };
    };
    await examined(await pair(90), [], ['--name', 'relay.example.com']);
    await examined(await pair(-1), ['certificate']);
    await examined(await pair(90), ['certificate-name'], ['--name', 'live.example.com']);
  });

  it('beside a relay that runs, whose ports are its own', async () => {
    const env = await settings();
    const relay = start(env, ['start', '--print-ready']);
    try {
      let printed = '';
      await new Promise<void>((resolve) =>
        relay.stdout.on('data', (data: Buffer) => {
          printed += data.toString();
          if (printed.includes('"type":"ready"')) resolve();
        }),
      );
      const findings = await examined(env, []);
      assert.match(findings.find(({ id }) => id === 'http-port')?.text ?? '', /as it should be while the relay runs/);
      assert.equal((await run(env, ['status'])).out, 'ready\nstreams: 0\nlisteners: 0\n');
      // The same settings, but for an address that is this machine's and leads to nobody.
      await examined({ ...env, ANNOUNCED_ADDRESS: '127.0.0.3' }, ['announced-address']);
    } finally {
      const gone = once(relay, 'exit');
      relay.kill('SIGTERM');
      await gone;
    }
    assert.equal((await run(env, ['status'])).code, 1);
  });

  it('tells people in words, and ends with 2 when it is called wrongly', async () => {
    const { code, out } = await run({ ...(await settings()), ANNOUNCED_ADDRESS: '127.0.0.2' }, ['doctor']);
    assert.equal(code, 1);
    assert.match(out, /^✗ announced-address: 127\.0\.0\.2:\d+\/udp .*\n {4}MEDIA_LISTEN_IPS and/m);
    assert.match(out, /\n2 broken, \d warnings\n$/);
    assert.equal((await run(await settings(), ['doctor', '--clock', 'now'])).code, 2);
  });
});
