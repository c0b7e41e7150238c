/** Pages of the demo in Firefox, and what they receive. */
import type { Browser, ElementHandle, Page } from 'puppeteer-core';
import { lea, sophie } from '../../harness/people.ts';
import type { Prepare } from '../../harness/person-page.ts';
import type { System } from '../../harness/system.ts';
import { waitUntil } from '../../harness/wait.ts';
import type { Received } from './findings.ts';

export const BUTTON = 'prospect-stream-button';
export const PANEL = 'prospect-listen-panel';

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
export function readReceived(): Promise<Received> {
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

/** A page whose errors are kept. @param prepare done before it is opened */
export async function openPage(browser: Browser, url: string, problems: string[], prepare?: Prepare): Promise<Page> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.evaluateOnNewDocument(keepConnections);
  await prepare?.(page);
  await page.goto(url, { waitUntil: 'load' });
  return page;
}

const stateOf = (page: Page, tag: string) =>
  page.evaluate((name) => document.querySelector(name)?.getAttribute('state') ?? null, tag);

/** Waits until the element says so. */
export async function waitForState(page: Page, tag: string, wanted: string): Promise<void> {
  try {
    await waitUntil(`${tag} ${wanted}`, async () => (await stateOf(page, tag)) === wanted, 30_000);
  } catch (error) {
    throw new Error(`${tag} is ${await stateOf(page, tag)}`, { cause: error });
  }
}

/** Clicks what the selector finds in the element. */
export async function press(page: Page, tag: string, selector: string): Promise<void> {
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

/** Léa is live, and Sophie listens to her. */
export async function listening(
  browser: Browser,
  system: Pick<System, 'pageOf'>,
  problems: string[],
): Promise<{ commercial: Page; admin: Page }> {
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
  return { commercial, admin };
}
