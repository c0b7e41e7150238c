/** A page with a strict Content-Security-Policy, and pages in a frame of another origin. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame, Page } from 'puppeteer-core';
import type { Person } from '../../demo/server/people.ts';
import { newWatchedPage } from '../harness/browser.ts';
import { assertHears } from '../harness/hears.ts';
import { karim, lea, nadia, sophie } from '../harness/people.ts';
import { setKeys, type TestKey } from '../harness/sealed-pages.ts';
import { reading } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';
import { HostAdmin, HostCommercial, hostUrl } from './harness/host-page.ts';
import { assertNoProblems, Trial } from './harness/trial.ts';

/** From now on the page's documents have another policy than the server's. */
async function withPolicy(page: Page, change: (policy: string) => string): Promise<void> {
  await page.setRequestInterception(true);
  page.on('request', async (request) => {
    if (request.resourceType() !== 'document') return request.continue();
    const response = await fetch(request.url());
    const policy = change(response.headers.get('content-security-policy') ?? '');
    const headers = { ...Object.fromEntries(response.headers), 'content-security-policy': policy };
    await request.respond({ status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) });
  });
}

describe('strict policy', { timeout: 180_000 }, () => {
  let trial: Trial;
  before(async () => {
    // A page that the test hands to the browser has no address; to the browser it comes from the internet, and may not reach this computer.
    trial = await Trial.start({}, ['--disable-features=LocalNetworkAccessChecks']);
  });
  after(() => trial?.close());
  afterEach(() => trial.clear());

  const url = (person: Person) => hostUrl(trial.system, person, 'csp');
  const exactPolicy = () => {
    const relay = trial.system.relayUrl;
    return [
      "default-src 'none'",
      `script-src 'self' ${relay}`,
      `connect-src 'self' ${relay} ${relay.replace('http', 'ws')}`,
      "style-src 'self'",
      "img-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; ');
  };

  /** Opens the page with another policy than the server's. Whatever is blocked is told. */
  async function openWithPolicy(person: Person, policy: string) {
    const { page, problems } = await newWatchedPage(trial.browser);
    await withPolicy(page, () => policy);
    await page.goto(url(person), { waitUntil: 'domcontentloaded' });
    return { page, problems };
  }

  test('the exact policy is enough: live, heard, every word and colour in place, nothing reported', async () => {
    const response = await fetch(url(lea));
    assert.equal(response.headers.get('content-security-policy'), exactPolicy());
    const commercial = await HostCommercial.openAt(trial.browser, url(lea));
    const admin = await HostAdmin.openAt(trial.browser, url(sophie));
    await commercial.goLive();
    await admin.hear(lea);
    await assertHears(admin, reading());
    const colour = () =>
      commercial.page.$eval('prospect-stream-button', (element) => {
        const button = element.shadowRoot?.querySelector('[part="button"]');
        return button ? getComputedStyle(button).backgroundColor : null;
      });
    assert.equal(await colour(), 'rgb(220, 38, 38)');
    assertNoProblems(commercial, admin);
  });

  test('it is the least: without the relay in script-src no element, without wss: no connection', async () => {
    const relay = trial.system.relayUrl;
    const withoutScript = exactPolicy().replace(`script-src 'self' ${relay}`, "script-src 'self'");
    const first = await openWithPolicy(lea, withoutScript);
    await waitUntil('a report', () => first.problems.some((problem) => problem.includes('script-src')));
    assert.equal(await first.page.evaluate(() => customElements.get('prospect-stream-button')), undefined);

    const withoutSocket = exactPolicy().replace(` ${relay} ${relay.replace('http', 'ws')}`, '');
    const second = await openWithPolicy(lea, withoutSocket);
    await waitUntil('a report', () => second.problems.some((problem) => problem.includes('connect-src')));
    await sleep(1000);
    const state = () => second.page.$eval('prospect-stream-button', (element) => element.getAttribute('state'));
    assert.equal(await state(), 'connecting');
  });

  test('the socket’s origin alone connects; the relay’s other one is for networks without WebSockets', async () => {
    const relay = trial.system.relayUrl;
    const socketOnly = exactPolicy().replace(`connect-src 'self' ${relay}`, "connect-src 'self'");
    const { page, problems } = await openWithPolicy(lea, socketOnly);
    await page.waitForSelector('prospect-stream-button[state="ready"]');
    assert.deepEqual(problems, []);
    // An http origin does not stand for its WebSockets.
    const httpOnly = await openWithPolicy(lea, exactPolicy().replace(` ${relay.replace('http', 'ws')}`, ''));
    await waitUntil('a report', () => httpOnly.problems.some((problem) => problem.includes('connect-src')));
  });

  test('with Trusted Types too, under Lit’s policy name', async () => {
    const strictest = `${exactPolicy()}; require-trusted-types-for 'script'; trusted-types lit-html`;
    for (const [person, tag] of [
      [lea, 'prospect-stream-button'],
      [sophie, 'prospect-listen-panel'],
    ] as const) {
      const { page, problems } = await openWithPolicy(person, strictest);
      await page.waitForSelector(`${tag}[state="ready"]`);
      assert.deepEqual(problems, []);
    }
  });
});

describe('sealed streams under a strict policy', { timeout: 180_000 }, () => {
  let trial: Trial;
  before(async () => {
    trial = await Trial.start({}, ['--disable-features=LocalNetworkAccessChecks']);
  });
  after(() => trial?.close());
  afterEach(() => trial.clear());

  const KEY: TestKey = { id: 1, name: 'the team’s key' };
  const url = (person: Person, query = '') => `${hostUrl(trial.system, person, 'csp')}${query}`;
  /** Opens the page with more in its policy than the server says. */
  const more = (directive: string) => (page: Page) =>
    withPolicy(page, (policy) => (directive ? `${policy}; ${directive}` : policy));
  const isLocked = (page: Page, tag: string) =>
    page.waitForFunction((name) => document.querySelector(name)?.shadowRoot?.querySelector('[part~=sealed]'), {}, tag);

  /** Both pages: live, heard, and sealed. */
  async function sealedAndHeard(commercial: HostCommercial, admin: HostAdmin) {
    await commercial.goLive();
    await admin.hear(lea);
    await isLocked(admin.page, 'prospect-listen-panel');
  }

  test('the exact policy is enough with the worker’s file on the page’s origin: sealed, heard, nothing reported', async () => {
    const commercial = await HostCommercial.openAt(trial.browser, url(lea, '?e2ee'));
    const admin = await HostAdmin.openAt(trial.browser, url(sophie, '?e2ee'));
    await sealedAndHeard(commercial, admin);
    await assertHears(admin, reading());
    assertNoProblems(commercial, admin);
  });

  test('without that file, worker-src blob: is enough', async () => {
    const commercial = await HostCommercial.openAt(trial.browser, url(lea), more('worker-src blob:'));
    const admin = await HostAdmin.openAt(trial.browser, url(sophie), more('worker-src blob:'));
    for (const { page } of [commercial, admin]) await setKeys(page, [KEY], null, null);
    await sealedAndHeard(commercial, admin);
    assertNoProblems(commercial, admin);
  });

  test('with neither nothing is sent or opened, and both sides say so', async () => {
    const blocked = 'cette page a empêché le module qui le fait de démarrer';
    const commercial = await HostCommercial.openAt(trial.browser, url(lea), more("worker-src 'none'"));
    await commercial.waitForState('ready');
    await commercial.page.$eval('prospect-stream-button', (element) => {
      element.addEventListener('prospect-error', ({ code }) => {
        document.documentElement.dataset.error = code;
      });
    });
    await setKeys(commercial.page, [KEY]);
    await commercial.pressButton();
    await commercial.page.waitForSelector('html[data-error=e2ee_worker_blocked]');
    await commercial.waitForText(blocked);
    assert.equal(await commercial.state(), 'ready');
    assert.equal((await trial.system.status()).active_commercials, 0);
    await setKeys(commercial.page, null);

    const sealed = await HostCommercial.openAt(trial.browser, url(karim, '?e2ee'));
    const admin = await HostAdmin.openAt(trial.browser, url(nadia), more("worker-src 'none'"));
    await setKeys(admin.page, [KEY]);
    await sealed.goLive();
    await admin.toggleHeadphones(karim);
    await admin.waitForText(blocked);
    const refused = [...commercial.problems, ...admin.problems];
    assert.ok(refused.length > 0 && refused.every((problem) => /worker|e2ee/i.test(problem)), refused.join('; '));
  });

  test('with Trusted Types too, under a policy name of their own', async () => {
    const types = "require-trusted-types-for 'script'; trusted-types lit-html prospect-live";
    const commercial = await HostCommercial.openAt(trial.browser, url(lea, '?e2ee'), more(types));
    const admin = await HostAdmin.openAt(trial.browser, url(sophie, '?e2ee'), more(types));
    await sealedAndHeard(commercial, admin);
    assertNoProblems(commercial, admin);
  });
});

describe('in a frame of another origin', { timeout: 180_000 }, () => {
  let trial: Trial;
  before(async () => {
    trial = await Trial.start();
  });
  after(() => trial?.close());
  afterEach(() => trial.clear());

  /** The outer page is at 127.0.0.1, the frame at localhost: two origins, and two sites. */
  async function openFrame(person: Person, allow?: string) {
    const { page, problems } = await newWatchedPage(trial.browser);
    // Large enough that nothing has to be scrolled: a click would miss in a frame that moves.
    await page.setViewport({ width: 1000, height: 900 });
    const outer = trial.system.url.replace('localhost', '127.0.0.1');
    const query = allow === undefined ? '' : `?${new URLSearchParams({ allow })}`;
    await page.goto(`${outer}/hosts/frame/${person.id}${query}`);
    const frame = await page.waitForFrame((candidate) => candidate.url().includes('/framed'));
    assert.notEqual(new URL(frame.url()).origin, new URL(page.url()).origin);
    return { page, frame, problems };
  }
  const state = (frame: Frame, tag: string, wanted: string) => frame.waitForSelector(`${tag}[state="${wanted}"]`);
  const press = async (frame: Frame, name: string) => {
    const button = await frame.waitForSelector(`aria/${name}[role="button"]`);
    await button?.click();
  };

  test('with allow="microphone; autoplay" a framed commercial is heard, by a framed admin too', async () => {
    const admin = await HostAdmin.openAt(trial.browser, hostUrl(trial.system, sophie, 'csp'));
    const commercial = await openFrame(lea, 'microphone; autoplay');
    await state(commercial.frame, 'prospect-stream-button', 'ready');
    await press(commercial.frame, 'Diffuser mon audio en direct');
    await state(commercial.frame, 'prospect-stream-button', 'live');
    await admin.hear(lea);
    await assertHears(admin, reading());
    await admin.close();

    const framed = await openFrame(sophie, 'microphone; autoplay');
    await state(framed.frame, 'prospect-listen-panel', 'ready');
    await press(framed.frame, `Écouter ${lea.name}`);
    await state(framed.frame, 'prospect-listen-panel', 'listening');
    await waitUntil('a listener', async () => (await trial.system.status()).total_listeners === 1);
    assert.deepEqual([...admin.problems, ...commercial.problems, ...framed.problems], []);
  });

  test('without it the button says that the surrounding page does not allow the microphone', async () => {
    const { frame, problems } = await openFrame(lea, '');
    await state(frame, 'prospect-stream-button', 'ready');
    await frame.$eval('prospect-stream-button', (element) => {
      element.addEventListener('prospect-error', ({ code, recoverable }) => {
        document.documentElement.dataset.error = `${code} ${recoverable}`;
      });
    });
    await press(frame, 'Diffuser mon audio en direct');
    await frame.waitForSelector('html[data-error]');
    assert.equal(await frame.$eval('html', (html) => html.dataset.error), 'microphone_blocked_by_policy false');
    // The words of a failure that is rare are loaded then.
    await frame.waitForFunction(() =>
      /cadre/.test(
        document.querySelector('prospect-stream-button')?.shadowRoot?.querySelector('[part="fault"]')?.textContent ??
          '',
      ),
    );
    // Chromium says so itself in the console; nothing else is wrong.
    assert.deepEqual(
      problems.filter((problem) => !/permissions policy/i.test(problem)),
      [],
    );
  });
});
