/**
 * Sealed streams in Firefox, and between it and Chromium, run inside a network namespace as trial.ts is. Arguments: the address that relay and
 * browsers share, and Firefox. Prints one JSON object, the findings.
 */
import type { Page } from 'puppeteer-core';
import { launchBrowser } from '../../harness/browser.ts';
import { bestMatch, loudness } from '../../harness/correlate.ts';
import { karim, lea, nadia, sophie } from '../../harness/people.ts';
import { AdminPage, CommercialPage } from '../../harness/person-page.ts';
import { setKeys, withKeys } from '../../harness/sealed-pages.ts';
import { System } from '../../harness/system.ts';
import { READING_FILE, reading } from '../../harness/voices.ts';
import { waitUntil } from '../../harness/wait.ts';
import type { Sound } from '../../harness/wav.ts';
import type { SealedFindings } from './findings.ts';
import { BUTTON, openPage, PANEL, press, readReceived, waitForState } from './firefox-pages.ts';
import { launchFirefox } from './launch-firefox.ts';

const [address, firefox] = process.argv.slice(2);
if (!address || !firefox) throw new Error('Usage: sealed-trial.ts ADDRESS FIREFOX_PROGRAM');

const KEY = { id: 1, name: 'the team’s key' };
const WRONG = { id: 1, name: 'another key of the same number' };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const textOf = (page: Page): Promise<string> =>
  page.evaluate((tag) => {
    const root = document.querySelector(tag)?.shadowRoot;
    return [...(root?.querySelectorAll('[part~=notice], [part~=sealed] summary') ?? [])]
      .map(({ textContent }) => textContent ?? '')
      .join(' ');
  }, PANEL);

/** Energy that is decoded in two seconds. */
async function energyOf(page: Page): Promise<number> {
  const { energy } = await page.evaluate(readReceived);
  await pause(2_000);
  return (await page.evaluate(readReceived)).energy - energy;
}

/** The strongest frequency from 100 to 2,000 Hz. */
function strongest({ rate, samples }: Sound): number {
  const power = (hertz: number): number => {
    let [re, im] = [0, 0];
    samples.forEach((sample, at) => {
      re += sample * Math.cos((2 * Math.PI * hertz * at) / rate);
      im += sample * Math.sin((2 * Math.PI * hertz * at) / rate);
    });
    return re * re + im * im;
  };
  let best = { hertz: 0, power: -1 };
  for (let hertz = 100; hertz <= 2_000; hertz += 10) {
    const found = power(hertz);
    if (found > best.power) best = { hertz, power: found };
  }
  return best.hertz;
}

/** What is decoded, as noise of the same loudness: Firefox without a sound card plays nothing that could be recorded. */
async function envelopeOf(page: Page, ms: number): Promise<Sound> {
  const rate = 8_000;
  const samples: number[] = [];
  let before = await page.evaluate(readReceived);
  for (const until = performance.now() + ms; performance.now() < until; ) {
    await pause(20);
    const now = await page.evaluate(readReceived);
    const seconds = now.seconds - before.seconds;
    if (seconds <= 0) continue;
    const level = Math.sqrt((now.energy - before.energy) / seconds);
    for (let count = Math.round(seconds * rate); count > 0; count -= 1) samples.push(count % 2 ? level : -level);
    before = now;
  }
  return { rate, samples: Float32Array.from(samples) };
}

const hearsRow = (page: Page, id: string): Promise<void> =>
  waitUntil(`a row of ${id}`, () =>
    page.evaluate(
      (tag, person) =>
        Boolean(
          document.querySelector(tag)?.shadowRoot?.querySelector(`[data-status=live] button[data-id="${person}"]`),
        ),
      PANEL,
      id,
    ),
  );

const system = await System.start({ relayEnv: { MEDIA_LISTEN_IPS: address } });
const [browser, chromium] = await Promise.all([
  launchFirefox(firefox, { 'intl.accept_languages': 'fr-FR, fr' }),
  launchBrowser({ microphone: READING_FILE }),
]);
try {
  const problems: string[] = [];
  const commercial = await openPage(browser, system.pageOf(lea), problems, withKeys([KEY]));
  await waitForState(commercial, BUTTON, 'ready');
  await press(commercial, BUTTON, '[part~=button]');
  await waitForState(commercial, BUTTON, 'live');

  const admin = await openPage(browser, system.pageOf(sophie), problems, withKeys([WRONG]));
  await hearsRow(admin, lea.id);
  await press(admin, PANEL, `button[data-id="${lea.id}"]`);
  await waitForState(admin, PANEL, 'listening');
  // The title comes at once, the words of a failure that is rare are loaded then.
  await waitUntil('words', async () => /clé/.test(await textOf(admin)), 30_000);
  const words = await textOf(admin);
  const withWrongKey = await energyOf(admin);
  await setKeys(admin, [KEY]);
  await waitUntil('the lock', async () => /bout en bout/.test(await textOf(admin)), 30_000);
  const withRightKey = await energyOf(admin);
  const lock = await textOf(admin);

  const desk = await AdminPage.open(chromium, system, nadia, withKeys([KEY]));
  await desk.hear(lea);
  const played = await desk.probe.record(1_000);
  const tone = strongest(played);

  // While the pointer is in the list nobody comes into it.
  await admin.mouse.move(1, 1);
  const phone = await CommercialPage.open(chromium, system, karim, withKeys([KEY]));
  await phone.goLive();
  await hearsRow(admin, karim.id);
  await press(admin, PANEL, `button[data-id="${karim.id}"]`);
  await waitUntil('the other voice', async () => (await energyOf(admin)) > 0, 30_000);
  const voice = bestMatch(await envelopeOf(admin, 8_000), reading()).peak;

  const version = await browser.version();
  const findings: SealedFindings = {
    version,
    withWrongKey,
    words,
    withRightKey,
    lock,
    tone,
    loudness: loudness(played),
    voice,
    problems: [...problems, ...desk.problems, ...phone.problems],
  };
  process.stdout.write(`${JSON.stringify(findings)}\n`);
} finally {
  await Promise.all([browser.close(), chromium.close()]);
  await system.close();
}
