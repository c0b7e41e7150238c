/**
 * The main job in Firefox, run inside a network namespace (firefox.e2e.test.ts starts it there): Firefox offers no loopback
 * addresses to WebRTC, so relay and browser share an address that is not one. Argument: that address. Prints one JSON
 * object, the findings.
 */
import type { Browser, ElementHandle, Page } from 'puppeteer-core';
import { lea, sophie } from '../../harness/people.ts';
import { System } from '../../harness/system.ts';
import { waitUntil } from '../../harness/wait.ts';
import type { FirefoxFindings, Received } from './findings.ts';
import { launchFirefox } from './launch-firefox.ts';

const [address, firefox] = process.argv.slice(2);
if (!address || !firefox) throw new Error('Usage: trial.ts ADDRESS FIREFOX_PROGRAM');

/** Firefox keeps the page's connections where the trial can ask them for statistics. */
function keepConnections(): void {
  const kept: RTCPeerConnection[] = [];
  const Original = RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      kept.push(this);
    }
  };
  Object.assign(window, { keptConnections: kept });
}

/** Without a sound card Firefox's AudioContext stays suspended; the statistics tell what was decoded all the same. */
function readReceived(): Promise<Received> {
  return (async () => {
    const sum = { packets: 0, energy: 0, seconds: 0 };
    const kept: readonly RTCPeerConnection[] = Reflect.get(window, 'keptConnections');
    for (const connection of kept) {
      if (connection.connectionState === 'closed') continue;
      for (const report of (await connection.getStats()).values()) {
        if (report.type !== 'inbound-rtp') continue;
        sum.packets += report.packetsReceived ?? 0;
        sum.energy += report.totalAudioEnergy ?? 0;
        sum.seconds += report.totalSamplesDuration ?? 0;
      }
    }
    return sum;
  })();
}

async function openPage(browser: Browser, url: string, problems: string[]): Promise<Page> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.evaluateOnNewDocument(keepConnections);
  await page.goto(url, { waitUntil: 'load' });
  return page;
}

const stateOf = (page: Page, tag: string) =>
  page.evaluate((name) => document.querySelector(name)?.getAttribute('state') ?? null, tag);

async function waitForState(page: Page, tag: string, wanted: string): Promise<void> {
  try {
    await waitUntil(`${tag} ${wanted}`, async () => (await stateOf(page, tag)) === wanted, 30_000);
  } catch (error) {
    throw new Error(`${tag} is ${await stateOf(page, tag)}. ${system.log.join('')}`, { cause: error });
  }
}

async function press(page: Page, tag: string, selector: string): Promise<void> {
  const handle = await page.evaluateHandle(
    (name, inside) => document.querySelector(name)?.shadowRoot?.querySelector(inside) ?? null,
    tag,
    selector,
  );
  const element = handle.asElement() as ElementHandle<Element> | null;
  if (!element) throw new Error(`${tag} has no ${selector}`);
  await page.bringToFront();
  await element.evaluate((node) => node instanceof HTMLElement && node.scrollIntoView({ block: 'center' }));
  // Not a locator: those wait for ever in Firefox 140 on an element of a shadow tree that stands still and can be seen.
  await element.click();
}

const BUTTON = 'prospect-stream-button';
const PANEL = 'prospect-listen-panel';

const system = await System.start({ relayEnv: { MEDIA_LISTEN_IPS: address } });
const browser = await launchFirefox(firefox, { 'intl.accept_languages': 'fr-FR, fr' });
try {
  const problems: string[] = [];
  const commercial = await openPage(browser, system.pageOf(lea), problems);
  await waitForState(commercial, BUTTON, 'ready');
  await press(commercial, BUTTON, '[part~=button]');
  await waitForState(commercial, BUTTON, 'live');

  const admin = await openPage(browser, system.pageOf(sophie), problems);
  await waitUntil('a live row', () =>
    admin.evaluate((tag) => Boolean(document.querySelector(tag)?.shadowRoot?.querySelector('button[data-id]')), PANEL),
  );
  await press(admin, PANEL, `button[data-id="${lea.id}"]`);
  await waitForState(admin, PANEL, 'listening');
  await waitUntil('sound', async () => (await admin.evaluate(readReceived)).energy > 0, 30_000);
  const before = await admin.evaluate(readReceived);
  await waitUntil('two more seconds of sound', async () => {
    return (await admin.evaluate(readReceived)).seconds >= before.seconds + 2;
  });
  const heard = await admin.evaluate(readReceived);

  await press(commercial, BUTTON, '[part~=button]');
  await waitForState(commercial, BUTTON, 'ready');
  await waitForState(admin, PANEL, 'waiting');
  const version = await browser.version();
  const findings: FirefoxFindings = { version, before, heard, problems };
  process.stdout.write(`${JSON.stringify(findings)}\n`);
} finally {
  await browser.close();
  await system.close();
}
