/** The policy's text among reloads, second tabs, another language, and a relay that starts anew. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { lea } from '../harness/people.ts';
import { CommercialPage } from '../harness/person-page.ts';
import { PolicySystem, press, shown } from '../harness/policy-system.ts';
import { READING_FILE } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';

const text = (version: string) => ({ version, text: { fr: `Texte ${version}.`, en: `Text ${version}.` } });

describe('a policy among upsets', { timeout: 120_000 }, () => {
  let rig: PolicySystem;
  let phone: Browser;
  let commercial: CommercialPage;

  before(async () => {
    rig = await PolicySystem.start({ consent: text('a') });
    phone = await launchBrowser({ microphone: READING_FILE });
    commercial = await CommercialPage.open(phone, rig.system, lea);
  });
  after(async () => {
    await phone?.close();
    await rig?.close();
    if (rig) rmSync(rig.folder, { recursive: true, force: true });
  });
  beforeEach(() => sleep(900));

  const gone = (page: CommercialPage) =>
    waitUntil('no dialog', async () => {
      return (await page.page.$('prospect-stream-button >>> dialog[open]')) === null;
    });

  test('with the text open: a reload asks again, another tab’s answer counts here too, another language is shown', async () => {
    await commercial.waitForState('ready');
    await commercial.pressButton();
    await shown(commercial, 'consent');
    await commercial.page.reload();
    await commercial.waitForState('ready');
    await commercial.waitForText('Un texte à lire');
    await commercial.pressButton();
    await shown(commercial, 'consent');
    await commercial.page.evaluate(() => document.querySelector('prospect-stream-button')?.setAttribute('lang', 'en'));
    await waitUntil('English', async () => /Text a\..*I have read this/.test(await shown(commercial, 'consent')));
    await commercial.page.evaluate(() => document.querySelector('prospect-stream-button')?.removeAttribute('lang'));
    const other = await CommercialPage.open(phone, rig.system, lea);
    try {
      await other.waitForState('ready');
      await other.pressButton();
      await press(other, 'consent-accept');
      await other.waitForState('live');
      await gone(commercial);
      assert.equal(await commercial.state(), 'ready');
      await commercial.waitForText('autre appareil');
      await other.stop();
    } finally {
      await other.close();
    }
  });

  test('the text is answered while the relay is away; it is another relay that comes back', async () => {
    await rig.change({ consent: text('b') });
    await commercial.waitForText('Un texte à lire');
    await commercial.pressButton();
    await shown(commercial, 'consent');
    await rig.system.restartRelay(async () => {
      await press(commercial, 'consent-accept');
      await sleep(300);
    });
    await commercial.waitForState('live', 30_000);
    const given = (await rig.trail()).flatMap((entry) => (entry.event === 'consent_given' ? [entry.version] : []));
    assert.deepEqual(given, ['a', 'b']);
  });
});
