/**
 * A whisper in Firefox, from press to ear, run inside a network namespace as trial.ts is. Arguments: the address that relay and browser share,
 * and Firefox. Prints one JSON object, the findings.
 */
import type { Page } from 'puppeteer-core';
import { PolicySystem } from '../../harness/policy-system.ts';
import { waitUntil } from '../../harness/wait.ts';
import type { WhisperFindings } from './findings.ts';
import { BUTTON, listening, PANEL, readReceived } from './firefox-pages.ts';
import { launchFirefox } from './launch-firefox.ts';

const [address, firefox] = process.argv.slice(2);
if (!address || !firefox) throw new Error('Usage: whisper-trial.ts ADDRESS FIREFOX_PROGRAM');

/** The control is there, and may be used. */
const usable = (page: Page, tag: string, part: string): Promise<boolean> =>
  page.evaluate(
    (name, selector) => {
      const control = document.querySelector(name)?.shadowRoot?.querySelector(selector);
      return control ? control.getAttribute('aria-disabled') !== 'true' : false;
    },
    tag,
    `[part~=${part}]`,
  );
/** As a screen reader clicks: what is held by a pointer begins with one click, and ends with another. */
const click = (page: Page, tag: string, part: string): Promise<void> =>
  page.evaluate(
    (name, selector) => {
      const control = document.querySelector(name)?.shadowRoot?.querySelector(selector);
      if (control instanceof HTMLElement) control.click();
    },
    tag,
    `[part~=${part}]`,
  );
const textOf = (page: Page, tag: string): Promise<string> =>
  page.evaluate((name) => document.querySelector(name)?.shadowRoot?.textContent?.replace(/\s+/g, ' ') ?? '', tag);

const rig = await PolicySystem.start({ whisper: true }, [], { relayEnv: { MEDIA_LISTEN_IPS: address } });
const { system } = rig;
const browser = await launchFirefox(firefox, { 'intl.accept_languages': 'fr-FR, fr' });
try {
  const problems: string[] = [];
  const { commercial, admin } = await listening(browser, system, problems);

  await waitUntil('the switch of the earpiece', () => usable(commercial, BUTTON, 'earpiece'));
  await click(commercial, BUTTON, 'earpiece');
  await waitUntil('a button to speak with', () => usable(admin, PANEL, 'whisper-hold'), 30_000);
  const before = await commercial.evaluate(readReceived);
  await click(admin, PANEL, 'whisper-hold');
  await waitUntil('the voice in the ear', async () => {
    const now = await commercial.evaluate(readReceived);
    return now.energy > before.energy && now.packets > before.packets + 20;
  });
  const heard = await commercial.evaluate(readReceived);
  const shown = [await textOf(commercial, BUTTON), await textOf(admin, PANEL)];
  await click(admin, PANEL, 'whisper-hold');
  await waitUntil('the end', async () => /ne parle plus/.test(await textOf(commercial, BUTTON)));
  const version = await browser.version();
  const findings: WhisperFindings = { version, before, heard, shown, problems };
  process.stdout.write(`${JSON.stringify(findings)}\n`);
} finally {
  await browser.close();
  await rig.close();
}
