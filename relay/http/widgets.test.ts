import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Environment } from '../config.ts';
import { ask } from './testing/http-client.ts';
import { type RunningApp, runApp, VERSION } from './testing/running-app.ts';

const root = mkdtempSync(join(tmpdir(), 'relay-widgets-'));
const dist = join(root, 'dist');
const SCRIPT = `export const words = '${'prospect live '.repeat(200)}';\n`;
mkdirSync(join(dist, 'chunks'), { recursive: true });
writeFileSync(join(dist, 'prospect-live.js'), SCRIPT);
writeFileSync(join(dist, 'prospect-live.js.map'), '{"version":3}');
writeFileSync(join(dist, 'chunks', 'fr.js'), 'export default 1;\n');
writeFileSync(join(dist, 'prospect-live.licences.txt'), 'lit (BSD-3-Clause)\n');
mkdirSync(join(dist, 'cdn'));
const NAMED = `prospect-live-${createHash('sha384').update(SCRIPT).digest('hex').slice(0, 16)}.js`;
writeFileSync(join(dist, 'cdn', NAMED), SCRIPT);
writeFileSync(join(dist, 'cdn', 'prospect-live.js'), `export * from './${NAMED}';\n`);
writeFileSync(join(dist, '.built-from.js'), 'hidden');
writeFileSync(join(dist, 'notes.exe'), 'no');
writeFileSync(join(root, 'secret.js'), 'outside');
after(() => rmSync(root, { recursive: true }));

