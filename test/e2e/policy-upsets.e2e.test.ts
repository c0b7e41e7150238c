/** The policy among reloads, second tabs, another language, changes in the midst of a dialog, and a relay that starts anew. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { lea, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { PolicySystem, press, shown } from '../harness/policy-system.ts';
import { READING_FILE } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';

const text = (version: string) => ({ version, text: { fr: `Texte ${version}.`, en: `Text ${version}.` } });
const TRAINING = { id: 'training', label: { fr: 'Formation' } };
const HELP = { id: 'help', label: { fr: 'Aide' } };

describe('a policy among upsets', { timeout: 120_000 }, () => {
  let rig: PolicySystem;
  let phone: Browser;
  let desk: Browser;
  let commercial: CommercialPage;
  let admin: AdminPage;

  before(async () => {
    rig = await PolicySystem.start({ consent: text('a') });
    [phone, desk] = await Promise.all([launchBrowser({ microphone: READING_FILE }), launchBrowser()]);
    [commercial, admin] = await Promise.all([
      CommercialPage.open(phone, rig.system, lea),
      AdminPage.open(desk, rig.system, sophie),
    ]);
  });
  after(async () => {
    await Promise.all([phone?.close(), desk?.close()]);
    await rig?.close();
  });
  beforeEach(() => sleep(900));

  const gone = (page: CommercialPage | AdminPage) =>
    waitUntil(
      'no dialog',
      async () =>
        (await page.page.$$('prospect-stream-button >>> dialog[open], prospect-listen-panel >>> dialog[open]'))
          .length === 0,
    );

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

  test('the purposes change while the admin is asked, and while somebody is heard', async () => {
    await admin.waitForState('ready', 30_000);
    await rig.change({ consent: text('b'), purposes: [TRAINING] });
    await sleep(300);
    await admin.toggleHeadphones(lea);
    assert.match(await shown(admin, 'purpose'), /Formation/);
    await rig.change({ consent: text('b'), purposes: [HELP] });
    await waitUntil('the new purposes', async () => /Aide/.test(await shown(admin, 'purpose')));
    assert.doesNotMatch(await shown(admin, 'purpose'), /Formation/);
    await (await admin.page.waitForSelector('prospect-listen-panel >>> input[value=help]'))?.click();
    await press(admin, 'purpose-listen');
    await admin.waitForState('listening');
    await commercial.waitForText(/\(.?Aide.?\) vous écoute/);
    await rig.change({ consent: text('b'), purposes: [TRAINING] });
    await commercial.waitForText(/n’écoute plus \(un motif/);
    await admin.waitForText('motif');
    await waitUntil('ready', async () => (await admin.state()) === 'ready');
    await admin.toggleHeadphones(lea);
    await shown(admin, 'purpose');
    await rig.change({ consent: text('b') });
    await gone(admin);
  });

  test('a policy that says nothing any more, and back', async () => {
    await rig.change({ consent: text('c') });
    await commercial.waitForState('ready');
    await sleep(900);
    await commercial.pressButton();
    await shown(commercial, 'consent');
    await rig.change({});
    await gone(commercial);
    await waitUntil('no text', async () => !(await commercial.text()).includes('texte'));
    await commercial.pressButton();
    await commercial.waitForState('live');
    await rig.change({ consent: text('b') });
    await sleep(500);
    assert.equal(await commercial.state(), 'live', 'this text was read');
  });

  test('a reload while somebody minds: nothing is sent, and the next stream is another one', async () => {
    await admin.hear(lea);
    await press(commercial, 'card');
    await press(commercial, 'door-mind');
    await commercial.waitForState('paused');
    await commercial.page.reload();
    await commercial.waitForState('ready');
    await commercial.pressButton();
    await commercial.waitForState('live');
    await admin.probe.waitForSound();
    assert.deepEqual(
      [...commercial.problems, ...admin.problems].filter(
        (line) => !/ERR_CONNECTION|WebSocket|Failed to load/.test(line),
      ),
      [],
    );
  });

  test('a relay that comes back without a policy: an open page asks for nothing any more', async () => {
    await rig.change({ consent: text('d') });
    await commercial.waitForText('Un texte à lire');
    await rig.system.restartRelay(async () => undefined, { POLICY_FILE: '' });
    await waitUntil('no text', async () => !(await commercial.text()).includes('texte'), 30_000);
    await commercial.pressButton();
    await commercial.waitForState('live', 30_000);
  });
});
