/** A commercial after another, each sealed with a key of their own; and silences that are not sent. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { assertHears } from '../harness/hears.ts';
import { karim, lea, nadia, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { setKeys, type TestKey, withKeys } from '../harness/sealed-pages.ts';
import { System } from '../harness/system.ts';
import { READING_FILE, reading, secondVoice, withSilence } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';
import { writeWav } from '../harness/wav.ts';

const first = reading();
const second = secondVoice(first);
/** Of two teams, which know nothing of each other: their keys have the same number. */
const OF_LEA: TestKey = { id: 1, name: 'the key of one team' };
const OF_KARIM: TestKey = { id: 1, name: 'the key of another team' };

describe('streams that are sealed with different keys', { timeout: 180_000 }, () => {
  const halting = join(tmpdir(), `prospect-halting-${process.pid}.wav`);
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
    rmSync(halting, { force: true });
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
    // Who goes live moves up in the list, where no pointer is yet.
    for (const person of [lea, karim]) {
      const isLive = async (): Promise<boolean> => (await admin.rowState(person)) === 'live';
      await waitUntil(`${person.name} live in the list`, isLive, 10_000);
    }

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

  test('a silence is hardly sent, and the voice after it is heard', async () => {
    const halts = withSilence(first, 4, 5);
    writeWav(halting, halts);
    const [phone, desk] = await Promise.all([launch(halting), launch()]);
    const [commercial, admin] = await Promise.all([
      CommercialPage.open(phone, system, lea, withKeys([OF_LEA])),
      AdminPage.open(desk, system, sophie, withKeys([OF_LEA])),
    ]);
    await commercial.goLive();
    await admin.hear(lea);
    // Two whole turns of silence and voice.
    const perHalfSecond: number[] = [];
    let { packets } = await commercial.probe.sent();
    for (const until = performance.now() + 18_000; performance.now() < until; ) {
      await sleep(500);
      const sent = await commercial.probe.sent();
      perHalfSecond.push(sent.packets - packets);
      packets = sent.packets;
    }
    const busiest = Math.max(...perHalfSecond);
    const still = perHalfSecond.filter((count) => count < busiest / 3).length;
    assert.ok(still >= 6, `packets in each half second: ${perHalfSecond.join()}`);
    await assertHears(admin, halts);
    await admin.waitForText('Chiffré de bout en bout');
    assert.deepEqual([...commercial.problems, ...admin.problems], []);
  });
});