const running: RunningApp[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

async function start(env: Environment = {}): Promise<string> {
  const app = await runApp({ WIDGETS_DIR: dist, ...env });
  running.push(app);
  return app.url;
}

const PRODUCTION = {
  NODE_ENV: 'production',
  ANNOUNCED_ADDRESS: '203.0.113.7',
  ALLOWED_ORIGINS: 'https://app.example.com',
};

describe('widgets', () => {
  it('are scripts that any page may load', async () => {
    const url = await start(PRODUCTION);
    const answer = await ask(`${url}/widgets/prospect-live.js`, { headers: { origin: 'https://any.example' } });
    assert.equal(answer.status, 200);
    assert.equal(answer.text, SCRIPT);
    assert.equal(answer.headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal(answer.headers['access-control-allow-origin'], '*');
    assert.equal(answer.headers['cross-origin-resource-policy'], 'cross-origin');
    assert.equal(
      (await ask(`${url}/widgets/prospect-live.js.map`)).headers['content-type'],
      'application/json; charset=utf-8',
    );
    assert.equal((await ask(`${url}/widgets/chunks/fr.js`)).text, 'export default 1;\n');
  });

  it('are kept shortly without a version, for good with one, and never in development', async () => {
    const production = await start(PRODUCTION);
    const cache = async (url: string) => (await ask(url)).headers['cache-control'];
    assert.equal(await cache(`${production}/widgets/prospect-live.js`), 'public, max-age=300');
    assert.equal(
      await cache(`${production}/widgets/${VERSION}/prospect-live.js`),
      'public, max-age=31536000, immutable',
    );
    assert.equal(await cache(`${await start()}/widgets/prospect-live.js`), 'public, no-cache');
    assert.equal(await cache(`${production}/widgets/no-such.js`), 'no-store');
  });

  it('are kept for good under the hash of their content, and shortly under the name that leads there', async () => {
    const production = await start(PRODUCTION);
    const named = await ask(`${production}/widgets/cdn/${NAMED}`, { headers: { origin: 'https://any.example' } });
    assert.equal(named.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(named.headers['access-control-allow-origin'], '*');
    assert.equal(named.text, SCRIPT);
    const stable = await ask(`${production}/widgets/cdn/prospect-live.js`);
    assert.equal(stable.headers['cache-control'], 'public, max-age=300');
    assert.match(stable.text, new RegExp(NAMED));
    assert.equal(
      (await ask(`${await start()}/widgets/cdn/${NAMED}`)).headers['cache-control'],
      'public, max-age=31536000, immutable',
    );
  });

  it('with another content than the name says are not kept', async () => {
    const production = await start(PRODUCTION);
    const file = join(dist, 'cdn', NAMED);
    writeFileSync(file, `${SCRIPT}damaged();\n`);
    try {
      const damaged = await ask(`${production}/widgets/cdn/${NAMED}`);
      assert.equal(damaged.status, 200);
      assert.equal(damaged.headers['cache-control'], 'public, max-age=300');
    } finally {
      writeFileSync(file, SCRIPT);
    }
  });

  it('come with the licences of what is in them', async () => {
    const answer = await ask(`${await start()}/widgets/prospect-live.licences.txt`);
    assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
    assert.match(answer.text, /BSD/);
  });

  it('exist in this version only', async () => {
    const url = await start();
    const answer = await ask(`${url}/widgets/9.9.9/prospect-live.js`);
    assert.equal(answer.status, 404);
    assert.match(answer.text, /serves version 1\.2\.3 of the widgets/);
  });

  it('answer 304 to who has them, until they change', async () => {
    const url = `${await start()}/widgets/chunks/fr.js`;
    const { etag = '' } = (await ask(url)).headers;
    const again = await ask(url, { headers: { 'if-none-match': etag } });
    assert.equal(again.status, 304);
    assert.equal(again.body.length, 0);
    const file = join(dist, 'chunks', 'fr.js');
    writeFileSync(file, 'export default 2;\n');
    utimesSync(file, new Date(), new Date(Date.now() + 5000));
    const changed = await ask(url, { headers: { 'if-none-match': etag } });
    assert.equal(changed.status, 200);
    assert.equal(changed.text, 'export default 2;\n');
    writeFileSync(file, 'export default 1;\n');
  });

  it('come compressed for whoever takes that, with a tag of its own for each encoding', async () => {
    const url = `${await start()}/widgets/prospect-live.js`;
    const get = (encodings: string) => ask(url, { headers: { 'accept-encoding': encodings } });
    const [plain, gzip, brotli] = [await get('identity'), await get('gzip, deflate'), await get('gzip, deflate, br')];
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(gunzipSync(gzip.body).toString(), SCRIPT);
    assert.equal(brotliDecompressSync(brotli.body).toString(), SCRIPT);
    assert.ok(brotli.body.length < SCRIPT.length / 5);
    assert.equal(new Set([plain, gzip, brotli].map(({ headers }) => headers.etag)).size, 3);
    assert.match(brotli.headers.vary ?? '', /Accept-Encoding/);
  });

  it('answer HEAD and preflights', async () => {
    const url = `${await start()}/widgets/prospect-live.js`;
    const head = await ask(url, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.body.length, 0);
    assert.equal(head.headers['content-length'], String(SCRIPT.length));
    assert.equal((await ask(url, { method: 'OPTIONS', headers: { origin: 'https://any.example' } })).status, 204);
  });

  it('give nothing from outside the folder, hidden, or of another kind', async () => {
    const url = await start();
    const paths = [
      '../secret.js',
      '%2e%2e/secret.js',
      '..%2fsecret.js',
      '%2e%2e%2fsecret.js',
      'chunks/../../secret.js',
      '..%5csecret.js',
      '....//secret.js',
      '%2fetc/passwd',
      `${VERSION}/../../secret.js`,
      `${VERSION}/%2e%2e/secret.js`,
      '.built-from.js',
      'notes.exe',
      'prospect-live.js%00.js',
      'prospect-live.js/',
      'chunks',
      'chunks/',
      '',
      'prospect-live',
      '__proto__',
      `${'x'.repeat(5000)}.js`,
    ];
    for (const path of paths) {
      const answer = await ask(url, { path: `/widgets/${path}` });
      assert.ok(answer.status === 404, `${path.slice(0, 60)}: ${answer.status}`);
      assert.doesNotMatch(answer.text, /outside|hidden/);
    }
  });

  it('say what to do when they are not built, and not where they would be', async () => {
    const url = await start({ WIDGETS_DIR: join(root, 'nowhere') });
    const answer = await ask(`${url}/widgets/prospect-live.js`);
    assert.equal(answer.status, 404);
    assert.match(answer.text, /not built.*npm run build/);
    assert.doesNotMatch(answer.text, /nowhere/);
  });
});
