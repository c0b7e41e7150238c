/** A commercial after another, each sealed with a key of their own. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { assertHears } from '../harness/hears.ts';
import { karim, lea, nadia } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { setKeys, type TestKey, withKeys } from '../harness/sealed-pages.ts';
import { System } from '../harness/system.ts';
import { READING_FILE, reading, secondVoice } from '../harness/voices.ts';

const first = reading();
const second = secondVoice(first);
/** Of two teams, which know nothing of each other: their keys have the same number. */
const OF_LEA: TestKey = { id: 1, name: 'the key of one team' };
const OF_KARIM: TestKey = { id: 1, name: 'the key of another team' };

describe('streams that are sealed with different keys', { timeout: 180_000 }, () => {
  let system: System;
  const browsers: Browser[] = [];

  const launch = async (microphone?: string): Promise<Browser> => {
    const browser = await launchBrowser(microphone === undefined ? {} : { microphone });
    browsers.push(browser);
    return browser;
  };
  before(async () => {
    system = await System.start();
  });
  after(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await system?.close();
  });

  test('an admin with both keys goes from one to the other and back: each time the right voice, with a lock', async () => {
    const [ofLea, ofKarim, desk] = await Promise.all([
      launch(READING_FILE).then((browser) => CommercialPage.open(browser, system, lea, withKeys([OF_LEA]))),
      launch(system.secondVoiceFile).then((browser) =>
        CommercialPage.open(browser, system, karim, withKeys([OF_KARIM])),
      ),
      launch(),
    ]);
    const admin = await AdminPage.open(desk, system, nadia, withKeys([OF_LEA, OF_KARIM]));
    await Promise.all([ofLea.goLive(), ofKarim.goLive()]);

    await admin.hear(lea);
    await assertHears(admin, first, second);
    await admin.hear(karim);
    await assertHears(admin, second, first);
    await admin.waitForText('Chiffré de bout en bout');
    await admin.hear(lea);
    await assertHears(admin, first, second);
    await admin.waitForText('Chiffré de bout en bout');

    // Without the one key, the one voice is gone and the other is not.
    await setKeys(admin.page, [OF_KARIM], { dropAfterMs: 0 });
    await admin.probe.waitForSilence();
    await admin.waitForText('une autre clé');
    await admin.hear(karim);
    await assertHears(admin, second, first);
    for (const page of [ofLea, ofKarim, admin]) {
      assert.deepEqual([...page.problems], []);
      await page.close();
    }
  });
});
