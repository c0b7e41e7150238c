/** Two relays on one machine by mistake: the second says in one line which port, and ends with code 1; the first does not notice. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { z } from 'zod';
import { freePort } from '../harness/network/free-port.ts';
import { RedisServer } from '../harness/redis-server.ts';
import { ENVIRONMENT } from '../harness/relay/real-relay.ts';

const folder = mkdtempSync(join(tmpdir(), 'two-relays-'));
after(() => rmSync(folder, { recursive: true }));

const children: ChildProcess[] = [];
afterEach(async () => {
  const running = children.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(running.map((child) => once(child, 'exit')));
});

function spawnRelay(env: Record<string, string>): { child: ChildProcess; output: () => string } {
  const { PATH = '', MEDIASOUP_WORKER_BIN } = process.env;
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', '..', 'relay', 'main.ts')], {
    cwd: folder,
    env: { PATH, ...(MEDIASOUP_WORKER_BIN === undefined ? {} : { MEDIASOUP_WORKER_BIN }), ...ENVIRONMENT, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return { child, output: () => output };
}

async function startFirst(env: Record<string, string>): Promise<number> {
  const { child, output } = spawnRelay(env);
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  const ready = z.object({ http: z.number() }).safeParse(message);
  assert.ok(ready.success, output());
  return ready.data.http;
}

/** What the second relay says. */
async function startSecond(env: Record<string, string>): Promise<string> {
  const { child, output } = spawnRelay({ LOG_LEVEL: 'fatal', ...env });
  const [code] = await once(child, 'exit');
  assert.equal(code, 1, output());
  return output();
}

async function isWell(http: number): Promise<void> {
  assert.equal((await fetch(`http://127.0.0.1:${http}/health/ready`)).status, 200, 'the first relay has noticed');
}

describe('a second relay', () => {
  it('on the same HTTP port', async () => {
    const http = await startFirst({});
    const said = await startSecond({ HTTP_PORT: String(http) });
    assert.match(
      said,
      new RegExp(`^Port ${http} \\(HTTP_PORT\\) is in use by another process, perhaps another relay\\..*\\n$`),
    );
    await isWell(http);
  });

  it('on the same media port, with an HTTP port of its own', async () => {
    const media = await freePort(['0.0.0.0'], 4);
    const http = await startFirst({ MEDIA_PORT: String(media) });
    const said = await startSecond({ MEDIA_PORT: String(media) });
    assert.match(said, new RegExp(`^.*port ${media}/(udp|tcp) .*already in use.*MEDIA_PORT.*\\n$`));
    await isWell(http);
  });

  it('whose second worker would take the first relay’s port', async () => {
    const media = await freePort(['0.0.0.0'], 4);
    const http = await startFirst({ MEDIA_PORT: String(media) });
    const said = await startSecond({ MEDIA_PORT: String(media - 1), MEDIA_WORKERS: '2' });
    assert.match(said, new RegExp(`port ${media}/(udp|tcp) .*already in use`));
    await isWell(http);
  });

  it('on the same ports altogether: HTTP is named, before any worker is started', async () => {
    const media = await freePort(['0.0.0.0'], 4);
    const http = await startFirst({ MEDIA_PORT: String(media) });
    const said = await startSecond({ HTTP_PORT: String(http), MEDIA_PORT: String(media) });
    assert.match(said, new RegExp(`^Port ${http} \\(HTTP_PORT\\) is in use`));
    await isWell(http);
  });
});

describe('a second node of a cluster', () => {
  it('of the same NODE_ID says so and ends; the first does not notice', async (t) => {
    const redis = await RedisServer.start();
    t.after(() => redis.close());
    const first = await freePort(['127.0.0.1'], 8);
    const node = (pipes: number) => ({
      CLUSTER_URL: redis.url,
      CLUSTER_SECRET: 'k7Qp2vX9sLw4ZtBn8RfHc3JdMy6GaUeT',
      NODE_ID: 'a',
      PIPE_ADDRESS: '127.0.0.1',
      PIPE_PORTS: `${pipes}-${pipes + 3}`,
    });
    const http = await startFirst(node(first));
    const said = await startSecond(node(first + 4));
    assert.match(said, /^.*NODE_ID.*\n$/);
    assert.match(said, /\ba\b/);
    await isWell(http);
    const status = await (await fetch(`http://127.0.0.1:${http}/api/streaming/status`)).json();
    assert.deepEqual(status, {
      active_commercials: 0,
      total_listeners: 0,
      complete: true,
      nodes: [{ id: 'a', active_commercials: 0, total_listeners: 0, draining: false }],
    });
  });
});
