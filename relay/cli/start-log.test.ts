/** Where the lines of a relay's process go: a file beside standard output, and a standard output that nobody reads. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { ask } from '../http/testing/http-client.ts';
import { LivePage } from '../signalling/testing/live-page.ts';

const SECRET = 'the secret of these tests, 32 bytes or more';
const MAIN = join(import.meta.dirname, '..', 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'relay-start-log-'));
after(() => rmSync(folder, { recursive: true }));

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** Starts a relay with this as its standard output. */
function start(stdout: 'pipe' | 'ignore' | number, env: Record<string, string> = {}): ChildProcess {
  const { PATH = '', MEDIASOUP_WORKER_BIN } = process.env;
  const child = spawn(process.execPath, [MAIN], {
    cwd: folder,
    env: {
      PATH,
      ...(MEDIASOUP_WORKER_BIN !== undefined && { MEDIASOUP_WORKER_BIN }),
      HOST: '127.0.0.1',
      HTTP_PORT: '0',
      METRICS_PORT: '0',
      MEDIA_PORT: '0',
      MEDIA_WORKERS: '1',
      JWT_SECRET: SECRET,
      ...env,
    },
    stdio: ['ignore', stdout, 'pipe', 'ipc'],
  });
  children.push(child);
  return child;
}

async function ready(child: ChildProcess): Promise<{ http: number; metrics: number }> {
  const [message] = await once(child, 'message');
  return z.object({ http: z.number(), metrics: z.number() }).parse(message);
}

const token = () =>
  jwt.sign({ sub: 'c-1', role: 'commercial', name: 'Anna', equipe: 'nord' }, SECRET, { expiresIn: 60 });

/** A pipe without a reader; what is written to it stays there, until it is full. */
class UnreadPipe {
  readonly #path = join(mkdtempSync(join(folder, 'pipe-')), 'pipe');
  readonly #end: number;

