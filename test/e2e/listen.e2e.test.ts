/** The main job: one commercial, one admin, through the demo's own pages and visible controls. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { assertHears, assertHearsNothing } from '../harness/hears.ts';
import { lea, nadia, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { System } from '../harness/system.ts';
import { READING_FILE, reading } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';

const voice = reading();
/** Longer than the relay's linger of 3 s after the last listener. */
const AFTER_LINGER_MS = 4500;
/** Consent checks (RFC 7675) and reports in 3 s; three seconds of speech would be more than 10,000. */
const KEEP_ALIVE_BYTES = 1500;

describe('a commercial is heard live', { timeout: 180_000 }, () => {
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
  beforeEach(async () => {
    [commercial, admin] = await Promise.all([
      CommercialPage.open(phone, system, lea),
      AdminPage.open(desk, system, sophie),
    ]);
  });
  afterEach(async () => {
    const problems = [...commercial.problems, ...admin.problems];
    await Promise.all([commercial.close(), admin.close()]);
    await waitUntil(
      'a relay without streams and listeners',
      async () => {
        const { active_commercials, total_listeners } = await system.status();
        return active_commercials === 0 && total_listeners === 0;
      },
      60_000,
    );
    assert.deepEqual(problems, []);
  });

  test('blue button, headphones, voice; silence after stop; the voice again after start', async () => {
    await commercial.goLive();
    await admin.hear(lea);
    await assertHears(admin, voice);
    const { active_commercials, total_listeners } = await system.status();
    assert.deepEqual([active_commercials, total_listeners], [1, 1]);

    await commercial.stop();
    await admin.waitForState('waiting');
    await admin.probe.waitForSilence();
    await assertHearsNothing(admin);
    assert.equal(await commercial.probe.openMicrophones(), 0, 'the microphone is still open after stop');

    await commercial.goLive();
    await admin.waitForState('listening');
    await admin.probe.waitForSound();
    await assertHears(admin, voice);
  });

  test('an admin who waits hears the voice as soon as there is one', async () => {
    await commercial.waitForState('ready');
    await admin.toggleHeadphones(lea);
    await admin.waitForState('waiting');
    await assertHearsNothing(admin, 1000);
    await commercial.goLive();
    await admin.waitForState('listening');
    await admin.probe.waitForSound();
    await assertHears(admin, voice);
  });

  test('the commercial sees who listens, and when they leave', async () => {
    await commercial.goLive();
    await commercial.waitForText('Personne n’écoute');
    await admin.hear(lea);
    await commercial.waitForText(`${sophie.name} vous écoute`);
    const second = await AdminPage.open(desk, system, nadia);
    await second.hear(lea);
    await commercial.waitForText(/(Sophie Bernard.*Nadia Roux|Nadia Roux.*Sophie Bernard) vous écoutent/);
    await second.close();
    await commercial.waitForText(`${sophie.name} vous écoute`);
    await admin.toggleHeadphones(lea);
    await commercial.waitForText('Personne n’écoute');
  });

  test('nothing leaves the phone while nobody listens', async () => {
    await commercial.goLive();
    await sleep(AFTER_LINGER_MS);
    const before = await commercial.probe.sent();
    const inAll = await commercial.probe.sentInAll();
    await sleep(3000);
    assert.deepEqual(await commercial.probe.sent(), before, 'sound was sent with no listener');
    const growth = (await commercial.probe.sentInAll()) - inAll;
    assert.ok(growth < KEEP_ALIVE_BYTES, `${growth} bytes left the phone in 3 s`);

    await admin.hear(lea);
    const heard = await commercial.probe.sent();
    assert.ok(heard.bytes > before.bytes, 'nothing was sent to the listener');

    await admin.toggleHeadphones(lea);
    await admin.waitForState('ready');
    await sleep(AFTER_LINGER_MS);
    const left = await commercial.probe.sent();
    await sleep(3000);
    assert.deepEqual(await commercial.probe.sent(), left, 'sound was sent after the last listener left');
    assert.equal(await commercial.state(), 'live');

    await admin.hear(lea);
    await assertHears(admin, voice);
  });

  test('leaving the element or the page lets go of the microphone and ends the stream', async () => {
    await commercial.goLive();
    assert.equal(await commercial.probe.openMicrophones(), 1);
    await commercial.page.evaluate(() => document.querySelector('prospect-stream-button')?.remove());
    await waitUntil('a released microphone', async () => (await commercial.probe.openMicrophones()) === 0);
    await waitUntil('closed connections', async () => (await commercial.probe.openPeers()) === 0);
    await waitUntil('an ended stream', async () => (await system.status()).active_commercials === 0);

    await admin.toggleHeadphones(lea);
    await admin.page.evaluate(() => document.querySelector('prospect-listen-panel')?.remove());
    await waitUntil('closed connections', async () => (await admin.probe.openPeers()) === 0);
    await waitUntil('no listener', async () => (await system.status()).total_listeners === 0);
  });
});
