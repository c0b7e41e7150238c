/** Streams that are sealed from end to end: the same voice is heard, and by nobody without the key. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { assertHears, assertHearsNothing } from '../harness/hears.ts';
import { lea, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { setKeys, type TestKey, withKeys } from '../harness/sealed-pages.ts';
import { System } from '../harness/system.ts';
import { READING_FILE, reading } from '../harness/voices.ts';

const voice = reading();
const KEY: TestKey = { id: 1, name: 'the team’s key' };
const WRONG: TestKey = { id: 1, name: 'another key of the same number' };
const NEXT: TestKey = { id: 2, name: 'the next key' };
const QUICK = { useAfterMs: 1_000, dropAfterMs: 2_000 };

describe('a stream that is sealed from end to end', { timeout: 180_000 }, () => {
  let system: System;
  let phone: Browser;
  let desk: Browser;
  let commercial: CommercialPage;
  let admin: AdminPage;

  before(async () => {
    system = await System.start();
    [phone, desk] = await Promise.all([launchBrowser({ microphone: READING_FILE }), launchBrowser()]);
  });
  after(async () => {
    await Promise.all([phone?.close(), desk?.close()]);
    await system?.close();
  });
  const open = async (commercialKeys: readonly TestKey[], adminKeys: readonly TestKey[]): Promise<void> => {
    [commercial, admin] = await Promise.all([
      CommercialPage.open(phone, system, lea, withKeys(commercialKeys)),
      AdminPage.open(desk, system, sophie, withKeys(adminKeys)),
    ]);
  };
  afterEach(async () => {
    await Promise.all([commercial.close(), admin.close()]);
  });

  test('the voice is heard, a lock on both sides says so; after a pause, and rotated without a gap, it goes on', async () => {
    await open([KEY], [KEY]);
    await commercial.goLive();
    await commercial.waitForText('Chiffré de bout en bout');
    await admin.hear(lea);
    await assertHears(admin, voice);
    await admin.waitForText('Chiffré de bout en bout');

    const since = await admin.probe.now();
    await Promise.all([setKeys(commercial.page, [NEXT, KEY], QUICK), setKeys(admin.page, [NEXT, KEY], QUICK)]);
    await sleep(2_000);
    await Promise.all([setKeys(commercial.page, [NEXT], QUICK), setKeys(admin.page, [NEXT], QUICK)]);
    await assertHears(admin, voice);
    const gap = await admin.probe.longestSilence(since);
    assert.ok(gap < 1_500, `silent for ${gap} ms: the reading's own pauses are shorter`);
    // Whoever has the older key alone, as somebody who left the team, hears nothing any more.
    await setKeys(admin.page, [KEY], { dropAfterMs: 0 });
    await admin.probe.waitForSilence();
    await assertHearsNothing(admin);
    await admin.waitForText('n’a pas la clé');
    assert.deepEqual([...commercial.problems], []);
  });

  test('the wrong key: silence and words; the right one later: the voice', async () => {
    await open([KEY], [WRONG]);
    await commercial.goLive();
    await admin.toggleHeadphones(lea);
    await admin.waitForText('une autre clé');
    await assertHearsNothing(admin);
    await setKeys(admin.page, [KEY]);
    await admin.probe.waitForSound();
    await assertHears(admin, voice);
  });
});
