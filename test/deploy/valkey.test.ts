/** Valkey's part of the Compose kit, with Debian's Redis 7, which takes the same. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ChildProgram } from '../harness/child-program.ts';
import { freePort } from '../harness/network/free-port.ts';
import { inRoot, readKit, run, without } from './kits.ts';

const PASSWORD = randomBytes(32).toString('hex');
const RULE = /^user prospect on \S+ (.*)$/m;

describe('Valkey of the Compose kit', { skip: without('redis-server') }, () => {
  let folder: string;
  let port: number;
  let valkey: ChildProgram;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prospect-kit-valkey-'));
    cpSync(inRoot('deploy', 'compose', 'valkey'), folder, { recursive: true });
    port = await freePort();
    const own = readKit('compose/valkey/valkey.conf')
      .replace(/^port 6379$/m, `port ${port}`)
      .replace(/^dir .*$/m, `dir ${folder}`);
    writeFileSync(join(folder, 'valkey.conf'), own);
    const env = { VALKEY_PASSWORD: PASSWORD, VALKEY_DIR: folder, TMPDIR: folder };
    const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    valkey = await ChildProgram.start('env', [...words, 'sh', join(folder, 'start.sh')], async () =>
      ask(['ping']).includes('PONG'),
    );
  });
  after(async () => {
    await valkey?.kill();
    rmSync(folder, { recursive: true });
  });

  const ask = (words: readonly string[], user = 'prospect', password = PASSWORD) =>
    run('redis-cli', [
      '-p',
      String(port),
      '--user',
      user,
      '--pass',
      password,
      '--no-auth-warning',
      ...words,
    ]).output.trim();

  it('lets the relay’s user do what relays do, and no more', () => {
    assert.equal(ask(['set', 'prospect:kit', '1', 'PX', '5000']), 'OK');
    assert.equal(ask(['publish', 'prospect:kit', 'x']), '0');
    assert.match(ask(['set', 'other', '1']), /NOPERM/);
    for (const words of [['config', 'get', '*'], ['keys', '*'], ['flushall'], ['acl', 'list'], ['shutdown']])
      assert.match(ask(words), /NOPERM/, words.join(' '));
  });

  it('lets nobody else in', () => {
    assert.match(ask(['ping'], 'prospect', 'another'), /WRONGPASS|NOAUTH/);
    assert.match(run('redis-cli', ['-p', String(port), 'ping']).output, /NOAUTH/);
  });

  it('has its password in no command line, nor in its environment', () => {
    for (const file of ['cmdline', 'environ'])
      assert.doesNotMatch(readFileSync(`/proc/${valkey.pid}/${file}`, 'utf8'), new RegExp(PASSWORD), file);
  });

  it('has the rights of deploy/redis/redis.conf', () => {
    const whole = RULE.exec(readKit('redis/redis.conf'))?.[1];
    assert.ok(whole);
    assert.equal(RULE.exec(readKit('compose/valkey/start.sh'))?.[1], whole);
  });
});
