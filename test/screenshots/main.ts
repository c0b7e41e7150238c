/**
 * `npm run screenshots`: the pictures of the README, taken from the real thing. A relay, the demo's pages and Chromium are
 * started; commercials go live, an admin listens; the pictures go to docs/images, light and dark. Then, without a relay, sheets of states
 * in Arabic, with large letters and with forced colours.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';
import { COMMERCIALS } from '../../demo/server/people.ts';
import { launchBrowser } from '../harness/browser.ts';
import { karim, lea, nadia } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { System } from '../harness/system.ts';
import { READING_FILE } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';
import { shootStates } from './states.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));
// Not `isMobile`: changing that would load the page again, and end the stream.
const PHONE = { width: 390, height: 844, deviceScaleFactor: 2 };
const DESKTOP = { width: 1280, height: 800, deviceScaleFactor: 1 };
/** The elapsed times in the pictures say a little more than "0:00". */
const LIVE_FOR_MS = 8000;

mkdirSync(FOLDER, { recursive: true });
const system = await System.start({ relayEnv: { LOG_LEVEL: 'warn' } });
const browser = await launchBrowser({ microphone: READING_FILE });
try {
  const start = await browser.newPage();
  await start.goto(system.url);
  const [first] = await Promise.all(COMMERCIALS.map((person) => CommercialPage.open(browser, system, person)));
  const phone = first ?? (await CommercialPage.open(browser, system, lea));
  const colleague = await CommercialPage.open(browser, system, karim);
  const admin = await AdminPage.open(browser, system, nadia);

  await phone.goLive();
  await colleague.goLive();
  // With two of them come tools above the list, which moves down.
  await admin.waitForText('2 en direct');
  await admin.hear(lea);
  await phone.waitForText(nadia.name);
  await new Promise((done) => setTimeout(done, LIVE_FOR_MS));
  await waitUntil(
    'the live figures',
    async () => {
      const text = await start.$eval('[data-status-text]', (element) => element.textContent ?? '');
      return text.includes('2 directs');
    },
    60_000,
  );

  await shoot(start, 'start', DESKTOP);
  await shoot(phone.page, 'commercial-live', PHONE);
  await shoot(admin.page, 'admin-listening', DESKTOP);
  await shoot(admin.page, 'admin-listening-phone', PHONE);
  await phone.stop();
  await shoot(phone.page, 'commercial-ready', PHONE);
} finally {
  await browser.close();
  await system.close();
}
await shootStates(FOLDER);

async function shoot(page: Page, name: string, viewport: typeof PHONE | typeof DESKTOP): Promise<void> {
  await page.bringToFront();
  await page.setViewport(viewport);
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await new Promise((done) => setTimeout(done, 400));
    await page.screenshot({ path: `${FOLDER}${name}${scheme === 'dark' ? '-dark' : ''}.png` });
  }
  console.log(`docs/images/${name}.png, and dark`);
}
