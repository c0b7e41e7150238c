/**
 * The widgets from a CDN: the documented nginx as a cache before a relay, and pages of another origin in Chromium that load the
 * elements from it with the tags that `npm run cdn` prints, under a strict policy; and what they refuse.
 */
import assert from 'node:assert/strict';
import { appendFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'puppeteer-core';
import { launchBrowser, newWatchedPage, type WatchedPage } from '../harness/browser.ts';
import { skipWithout } from '../harness/ensure-program.ts';
import { freePort } from '../harness/network/free-port.ts';
import { RealRelay, realToken } from '../harness/relay/real-relay.ts';
import { waitUntil } from '../harness/wait.ts';
import { type PrintedTags, printedTags } from './harness/cdn-tags.ts';
import { Nginx } from './harness/nginx.ts';
import { type HostPage, PageServer } from './harness/page-server.ts';

const DIST = fileURLToPath(new URL('../../widgets/dist', import.meta.url));
const BUTTON = 'prospect-stream-button';
const LEA = { role: 'commercial', id: 'lea', name: 'Léa Martin', equipe: 'Lyon Est' } as const;
const YEAR = 'public, max-age=31536000, immutable';
const SHORT = 'public, max-age=300';

/** The manifest, as documented. */
interface Manifest {
  readonly version: string;
  readonly files: Readonly<Record<string, { file: string; integrity: string; bytes: number; map: string }>>;
}

const skip = await skipWithout('nginx');

describe('the widgets from a CDN', { skip, timeout: 120_000 }, () => {
  let folder = '';
  let site: PageServer;
  let relay: RealRelay;
  let cache: Nginx;
  let cdn = '';
  let browser: Browser;
  let tags: PrintedTags;
  let manifest: Manifest;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prospect-cdn-'));
    await cp(join(DIST, 'cdn'), join(folder, 'widgets', 'cdn'), { recursive: true });
    manifest = JSON.parse(await readFile(join(DIST, 'cdn', 'manifest.json'), 'utf8')) as Manifest;
    site = await PageServer.start();
    relay = await RealRelay.start({
      env: {
        NODE_ENV: 'production',
        ANNOUNCED_ADDRESS: '127.0.0.1',
        ALLOWED_ORIGINS: site.origin,
        WIDGETS_DIR: join(folder, 'widgets'),
      },
    });
    const port = await freePort();
    cache = await Nginx.cacheBefore(`127.0.0.1:${relay.port}`, port, join(folder, 'cache'));
    cdn = `http://127.0.0.1:${port}/prospect-live/`;
    tags = await printedTags(cdn);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await cache?.close();
    await relay?.close();
    await site?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const fileOf = (bundle: string) => {
    const entry = manifest.files[bundle];
    assert.ok(entry, bundle);
    return entry;
  };
  const policy = (...scriptSources: string[]) =>
    [
      "default-src 'none'",
      `script-src ${scriptSources.join(' ')}`,
      `connect-src ws://127.0.0.1:${relay.port}`,
      'img-src data:',
      "base-uri 'none'",
    ].join('; ');
  const button = () => `<${BUTTON} relay-url="${relay.url}" token="${realToken(LEA)}"></${BUTTON}>`;

  /** Opens the page in a browser profile of its own, which has no file yet. */
  async function open(page: HostPage): Promise<WatchedPage> {
    const context = await browser.createBrowserContext();
    site.show(page);
    const watched = await newWatchedPage(context);
    await watched.page.goto(`${site.origin}/`);
    return watched;
  }
  const isDefined = ({ page }: WatchedPage, name = BUTTON) =>
    page.evaluate((tag) => customElements.get(tag) !== undefined, name);
  const ready = ({ page }: WatchedPage) => page.waitForSelector(`${BUTTON}[state="ready"]`, { timeout: 15_000 });
  /** The page was refused the script for this reason, and has not run it. */
  async function assertRefused(watched: WatchedPage, reason: RegExp, name = BUTTON): Promise<void> {
    await waitUntil(`a refusal (${reason})`, () => watched.problems.some((problem) => reason.test(problem)));
    assert.equal(await isDefined(watched, name), false);
  }

  describe('what the cache gives', () => {
    it('a year for every file whose name holds its hash, minutes for those that lead there, and any page may read them', async () => {
      for (const [bundle, { file, map }] of Object.entries(manifest.files)) {
        for (const [name, kept, type] of [
          [file, YEAR, 'text/javascript; charset=utf-8'],
          [map, YEAR, 'application/json; charset=utf-8'],
          [bundle, SHORT, 'text/javascript; charset=utf-8'],
          [bundle.replace('.js', '.licences.txt'), SHORT, 'text/plain; charset=utf-8'],
          ['manifest.json', SHORT, 'application/json; charset=utf-8'],
        ] as const) {
          const { status, headers } = await fetch(cdn + name, { headers: { origin: site.origin } });
          assert.equal(status, 200, name);
          assert.equal(headers.get('cache-control'), kept, name);
          assert.equal(headers.get('access-control-allow-origin'), '*', name);
          assert.equal(headers.get('content-type'), type, name);
        }
      }
    });

    it('asks the relay once for each encoding; a query changes nothing; what is not there is not kept', async () => {
      const { file } = fileOf('prospect-live.js');
      const told = async (name: string, encoding: string) => {
        const response = await fetch(cdn + name, { headers: { 'accept-encoding': encoding } });
        await response.arrayBuffer();
        return [response.headers.get('content-encoding'), response.headers.get('x-cache-status')];
      };
      for (const encoding of ['br', 'gzip']) await told(file, encoding);
      for (const encoding of ['br', 'gzip']) assert.deepEqual(await told(file, encoding), [encoding, 'HIT']);
      assert.deepEqual(await told(`${file}?v=1`, 'br'), ['br', 'HIT']);
      const missing = 'prospect-live-0000000000000000.js';
      for (let time = 0; time < 2; time += 1) {
        const { status, headers } = await fetch(cdn + missing);
        assert.deepEqual([status, headers.get('x-cache-status')], [404, 'MISS']);
        assert.equal(headers.get('cache-control'), 'no-store');
      }
    });

    it('the source map of a file is where the file says', async () => {
      const { file } = fileOf('prospect-live.js');
      const code = await (await fetch(cdn + file)).text();
      const map = /\n\/\/# sourceMappingURL=(.+)\n$/.exec(code)?.[1] ?? '';
      const { sources, sourcesContent } = (await (await fetch(new URL(map, cdn + file))).json()) as {
        sources: string[];
        sourcesContent: string[];
      };
      const index = sources.findIndex((source) => source.endsWith('/stream-button/stream-button.ts'));
      assert.match(sourcesContent[index] ?? '', /class ProspectStreamButton/);
    });
  });

  describe('a page with a strict policy', () => {
    it('by a script tag with integrity: live, with nothing to complain of', async () => {
      const watched = await open({
        head: tags.script,
        body: button(),
        headers: {
          'Content-Security-Policy': policy(tags.folder),
          'Integrity-Policy': 'blocked-destinations=(script)',
        },
      });
      await ready(watched);
      const press = await watched.page.waitForSelector('aria/Diffuser mon audio en direct[role="button"]');
      await press?.click();
      await watched.page.waitForSelector(`${BUTTON}[state="live"]`);
      assert.deepEqual(watched.problems, []);
    });

    it('by an import map with integrity, imported by a module of the page', async () => {
      const watched = await open({
        head: `${tags.importMap}<script type="module" src="/page.js"></script>`,
        body: button(),
        script: `import { WIDGET_VERSION } from '@prospect-live/widgets/prospect-live.js';
document.documentElement.dataset.version = WIDGET_VERSION;`,
        headers: { 'Content-Security-Policy': policy("'self'", tags.folder, tags.importMapHash) },
      });
      await ready(watched);
      const version = await watched.page.evaluate(() => document.documentElement.dataset.version);
      assert.equal(version, manifest.version);
      assert.deepEqual(watched.problems, []);
    });

    it('by the stable name, with and without an import map that pins what it leads to', async () => {
      for (const head of [tags.stable, tags.importMap + tags.stable]) {
        const watched = await open({
          head,
          body: button(),
          headers: { 'Content-Security-Policy': policy(tags.folder, tags.importMapHash) },
        });
        await ready(watched);
        assert.deepEqual(watched.problems, []);
      }
    });

    it('that lacks the CDN gets no element', async () => {
      const headers = { 'Content-Security-Policy': policy("'self'") };
      await assertRefused(await open({ head: tags.script, body: button(), headers }), /script-src/);
    });

    it('with an Integrity-Policy takes no script without integrity', async () => {
      const headers = { 'Integrity-Policy': 'blocked-destinations=(script)' };
      // Chromium says it in reports alone. Once the page is loaded, every script of it has run or was refused.
      assert.equal(await isDefined(await open({ head: tags.stable, body: button(), headers })), false);
      assert.equal(await isDefined(await open({ head: tags.script, body: button(), headers })), true);
      assert.equal(await isDefined(await open({ head: tags.stable, body: button() })), true);
    });
  });

  describe('a file that somebody has tampered with', () => {
    const BUNDLE = 'prospect-listen-panel.js';
    const PANEL = 'prospect-listen-panel';
    const ELEMENT = `<${PANEL}></${PANEL}>`;
    const REFUSED = /integrity/i;
    let panel: PrintedTags;
    let other = '';
    let spoilt: Nginx;

    before(async () => {
      // Another cache, which is empty, before the same relay: it takes the file as it is now.
      const { file } = fileOf(BUNDLE);
      await appendFile(join(folder, 'widgets', 'cdn', file), 'document.title = "tampered";\n');
      const port = await freePort();
      spoilt = await Nginx.cacheBefore(`127.0.0.1:${relay.port}`, port, join(folder, 'spoilt'));
      other = `http://127.0.0.1:${port}/prospect-live/`;
      panel = await printedTags(other, BUNDLE);
    });
    after(() => spoilt?.close());

    it('runs where nobody checks it', async () => {
      const watched = await open({ head: panel.stable, body: ELEMENT });
      await waitUntil('its work', async () => (await watched.page.title()) === 'tampered');
      assert.equal(await isDefined(watched, PANEL), true);
    });

    it('is refused by a script tag with integrity', async () => {
      await assertRefused(await open({ head: panel.script, body: ELEMENT }), REFUSED, PANEL);
    });

    it('is refused by an import map with integrity, as an import and behind the stable name', async () => {
      const script = `import '@prospect-live/widgets/${BUNDLE}';`;
      const head = `${panel.importMap}<script type="module" src="/page.js"></script>`;
      await assertRefused(await open({ head, body: ELEMENT, script }), REFUSED, PANEL);
      await assertRefused(await open({ head: panel.importMap + panel.stable, body: ELEMENT }), REFUSED, PANEL);
    });

    it('is refused to an import by a script tag with integrity before it, where the import map has none', async () => {
      const script = `import '@prospect-live/widgets/${BUNDLE}';`;
      const unchecked = panel.importMap.replace(/"sha384-[^"]+"/, '""');
      const module = '<script type="module" src="/page.js"></script>';
      await assertRefused(
        await open({ head: unchecked + panel.script + module, body: ELEMENT, script }),
        REFUSED,
        PANEL,
      );
      // Without the tag before it, the same page runs it.
      assert.equal(await isDefined(await open({ head: unchecked + module, body: ELEMENT, script }), PANEL), true);
    });

    it('is kept by no cache for longer than minutes', async () => {
      const { headers } = await fetch(other + fileOf(BUNDLE).file);
      assert.equal(headers.get('cache-control'), SHORT);
    });
  });

  it('a relay that is away takes nothing from pages that load from the cache', async () => {
    await relay.close();
    const { file } = fileOf('prospect-live.js');
    for (const name of [file, 'prospect-live.js', 'manifest.json']) {
      const { status, headers } = await fetch(cdn + name);
      assert.deepEqual([status, headers.get('x-cache-status')], [200, 'HIT'], name);
    }
    const watched = await open({ head: tags.script, body: `<${BUTTON}></${BUTTON}>` });
    await waitUntil('the element', () => isDefined(watched));
  });
});

describe('the files in a folder of nginx', { skip, timeout: 60_000 }, () => {
  let folder = '';
  let nginx: Nginx;
  let url = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prospect-cdn-folder-'));
    await cp(join(DIST, 'cdn'), join(folder, 'prospect-live'), { recursive: true });
    const port = await freePort();
    nginx = await Nginx.serving(folder, port);
    url = `http://127.0.0.1:${port}/prospect-live/`;
  });
  after(async () => {
    await nginx?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('have the headers that the relay gives them', async () => {
    const relay = await RealRelay.start({
      env: { NODE_ENV: 'production', ANNOUNCED_ADDRESS: '127.0.0.1', ALLOWED_ORIGINS: 'https://app.example.com' },
    });
    try {
      const { files } = JSON.parse(await readFile(join(DIST, 'cdn', 'manifest.json'), 'utf8')) as Manifest;
      const names = Object.entries(files).flatMap(([bundle, { file, map }]) => [
        bundle,
        file,
        map,
        bundle.replace('.js', '.licences.txt'),
      ]);
      for (const name of [...names, 'manifest.json']) {
        const [here, there] = await Promise.all([fetch(url + name), fetch(`${relay.url}/widgets/cdn/${name}`)]);
        assert.equal(here.status, 200, name);
        assert.equal(await here.text(), await there.text(), name);
        for (const header of [
          'cache-control',
          'content-type',
          'access-control-allow-origin',
          'cross-origin-resource-policy',
          'x-content-type-options',
        ])
          assert.equal(here.headers.get(header), there.headers.get(header), `${header} of ${name}`);
      }
    } finally {
      await relay.close();
    }
  });

  it('what is not there is not kept', async () => {
    const { status, headers } = await fetch(`${url}prospect-live-0000000000000000.js`);
    assert.deepEqual([status, headers.get('cache-control')], [404, null]);
  });
});
