/** The demo as `npm start` runs it with certificates: HTTPS all the way, at an address that is not localhost. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import mkcert from 'mkcert';
import type { Browser } from 'puppeteer-core';
import type { Person } from '../../demo/server/people.ts';
import { launchBrowser, newWatchedPage } from '../harness/browser.ts';
import { pathOf } from '../harness/demo-site.ts';
import { assertHears } from '../harness/hears.ts';
import { lea, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { READING_FILE, reading } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';

const START = fileURLToPath(new URL('../../demo/start.ts', import.meta.url));

/** An address of this computer that another one could use, or the loopback where there is none. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

describe('the demo over HTTPS', { timeout: 120_000 }, () => {
  const host = ownAddress();
  let folder: string;
  let demo: ChildProcess;
  let output = '';
  let url: string;
  let browser: Browser;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prospect-https-'));
    const ca = await mkcert.createCA({
      organization: 'Test authority',
      countryCode: 'ZZ',
      state: 'Test',
      locality: 'Test',
      validity: 2,
    });
    const { cert, key } = await mkcert.createCert({ ca, domains: [host, 'localhost'], validity: 2 });
    await Promise.all([
      writeFile(join(folder, 'relay.pem'), cert),
      writeFile(join(folder, 'relay-key.pem'), key, { mode: 0o600 }),
      writeFile(join(folder, 'dev-ca.pem'), ca.cert),
    ]);
    demo = fork(START, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        DEMO_HTTP_PORT: '0',
        DEMO_HTTPS_PORT: '0',
        HTTP_PORT: '0',
        HTTPS_PORT: '0',
        MEDIA_PORT: '0',
        MEDIA_WORKERS: '1',
        PROSPECT_CERT_FILE: join(folder, 'relay.pem'),
        PROSPECT_KEY_FILE: join(folder, 'relay-key.pem'),
      },
    });
    for (const stream of [demo.stdout, demo.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    await waitUntil(
      'a started demo',
      () => output.includes('Prospect Live is running') || demo.exitCode !== null,
      60_000,
    );
    const port = /https:\/\/[\d.]+:(\d+)/.exec(output)?.[1];
    assert.ok(port, output);
    url = `https://${host}:${port}`;
    // The test's authority is unknown to the browser. A person installs it instead.
    browser = await launchBrowser({ microphone: READING_FILE, args: ['--ignore-certificate-errors'] });
  });
  after(async () => {
    await browser?.close();
    if (demo && demo.exitCode === null) {
      demo.kill('SIGTERM');
      await once(demo, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  });

  test('the start page offers the certificate, and the relay answers over TLS', async () => {
    const { page, problems } = await newWatchedPage(browser);
    await page.goto(url);
    await page.waitForSelector('.status[data-state="up"]');
    const certificate = await page.evaluate(async () => (await fetch('/certs/dev-ca.pem')).text());
    assert.match(certificate, /^-----BEGIN CERTIFICATE-----/);
    assert.deepEqual(problems, []);
    await page.close();
  });

  test('a commercial is heard, from one computer’s address to another’s page', async () => {
    const site = { pageOf: (person: Person) => url + pathOf(person) };
    const commercial = await CommercialPage.open(browser, site, lea);
    const admin = await AdminPage.open(browser, site, sophie);
    await commercial.goLive();
    await admin.hear(lea);
    await assertHears(admin, reading());
    const cookies = await browser.cookies();
    assert.ok(cookies.length > 0 && cookies.every(({ secure, httpOnly }) => secure && httpOnly));
    assert.deepEqual([...commercial.problems, ...admin.problems], []);
    await Promise.all([commercial.close(), admin.close()]);
  });
});
