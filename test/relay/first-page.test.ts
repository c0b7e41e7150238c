/** The first minutes with a page of one's own, as docs/quick-start.md tells them: its commands are run, and what they print is used. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'relay', 'main.ts');
// Without a .env of somebody's.
const folder = mkdtempSync(join(tmpdir(), 'first-page-'));
after(() => rmSync(folder, { recursive: true }));

/** The command lines of the section, as arguments of the relay. */
function commandsOfTheDocs(): string[][] {
  const page = readFileSync(join(ROOT, 'docs', 'quick-start.md'), 'utf8');
  const section = /## Your first page\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
  return [...section.matchAll(/^npm run (?:--silent )?relay -- (.+)$/gm)].map(([, line = '']) =>
    [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''),
  );
}

function environment(more: Record<string, string>): Record<string, string> {
  const { PATH = '', MEDIASOUP_WORKER_BIN } = process.env;
  return { PATH, ...(MEDIASOUP_WORKER_BIN === undefined ? {} : { MEDIASOUP_WORKER_BIN }), ...more };
}

/** Everything that a relay prints until the text that `--dev` ends with. */
function printed(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (data: unknown) => {
      text += String(data);
      if (/Other tokens[\s\S]*\n\n/.test(text)) resolve(text);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => reject(new Error(`the relay ended: ${text}`)));
  });
}

const sockets: Socket[] = [];

/** Who the relay takes a page with this token for. The page is served by a development server on some port. */
async function greeted(url: string, token: string): Promise<{ role: string; id: string }> {
  const extraHeaders = { origin: 'http://localhost:5173' };
  const socket = io(url, {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders,
  });
  sockets.push(socket);
  const ready = await new Promise<unknown>((resolve, reject) => {
    socket.once('session:ready', resolve);
    socket.once('connect_error', reject);
  });
  return z.object({ user: z.object({ role: z.string(), id: z.string() }) }).parse(ready).user;
}

test('the commands of the quick start give tokens with which pages are let in', async (t) => {
  const [dev, ...tokenCommands] = commandsOfTheDocs();
  assert.deepEqual(dev, ['--dev']);
  assert.equal(tokenCommands.length, 2);
  const env = environment({ HTTP_PORT: '0', MEDIA_PORT: '0', MEDIA_WORKERS: '1', HOST: '127.0.0.1' });
  const relay = spawn(process.execPath, [MAIN, ...dev], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => {
    for (const socket of sockets) socket.close();
    relay.kill('SIGKILL');
  });
  const text = await printed(relay);

  const url = /Development relay: {2}(\S+)/.exec(text)?.[1] ?? '';
  const elements = [...text.matchAll(/<(prospect-[\w-]+) relay-url="([^"]+)" token="([^"]+)"><\/\1>/g)];
  assert.deepEqual(
    elements.map(([, name, at]) => [name, at]),
    [
      ['prospect-stream-button', url],
      ['prospect-listen-panel', url],
    ],
  );
  const roles = await Promise.all(elements.map(async ([, , at = '', token = '']) => (await greeted(at, token)).role));
  assert.deepEqual(roles, ['commercial', 'admin']);
  assert.match(text, /every origin, so http:\/\/localhost with any port/);
  assert.match(text, new RegExp(`<script type="module" src="${url}/widgets/prospect-live\\.js">`));

  const secret = /JWT_SECRET: {2}(\S+)/.exec(text)?.[1] ?? '';
  for (const [index, args] of tokenCommands.entries()) {
    const { stdout, status } = spawnSync(process.execPath, [MAIN, ...args], {
      cwd: folder,
      env: environment({ JWT_SECRET: secret }),
      encoding: 'utf8',
    });
    assert.equal(status, 0);
    assert.equal((await greeted(url, stdout.trim())).id, ['lea', 'sophie'][index]);
  }
  const other = tokenCommands[0] ?? [];
  const { stdout } = spawnSync(process.execPath, [MAIN, ...other], {
    cwd: folder,
    env: environment({ JWT_SECRET: 'q9Zk2mW7xT4bN8vL1cR6yH3jD5fG0sAp' }),
    encoding: 'utf8',
  });
  await assert.rejects(greeted(url, stdout.trim()), /signature/);
});

test('neither command is for production, and mistakes are told in words', () => {
  const run = (args: readonly string[], env: Record<string, string>) =>
    spawnSync(process.execPath, [MAIN, ...args], { cwd: folder, env: environment(env), encoding: 'utf8' });
  const production = run(['--dev'], { NODE_ENV: 'production' });
  assert.equal(production.status, 1);
  assert.match(production.stderr, /NODE_ENV: --dev makes a secret of its own .* not for production/);
  const noKey = run(['token', '--role', 'admin', '--sub', 'a', '--equipe', 'North'], {});
  assert.equal(noKey.status, 1);
  assert.match(noKey.stderr, /^The configuration has a problem:\n {2}- JWT_SECRET: no key/);
  assert.match(
    run(['token', '--role', 'boss', '--sub', 'a'], {}).stderr,
    /^--role is "boss": commercial, admin, doctor or auditor/,
  );
  assert.match(run(['token', '--help'], {}).stdout, /--expires/);
});
