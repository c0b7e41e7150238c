/** Pages rendered on the server with React: the import does nothing there, nothing jumps, and every link is another document. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { newWatchedPage } from '../harness/browser.ts';
import { assertHears } from '../harness/hears.ts';
import { lea, sophie } from '../harness/people.ts';
import { reading } from '../harness/voices.ts';
import { HostAdmin, HostCommercial, hostUrl } from './harness/host-page.ts';
import { assertNoProblems, Trial } from './harness/trial.ts';

const run = promisify(execFile);
const SERVER_ENTRY = fileURLToPath(new URL('../../demo/hosts/dist/ssr-server/entry-server.js', import.meta.url));

/** What Chromium tells of something that moved by itself (Layout Instability API). */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly {
    readonly node: Node | null;
    readonly previousRect: DOMRect;
    readonly currentRect: DOMRect;
  }[];
}

describe('server-rendered', { timeout: 180_000 }, () => {
  let trial: Trial;
  before(async () => {
    trial = await Trial.start();
  });
  after(() => trial?.close());
  afterEach(() => trial.clear());

  test('on the server the import defines nothing, keeps nothing open, and the tags are in the HTML', async () => {
    const script = `
      const before = Object.keys(globalThis);
      const { render } = await import(${JSON.stringify(SERVER_ENTRY)});
      const person = { id: 'x', name: 'X', role: 'commercial' };
      const html = render({ host: 'ssr', person, view: 'portes', doors: [], token: 'T', relayUrl: 'https://relay:8443' });
      const added = Object.keys(globalThis).filter((name) => !before.includes(name));
      const defined = Boolean(customElements.get('prospect-stream-button'));
      console.log(JSON.stringify({ html, added, defined }));`;
    // A timer or a socket left open would keep the process from ending.
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      timeout: 30_000,
    });
    const { html, added, defined } = JSON.parse(stdout) as { html: string; added: string[]; defined: boolean };
    assert.match(html, /<prospect-stream-button token="T" relay-url="https:\/\/relay:8443"><\/prospect-stream-button>/);
    // Lit's own, for its server rendering: notes, and a stand-in registry. The elements are not in it.
    assert.deepEqual(
      added.filter((name) => !/^(?:lit|reactiveElement)/.test(name)),
      ['customElements'],
    );
    assert.equal(defined, false);
    assert.equal(stderr, '');
  });

  for (const host of ['ssr', 'ssr-development']) {
    test(`${host}: wakes up without a complaint, and nothing jumps while the script is late`, async () => {
      for (const person of [lea, sophie]) {
        const { page, problems } = await newWatchedPage(trial.browser);
        await page.setRequestInterception(true);
        page.on('request', async (request) => {
          if (request.resourceType() === 'script') await sleep(1500);
          await request.continue();
        });
        await page.evaluateOnNewDocument(() => {
          const shifts: string[] = [];
          Object.assign(globalThis, { shifts });
          new PerformanceObserver((list) => {
            for (const { value, sources } of list.getEntries() as LayoutShift[]) {
              for (const { node, previousRect, currentRect } of sources) {
                // Inside an element (its bubble of words, fixed in its corner), not of the page.
                if (!node) continue;
                const name = node instanceof Element ? `${node.localName}.${node.className}` : String(node);
                shifts.push(`${name} ${value} ${JSON.stringify([previousRect, currentRect])}`);
              }
            }
          }).observe({ type: 'layout-shift', buffered: true });
        });
        await page.goto(hostUrl(trial.system, person, host), { waitUntil: 'domcontentloaded' }).catch(() => {});
        const tag = person === lea ? 'prospect-stream-button' : 'prospect-listen-panel';
        await page.waitForSelector(`${tag}[state="ready"]`);
        await sleep(500);
        assert.deepEqual(await page.evaluate(() => Reflect.get(globalThis, 'shifts')), []);
        assert.deepEqual(problems, []);
      }
    });
  }

  test('another page is another document: the stream ends at once, the next page is ready, and back again', async () => {
    const commercial = await HostCommercial.openAt(trial.browser, hostUrl(trial.system, lea, 'ssr'));
    const admin = await HostAdmin.openAt(trial.browser, hostUrl(trial.system, sophie, 'ssr'));
    await commercial.goLive();
    await admin.hear(lea);
    await commercial.click('Journal');
    await commercial.page.waitForSelector('h1::-p-text(Mon journal)');
    await trial.waitForStreams(0);
    await admin.waitForState('waiting');

    await commercial.goLive();
    await admin.waitForState('listening');
    await admin.probe.waitForSound();
    await assertHears(admin, reading());

    await commercial.page.goBack();
    await commercial.page.waitForSelector('h1::-p-text(Mes portes)');
    await trial.waitForStreams(0);
    await commercial.goLive();
    await admin.waitForState('listening');
    assertNoProblems(commercial, admin);
  });
});