  constructor() {
    execFileSync('mkfifo', [this.#path]);
    // Both ends in one: without a reader, nobody could open it to write.
    this.#end = openSync(this.#path, constants.O_RDWR | constants.O_NONBLOCK);
  }

  /** The end to write to, for another process. */
  writer(): number {
    return openSync(this.#path, 'w');
  }

  /** Until nothing fits any more. */
  fill(): void {
    for (const size of [4096, 1]) {
      try {
        for (;;) writeSync(this.#end, 'x'.repeat(size));
      } catch (error) {
        assert.ok(error instanceof Error && 'code' in error && error.code === 'EAGAIN');
      }
    }
  }

  /** Everything that is in it now. */
  read(): string {
    const buffer = Buffer.alloc(65_536);
    let text = '';
    try {
      for (;;) text += buffer.toString('utf8', 0, readSync(this.#end, buffer));
    } catch (error) {
      assert.ok(error instanceof Error && 'code' in error && error.code === 'EAGAIN');
    }
    return text;
  }

  close(): void {
    closeSync(this.#end);
  }
}

const skip = process.platform === 'win32' && 'there are no named pipes of this kind on Windows';

describe('a relay whose standard output nobody reads', { skip, timeout: 60_000 }, () => {
  it('starts, answers, takes pages, counts the lines it loses, says so once somebody reads, and stops in time', async () => {
    const pipe = new UnreadPipe();
    const file = join(folder, 'unread.log');
    try {
      pipe.fill();
      const writer = pipe.writer();
      const child = start(writer, { LOG_LEVEL: 'debug', LOG_FILE: file, MESSAGES_PER_SECOND: '1000' });
      closeSync(writer);
      const { http, metrics } = await ready(child);
      const dropped = async () => {
        const { text } = await ask(`http://127.0.0.1:${metrics}/metrics`);
        const of = (output: string) =>
          Number(
            new RegExp(`^prospect_relay_log_lines_dropped_total\\{output="${output}"\\} (\\d+)$`, 'm').exec(text)?.[1],
          );
        return { stdout: of('stdout'), file: of('file') };
      };
      assert.deepEqual(await dropped(), { stdout: 0, file: 0 });

      // Each refused request is a line: some more than the megabyte that may wait.
      const page = LivePage.dial(`http://127.0.0.1:${http}`, { token: token() });
      await page.until('session:ready');
      const name = 'n'.repeat(60);
      while ((await dropped()).stdout < 100) {
        const answers = Array.from({ length: 500 }, () => page.socket.timeout(30_000).emitWithAck(name, {}));
        for (const answer of await Promise.all(answers)) assert.equal(answer.ok, false);
        await sleep(600);
      }
      assert.equal((await ask(`http://127.0.0.1:${http}/health`)).status, 200);
      assert.equal((await dropped()).file, 0, 'the file takes them all');
      assert.match(readFileSync(file, 'utf8'), /"output":"stdout","msg":"lines of the log are lost/);

      // Somebody reads: what waited comes, and then that lines are missing.
      let text = '';
      while (!/"dropped":\d+,"msg":"lines are missing here/.test(text)) {
        page.socket.emit(name, {}, () => undefined);
        text += pipe.read();
        await sleep(20);
      }
      pipe.fill();
      page.socket.disconnect();
      child.kill('SIGTERM');
      const [code, signal] = await once(child, 'exit');
      assert.deepEqual([code, signal], [0, null]);
      assert.match(readFileSync(file, 'utf8'), /"msg":"relay stopped"\}\n$/);
    } finally {
      pipe.close();
    }
  });

  it('and that cannot start ends all the same', async () => {
    const pipe = new UnreadPipe();
    try {
      pipe.fill();
      const writer = pipe.writer();
      const child = start(writer, { HOST: '192.0.2.250' });
      closeSync(writer);
      assert.deepEqual(await once(child, 'exit'), [1, null]);
    } finally {
      pipe.close();
    }
  });
});

describe('LOG_FILE', { timeout: 60_000 }, () => {
  it('has every line of standard output, the audit trail and the last words too', async () => {
    const file = join(folder, 'logs', 'relay.log');
    const child = start('pipe', { LOG_FILE: file });
    let output = '';
    child.stdout?.on('data', (data) => (output += data));
    const { http } = await ready(child);
    const page = LivePage.dial(`http://127.0.0.1:${http}`, { token: token() });
    await page.until('session:ready');
    page.socket.disconnect();
    child.kill('SIGTERM');
    await once(child, 'close');
    assert.match(output, /"msg":"relay ready"/);
    assert.match(output, /"msg":"relay stopped"\}\n$/);
    assert.equal(readFileSync(file, 'utf8'), output);
  });

  it('is opened anew on SIGHUP, by which a relay without a certificate does not stop then', async () => {
    const file = join(folder, 'hangup', 'relay.log');
    const child = start('ignore', { LOG_FILE: file });
    await ready(child);
    renameSync(file, `${file}.1`);
    child.kill('SIGHUP');
    while (!existsSync(file)) await sleep(20);
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.match(readFileSync(`${file}.1`, 'utf8'), /"msg":"relay ready"/);
    assert.match(readFileSync(file, 'utf8'), /"why":"SIGTERM"[\s\S]*"msg":"relay stopped"\}\n$/);
  });

  it('that cannot be written stops the start, with the variable and the reason', async () => {
    const child = start('pipe', { LOG_FILE: join(MAIN, 'relay.log') });
    let errors = '';
    child.stderr?.on('data', (data) => (errors += data));
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(errors, /^LOG_FILE: cannot be written \(ENOTDIR/);
    assert.ok(!existsSync(join(MAIN, 'relay.log')));
  });

  it('without it, its limits have no effect, which is said', async () => {
    const child = start('pipe', { LOG_FILES_KEPT: '3' });
    let output = '';
    child.stdout?.on('data', (data) => (output += data));
    await ready(child);
    assert.match(output, /LOG_FILES_KEPT: has no effect without LOG_FILE/);
  });
});
