/** Admins whose page vanishes without a goodbye, with the relay's default grace time: the commercial soon sees that they left. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { lea, nadia, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { System } from '../harness/system.ts';
import { READING_FILE } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';

/** A page’s media is taken for lost after 10 s without a word. Well below the grace time, which must play no part in it. */
const GONE_MS = 20_000;

describe('admins whose page vanishes', { timeout: 180_000 }, () => {
  let system: System;
  let phone: Browser;
  let desk: Browser;
  let commercial: CommercialPage;

  before(async () => {
    system = await System.start({ relayEnv: { SESSION_GRACE: '30s' } });
    [phone, desk] = await Promise.all([launchBrowser({ microphone: READING_FILE }), launchBrowser()]);
    commercial = await CommercialPage.open(phone, system, lea);
    await commercial.goLive();
  });
  after(async () => {
    await Promise.all([phone?.close(), desk?.close()]);
    await system?.close();
  });

  /** Waits until this page shows nobody, the relay counts nobody, and no sound leaves the phone. */
  async function waitUntilUnheard(): Promise<void> {
    const nobody = async () => (await commercial.text()).includes('Personne n’écoute');
    await waitUntil('a commercial who sees that nobody listens', nobody, GONE_MS);
    assert.equal((await system.status()).total_listeners, 0);
    const quiet = async () => {
      const before = await commercial.probe.sent();
      await sleep(1000);
      return (await commercial.probe.sent()).packets === before.packets;
    };
    await waitUntil('a phone that sends no sound', quiet);
  }

  test('a closed tab is seen to have left, and a new one is heard of and hears', async () => {
    const admin = await AdminPage.open(desk, system, sophie);
    await admin.hear(lea);
    await commercial.waitForText(`${sophie.name} vous écoute`);
    await admin.page.close({ runBeforeUnload: false });
    await waitUntilUnheard();
    const again = await AdminPage.open(desk, system, sophie);
    await again.hear(lea);
    await commercial.waitForText(`${sophie.name} vous écoute`);
    await again.close();
  });

  test('a browser that is killed is seen to have left', async () => {
    const other = await launchBrowser();
    const admin = await AdminPage.open(other, system, nadia);
    await admin.hear(lea);
    await commercial.waitForText(nadia.name);
    other.process()?.kill('SIGKILL');
    const gone = async () => !(await commercial.text()).includes(nadia.name);
    await waitUntil('a commercial who no longer sees the name', gone, GONE_MS);
    await waitUntilUnheard();
    assert.deepEqual(commercial.problems, []);
  });
});
