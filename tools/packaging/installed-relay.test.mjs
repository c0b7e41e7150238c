// The packed relay, installed by npm into an empty folder outside the repository, as operators use it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { pack } from './pack.mjs';
import { install, newFolder, pinned, removeFolder } from './testing/npm.mjs';
import { consumerFile, RESOLUTIONS, readmeSamples, typeCheck } from './testing/type-check.mjs';

const NODE_OPTIONS = { types: ['node'] };

describe('the relay, installed from its package', { timeout: 300_000 }, () => {
  const folder = newFolder();
  before(() => {
    // Both tarballs, because the relay's dependency on the widgets is not published yet.
    const { relay, widgets } = pack(folder);
    install(folder, [relay, widgets, pinned('@types/node')]);
  });
  after(() => removeFolder(folder));
  const installed = (name, ...path) => join(folder, 'node_modules', '@prospect-live', name, ...path);
  const { version } = JSON.parse(readFileSync(new URL('../../relay/package.json', import.meta.url), 'utf8'));

  it('starts from its bin, is healthy, serves the widgets, and ends by SIGTERM', async (t) => {
    const relay = await start(t, folder);
    const health = await fetch(`${relay.url}/health`);
    assert.equal(health.status, 200);
    assert.equal(await health.text(), '{"status":"ok"}');
    const ready = await fetch(`${relay.url}/health/ready`);
    assert.equal(ready.status, 200);
    const bundle = readFileSync(installed('widgets', 'dist', 'prospect-live.js'), 'utf8');
    for (const path of ['prospect-live.js', `${version}/prospect-live.js`]) {
      const answer = await fetch(`${relay.url}/widgets/${path}`);
      assert.equal(answer.status, 200, path);
      assert.match(answer.headers.get('content-type') ?? '', /^text\/javascript/);
      assert.equal(await answer.text(), bundle, path);
    }
    assert.equal(await relay.stop(), 0);
  });

  it('says its version and its options', async () => {
    assert.equal((await run(folder, ['--version'])).trim(), version);
    assert.match(await run(folder, ['--help']), /^Usage: prospect-live \[[\s\S]*WIDGETS_DIR[\s\S]*JWT_SECRET/m);
  });

  it('says how to get a worker with the means of the package, and how to get a token', async () => {
    const secret = { JWT_SECRET: 'kD9vQ2xW8zR4tY6uI1oP3aS5dF7gH0jK', PATH: process.env.PATH };
    const free = { HOST: '127.0.0.1', HTTP_PORT: '0', MEDIA_PORT: '0', MEDIA_WORKERS: '1' };
    const failure = await run(folder, [], { ...secret, ...free, MEDIASOUP_WORKER_BIN: join(folder, 'none') });
    assert.match(failure, /There is no .* Run "npm rebuild mediasoup/);
    assert.doesNotMatch(failure, /npm run setup/);
    assert.match(await run(folder, ['token', '--help'], secret), /npx prospect-live token --role/);
    const token = await run(folder, ['token', '--role', 'admin', '--sub', 'a', '--equipe', 'North'], secret);
    assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  });

  it('says what to do when the widgets are missing, and works without them', async (t) => {
    const away = join(mkdtempSync(join(folder, 'away-')), 'widgets');
    renameSync(installed('widgets'), away);
    t.after(() => renameSync(away, installed('widgets')));
    const relay = await start(t, folder);
    const answer = await fetch(`${relay.url}/widgets/prospect-live.js`);
    assert.equal(answer.status, 404);
    assert.match(await answer.text(), /install the widgets’ tarball of this relay’s version/);
    assert.equal(await relay.stop(), 0);
  });

  for (const options of RESOLUTIONS) {
    it(`TypeScript knows the library and the protocol, with moduleResolution ${options.moduleResolution}`, () => {
      const files = { 'relay.tsx': consumerFile('relay.tsx'), ...readmeSamples('relay') };
      assert.deepEqual(typeCheck(folder, files, { ...options, ...NODE_OPTIONS }), []);
    });
  }

  it('has the protocol in words, and its schemas without the relay', async () => {
    const { notifications, PROTOCOL_VERSION } = await import(installed('relay', 'dist', 'protocol', 'index.js'));
    const text = readFileSync(installed('relay', 'dist', 'PROTOCOL.md'), 'utf8');
    assert.match(text, new RegExp(`^Version ${PROTOCOL_VERSION}\\.`, 'm'));
    for (const name of Object.keys(notifications)) assert.ok(text.includes(`### \`${name}\``), name);
    for (const [, target] of text.matchAll(/\]\(((?!#|https?:)[^)]+)\)/g)) {
      assert.ok(existsSync(installed('relay', 'dist', target)), target);
    }
  });
});

const bin = (folder) => join(folder, 'node_modules', '.bin', 'prospect-live');

/** Starts the relay by its bin, somewhere else than where it is installed. */
async function start(t, folder) {
  const child = spawn(bin(folder), ['--print-ready'], {
    cwd: mkdtempSync(join(folder, 'cwd-')),
    env: {
      PATH: process.env.PATH,
      MEDIASOUP_WORKER_BIN: process.env.MEDIASOUP_WORKER_BIN,
      HOST: '127.0.0.1',
      HTTP_PORT: '0',
      MEDIA_PORT: '0',
      MEDIA_WORKERS: '1',
      JWT_SECRET: 'only-for-this-test-'.repeat(3),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const { type, http } = JSON.parse(line);
      if (type === 'ready') resolve(`http://127.0.0.1:${http}`);
    });
    ended.then(([code]) => reject(new Error(`the relay ended with ${code} before it was ready`)), reject);
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      return (await ended)[0];
    },
  };
}

async function run(folder, args, env = process.env) {
  const child = spawn(bin(folder), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: mkdtempSync(join(folder, 'cwd-')),
    env,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
  }
  await once(child, 'close');
  return printed;
}
