/** The demo as a person starts it: one process that runs the server and the relay, and takes both down again. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '../test/harness/wait.ts';

const START = fileURLToPath(new URL('./start.ts', import.meta.url));
const FREE_PORTS = {
  DEMO_HTTP_PORT: '0',
  HTTP_PORT: '0',
  HOST: '127.0.0.1',
  MEDIA_PORT: '0',
  MEDIA_WORKERS: '1',
  NODE_ENV: 'test',
};

interface Run {
  readonly child: ChildProcess;
  output(): string;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

function run(env: Record<string, string | undefined> = {}): Run {
  const { PROSPECT_CERT_FILE, PROSPECT_KEY_FILE, ...outer } = process.env;
  const child = spawn(process.execPath, [START], {
    env: { ...outer, ...FREE_PORTS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => (text += part));
  const ended = once(child, 'exit').then(([code, signal]) => (signal ?? code) as number | string);
  return { child, output: () => text, ended };
}

async function started(demo: Run): Promise<string> {
  await waitUntil(`a started demo\n${demo.output()}`, () => demo.output().includes('Prospect Live is running'), 60_000);
  return /On this computer +(http:\/\/localhost:\d+)/.exec(demo.output())?.[1] ?? '';
}

/** The relay's origin, as the demo's page has it. */
async function relayOf(url: string): Promise<string> {
  const page = await (await fetch(url)).text();
  return /data-status-url="([^"]+)\/api\/streaming\/status"/.exec(page)?.[1] ?? '';
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url).catch(() => null))?.ok === true;
}

describe('starting the demo', { timeout: 120_000 }, () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`${signal} ends the server and the relay`, async () => {
      const demo = run();
      try {
        const url = await started(demo);
        const relay = await relayOf(url);
        assert.ok(await answers(`${relay}/health`));
        demo.child.kill(signal);
        assert.equal(await demo.ended, 0);
        assert.ok(!(await answers(`${relay}/health`)), 'the relay still answers');
      } finally {
        demo.child.kill('SIGKILL');
      }
    });
  }

  test('a relay that dies is started again, where the pages look for it', async () => {
    const demo = run();
    try {
      const relay = await relayOf(await started(demo));
      await sleep(2500);
      process.kill(await childOf(demo.child.pid), 'SIGKILL');
      await waitUntil('word of the restart', () => demo.output().includes('starting it again'));
      await waitUntil('a relay at the old address', () => answers(`${relay}/health`), 30_000);
      demo.child.kill('SIGTERM');
      assert.equal(await demo.ended, 0);
    } finally {
      demo.child.kill('SIGKILL');
    }
  });

  test('the relay is told that this is no production, and does not ask whether it is', async () => {
    const demo = run({ NODE_ENV: undefined, ANNOUNCED_ADDRESS: '127.0.0.1' });
    try {
      await started(demo);
      // Its log is there to be read by now, warnings first.
      assert.match(demo.output(), /media worker started/);
      assert.doesNotMatch(demo.output(), /NODE_ENV/);
    } finally {
      demo.child.kill('SIGKILL');
    }
  });

  test('a port that is taken: a clear message, and exit code 1', async (t) => {
    const other = createServer().listen(0, '0.0.0.0');
    t.after(() => other.close());
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const demo = run({ DEMO_HTTP_PORT: String(port) });
    assert.equal(await demo.ended, 1);
    assert.match(demo.output(), new RegExp(`Port ${port} is taken by another program.*DEMO_HTTP_PORT`));
  });

  test('a relay that cannot start: its reason, and exit code 1', async () => {
    const demo = run({ MEDIA_WORKERS: 'many' });
    assert.equal(await demo.ended, 1);
    assert.match(demo.output(), /MEDIA_WORKERS/);
    assert.match(demo.output(), /The relay did not start/);
  });

  test('a port that is none', async () => {
    const demo = run({ DEMO_HTTP_PORT: '99999' });
    assert.equal(await demo.ended, 1);
    assert.match(demo.output(), /DEMO_HTTP_PORT is "99999"/);
  });
});

/** The relay's process id: the demo's only child that runs relay/main.ts. */
async function childOf(pid: number | undefined): Promise<number> {
  const ps = spawn('ps', ['-eo', 'pid=,ppid=,args=']);
  let text = '';
  ps.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  await once(ps, 'close');
  const line = text
    .split('\n')
    .find((row) => row.includes('relay/main.ts') && row.trim().split(/\s+/)[1] === String(pid));
  const child = Number(line?.trim().split(/\s+/)[0]);
  // Never 0 or NaN: that would be this process's own group.
  assert.ok(Number.isInteger(child) && child > 1, `no relay among\n${text}`);
  return child;
}
