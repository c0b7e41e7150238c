import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { downloadWorker } from './worker-download.mjs';
import { WORKER_SHA256 } from './worker-hashes.mjs';

const NAME = `mediasoup-worker${process.platform === 'win32' ? '.exe' : ''}`;
const OF = { version: '9.9.9', platform: 'test-kernel6' };
const VARIABLES = ['MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL', 'MEDIASOUP_WORKER_SHA256'];

describe('the prebuilt worker', () => {
  let folder;
  let server;
  let archive;
  let hash;
  let asked;
  let started;
  let target;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prospect-download-'));
    target = join(folder, 'target');
    writeFileSync(join(folder, NAME), '#!/bin/sh\nexit 41\n');
    chmodSync(join(folder, NAME), 0o755);
    hash = createHash('sha256')
      .update(readFileSync(join(folder, NAME)))
      .digest('hex');
    const { stdout } = spawnSync('tar', ['-czf', '-', '-C', folder, NAME]);
    archive = stdout;
    server = createServer((request, response) => {
      asked.push(request.url);
      if (archive === null) response.writeHead(404).end();
      else response.end(archive);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  after(() => {
    for (const name of VARIABLES) delete process.env[name];
    server.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(() => {
    process.env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL = `http://127.0.0.1:${server.address().port}/mirror/`;
    delete process.env.MEDIASOUP_WORKER_SHA256;
    rmSync(target, { force: true });
    asked = [];
    started = [];
  });

  /** A worker that is asked whether it runs was trusted. */
  const runs = (path) => {
    started.push(path);
    return spawnSync(path, []).status === 41;
  };
  const get = (hashes) => downloadWorker(target, runs, { ...OF, hashes });
  const known = (sha256) => ({ [OF.version]: { [OF.platform]: sha256 } });

  it('is taken when its hash is the known one', async () => {
    assert.equal(await get(known(hash)), true);
    assert.deepEqual(asked, ['/mirror/9.9.9/mediasoup-worker-9.9.9-test-kernel6.tgz']);
    assert.deepEqual(readFileSync(target), readFileSync(join(folder, NAME)));
  });

  it('is never run, nor kept, when its hash is another one', async () => {
    assert.equal(await get(known('0'.repeat(64))), false);
    assert.deepEqual(started, []);
    assert.equal(existsSync(target), false);
  });

  it('is taken without a known hash: what was not verified is said', async (t) => {
    const lines = [];
    t.mock.method(console, 'log', (line) => lines.push(line));
    assert.equal(await get({}), true);
    assert.ok(lines.some((line) => line.includes('not verified') && line.includes(hash)));
  });

  it('has to be what MEDIASOUP_WORKER_SHA256 says, whatever is known', async () => {
    process.env.MEDIASOUP_WORKER_SHA256 = hash.toUpperCase();
    assert.equal(await get(known('0'.repeat(64))), true);
    process.env.MEDIASOUP_WORKER_SHA256 = '1'.repeat(64);
    assert.equal(await get(known(hash)), false);
  });

  it('is not there, is no archive, or does not run here: then there is none', async () => {
    const good = archive;
    try {
      archive = null;
      assert.equal(await get({}), false);
      archive = Buffer.from('<html>welcome to this hotel</html>');
      assert.equal(await get({}), false);
      archive = good;
      assert.equal(await downloadWorker(target, () => false, { ...OF, hashes: {} }), false);
      assert.equal(existsSync(target), false);
    } finally {
      archive = good;
    }
  });

  it('has hashes that are hashes, for the mediasoup that the relay has', () => {
    for (const platforms of Object.values(WORKER_SHA256))
      for (const sha256 of Object.values(platforms)) assert.match(sha256, /^[0-9a-f]{64}$/);
    const { dependencies } = JSON.parse(readFileSync(new URL('../../relay/package.json', import.meta.url), 'utf8'));
    assert.ok(
      WORKER_SHA256[dependencies.mediasoup],
      'a new mediasoup needs new hashes, or an empty entry that says so',
    );
  });
});
