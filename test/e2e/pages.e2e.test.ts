/** The demo's pages: accessible, within their policy, live figures, tokens that renew themselves. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { assertAccessible } from '../harness/accessibility.ts';
import { launchBrowser, leaveAllPages, newWatchedPage } from '../harness/browser.ts';
import { loudness } from '../harness/correlate.ts';
import { pathOf } from '../harness/demo-site.ts';
import { assertHears } from '../harness/hears.ts';
import { lea, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { System } from '../harness/system.ts';
import { READING_FILE, reading } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };

describe('the demo’s pages', { timeout: 180_000 }, () => {
  let system: System;
  let browser: Browser;

  before(async () => {
    system = await System.start({ tokenLifetimeS: 20 });
    browser = await launchBrowser({ microphone: READING_FILE });
  });
  after(async () => {
    await browser?.close();
    await system?.close();
  });

  afterEach(() => leaveAllPages(browser));

  for (const [name, path] of Object.entries({
    'the start page': '/',
    'a page that is not there': '/nowhere',
    'the commercial’s page': pathOf(lea),
    'the admin’s page': pathOf(sophie),
  })) {
    test(`${name} is accessible and fits, on a phone and on a desk, light and dark`, async () => {
      const { page, problems } = await newWatchedPage(browser);
      await page.goto(system.url + path, { waitUntil: 'networkidle2' });
      for (const viewport of [PHONE, DESKTOP]) {
        await page.setViewport(viewport);
        for (const value of ['light', 'dark']) {
          await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
          await assertAccessible(page);
        }
      }
      const unwanted = path === '/nowhere' ? problems.filter((problem) => !problem.includes('404')) : problems;
      assert.deepEqual(unwanted, []);
    });
  }

  test('the elements do not hold up the page: its load event comes, also while somebody is live', async () => {
    const commercial = await CommercialPage.open(browser, system, lea);
    await commercial.goLive();
    for (const url of [system.pageOf(lea), system.pageOf(sophie)]) {
      const { page, problems } = await newWatchedPage(browser);
      await page.goto(url, { waitUntil: 'domcontentloaded' });
      await waitUntil(`the load event of ${url}`, () => page.evaluate(() => document.readyState === 'complete'));
      assert.deepEqual(problems, []);
      await page.close();
    }
    await commercial.close();
  });

  test('pages are accessible while live and listening', async () => {
    const commercial = await CommercialPage.open(browser, system, lea);
    const admin = await AdminPage.open(browser, system, sophie);
    await commercial.goLive();
    await admin.hear(lea);
    await commercial.waitForText(sophie.name);
    await assertAccessible(commercial.page);
    await assertAccessible(admin.page);
    assert.deepEqual([...commercial.problems, ...admin.problems], []);
  });

  test('the start page shows the relay’s live figures', async () => {
    const { page, problems } = await newWatchedPage(browser);
    await page.goto(system.url);
    const status = () => page.$eval('[data-status-text]', (element) => element.textContent);
    await waitUntil('the relay’s status', async () => (await status()) === 'Relais prêt · 0 direct · 0 écoute', 60_000);
    const commercial = await CommercialPage.open(browser, system, lea);
    await commercial.goLive();
    await waitUntil('a live commercial', async () => (await status()) === 'Relais prêt · 1 direct · 0 écoute', 30_000);
    assert.deepEqual([...problems, ...commercial.problems], []);
  });

  test('the result of a visit is kept, and the figures follow', async () => {
    const { page, problems } = await newWatchedPage(browser);
    await page.goto(system.pageOf(lea));
    const figure = (key: string) => page.$eval(`[data-figure="${key}"]`, (element) => Number(element.textContent));
    const [visited, signed] = [await figure('visited'), await figure('signed')];
    await page.select('select[data-state="todo"]', 'signed');
    await waitUntil('the new figures', async () => (await figure('signed')) === signed + 1);
    await page.reload();
    assert.deepEqual([await figure('visited'), await figure('signed')], [visited + 1, signed + 1]);
    assert.deepEqual(problems, []);
  });

  test('tokens renew themselves while live: no gap in the sound past the first token’s end', async () => {
    const commercial = await CommercialPage.open(browser, system, lea);
    const admin = await AdminPage.open(browser, system, sophie);
    const renewals: string[] = [];
    for (const { page } of [commercial, admin]) {
      page.on('response', (response) => {
        if (response.url().endsWith('/api/token'))
          renewals.push(`${new URL(response.url()).pathname} ${response.status()}`);
      });
    }
    await commercial.goLive();
    await admin.hear(lea);
    const [heard] = await Promise.all([admin.probe.record(26_000), assertHears(admin, reading())]);
    for (const person of [lea, sophie]) {
      const wanted = `/as/${person.id}/api/token 200`;
      assert.ok(renewals.includes(wanted), `${wanted} is not among ${renewals.join(', ')}`);
    }
    // The reading never pauses for a second, so a silent second would be a gap.
    const { rate, samples } = heard;
    assert.ok(samples.length > 25 * rate, `only ${(samples.length / rate).toFixed(1)} s of sound arrived`);
    for (let second = 0; second + 1 <= samples.length / rate; second++) {
      const part = { rate, samples: samples.subarray(second * rate, (second + 1) * rate) };
      assert.ok(loudness(part) > 0.002, `second ${second} is silent`);
    }
    assert.deepEqual([await commercial.state(), await admin.state()], ['live', 'listening']);
    assert.deepEqual([...commercial.problems, ...admin.problems], []);
  });
});
