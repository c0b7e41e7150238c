/** Streams that are sealed from end to end: the same voice is heard, and by nobody without the key. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { mintToken } from '../../demo/server/tokens.ts';
import { launchBrowser } from '../harness/browser.ts';
import { bestMatch } from '../harness/correlate.ts';
import { assertHears, assertHearsNothing, OTHER_VOICE, SAME_VOICE } from '../harness/hears.ts';
import { lea, nadia, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { decodeOpus, PacketTap } from '../harness/relay/packet-tap.ts';
import { setKeys, type TestKey, withKeys } from '../harness/sealed-pages.ts';
import { System } from '../harness/system.ts';
import { READING_FILE, reading } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';

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

    await commercial.page.evaluate(() => document.querySelector('prospect-stream-button')?.pause());
    await admin.probe.waitForSilence();
    await commercial.page.evaluate(() => document.querySelector('prospect-stream-button')?.resume());
    await admin.probe.waitForSound();

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

  test('what passes the relay is no speech, and never the same twice; without keys it is', async () => {
    const heardAtRelay = async (): Promise<readonly Buffer[]> => {
      await commercial.goLive();
      const tap = await PacketTap.start(system.relayUrl, mintToken(nadia, system.tokens), lea.id);
      try {
        await waitUntil('enough packets', async () => tap.payloads.length > 300, 20_000);
        return tap.payloads.slice(0, 300);
      } finally {
        await tap.close();
        await commercial.stop();
      }
    };
    // A decoder refuses most of what is no Opus: what is left may be too little to be compared.
    const match = async (payloads: readonly Buffer[]): Promise<number> => {
      const sound = await decodeOpus(admin.page, payloads);
      return sound.samples.length > 4 * sound.rate ? bestMatch(sound, voice).peak : 0;
    };
    await open([KEY], [KEY]);
    const [first, again] = [await heardAtRelay(), await heardAtRelay()];
    const seen = new Set(first.map((payload) => payload.toString('hex')));
    assert.equal(seen.size, first.length);
    assert.ok(again.every((payload) => !seen.has(payload.toString('hex'))));
    const sealed = await match(first);
    await setKeys(commercial.page, null);
    const clear = await match(await heardAtRelay());
    assert.ok(sealed < OTHER_VOICE && clear > SAME_VOICE, `sealed ${sealed}, in the clear ${clear}`);
  });

  test('the wrong key: silence, and words on both sides; the right one later: the voice', async () => {
    await open([KEY], [WRONG]);
    await commercial.goLive();
    await admin.toggleHeadphones(lea);
    await admin.waitForText('une autre clé');
    const deaf = `${sophie.name} ne peut pas vous entendre`;
    await commercial.waitForText(deaf);
    await assertHearsNothing(admin);
    await setKeys(admin.page, [KEY]);
    await admin.probe.waitForSound();
    await waitUntil('no such words', async () => !(await commercial.text()).includes(deaf));
    await assertHears(admin, voice);
  });
});
