/** A sealed stream on a bad network: what is lost is made up for as it is for one in the clear. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { matchOf, SAME_VOICE } from '../harness/hears.ts';
import { freePort } from '../harness/network/free-port.ts';
import { ImpairedLink } from '../harness/network/impaired-link.ts';
import { lea, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { setKeys, type TestKey } from '../harness/sealed-pages.ts';
import { System } from '../harness/system.ts';
import { READING_FILE, reading, secondVoice } from '../harness/voices.ts';

const RELAY = '127.0.0.1';
const LINK = '127.0.0.2';
const LOSS = 0.2;
/** Half of a mobile network's usual round trip: without it, everything lost is sent again before anybody misses it. */
const ONE_WAY_MS = 40;
/** The sender learns of the loss from the receiver's reports, which come every few seconds. */
const LEARNING_MS = 5_000;
/** More of the sealed voice than of the clear one may be missing by this much: the same path never loses the same packets. */
const CHANCE = 0.1;

const voice = reading();
const other = secondVoice(voice);
const KEY: TestKey = { id: 1, name: 'the team’s key' };

describe('a path that loses 20 % of all packets, in both directions', { timeout: 180_000 }, () => {
  let system: System;
  let link: ImpairedLink;
  let browser: Browser;
  let commercial: CommercialPage;
  let admin: AdminPage;
  let chosen = false;

  before(async () => {
    const port = await freePort([RELAY, LINK]);
    link = await ImpairedLink.create({ listen: { host: LINK, port }, target: { host: RELAY, port } });
    system = await System.start({
      relayEnv: { MEDIA_PORT: String(port), MEDIA_WORKERS: '1', ANNOUNCED_ADDRESS: LINK },
    });
    browser = await launchBrowser({ microphone: READING_FILE });
    [commercial, admin] = await Promise.all([
      CommercialPage.open(browser, system, lea),
      AdminPage.open(browser, system, sophie),
    ]);
  });
  after(async () => {
    await browser?.close();
    await system?.close();
    link?.close();
  });

  /** Goes live, is heard over the bad path, and stops. */
  async function lossy() {
    await commercial.goLive();
    // Whoever was heard before is heard again by itself.
    if (!chosen) await admin.toggleHeadphones(lea);
    chosen = true;
    await admin.waitForState('listening');
    await admin.probe.waitForSound();
    const mend = link.impair({ protocol: 'udp', lossRate: LOSS, delayMs: ONE_WAY_MS });
    await sleep(LEARNING_MS);
    const before = await admin.probe.repairs();
    const match = await matchOf(admin, voice, other);
    const now = await admin.probe.repairs();
    const text = await admin.text();
    mend();
    await commercial.stop();
    await admin.probe.waitForSilence();
    return {
      match: match.voice,
      text,
      nacks: now.nacks - before.nacks,
      fec: now.fec - before.fec,
      concealed: (now.concealed - before.concealed) / (now.samples - before.samples),
    };
  }

  test('the voice is as good sealed as in the clear; packets are asked for again, and restored from later ones', async (t) => {
    const clear = await lossy();
    t.diagnostic(`in the clear: ${JSON.stringify({ ...clear, text: undefined })}`);
    assert.doesNotMatch(clear.text, /Chiffré de bout en bout/);
    await Promise.all([setKeys(commercial.page, [KEY]), setKeys(admin.page, [KEY])]);
    const sealed = await lossy();
    t.diagnostic(`sealed: ${JSON.stringify({ ...sealed, text: undefined })}`);
    assert.match(sealed.text, /Chiffré de bout en bout/);
    assert.ok(
      sealed.match >= Math.min(SAME_VOICE, clear.match - CHANCE),
      `match ${sealed.match}, in the clear ${clear.match}`,
    );
    assert.ok(clear.match >= SAME_VOICE - CHANCE, `in the clear ${clear.match}`);
    for (const [name, { nacks, fec }] of Object.entries({ clear, sealed })) {
      assert.ok(nacks > 0, `${name}: no packet was asked for again`);
      assert.ok(fec > 0, `${name}: no packet was restored`);
    }
    assert.deepEqual([...commercial.problems, ...admin.problems], []);
  });
});
