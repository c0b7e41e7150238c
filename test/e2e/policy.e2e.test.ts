/** The relay's policy as people meet it: asked, told, warned and ended, and what of it stands in the audit trail. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { lea, nadia, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { countSigns, PolicySystem, press, shown } from '../harness/policy-system.ts';
import { READING_FILE } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';

const RELAY = fileURLToPath(new URL('../../relay/main.ts', import.meta.url));
const CONSENT = { version: 'v1', text: { fr: 'Un responsable peut vous écouter.' } };
const PURPOSES = [
  { id: 'training', label: { fr: 'Formation' } },
  { id: 'help', label: { fr: 'Aide' } },
];
const DAYS = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['00:00-24:00']]));
/** Where it is day now: no midnight begins another day's time in the midst of it. */
const HOURS = { timeZone: new Date().getUTCHours() < 12 ? 'Asia/Tokyo' : 'America/New_York', days: DAYS };
const RULES = { consent: CONSENT, purposes: PURPOSES, hours: HOURS };
/** Of the minute that Nadia may hear Léa on a day. */
const EARLIER = { commercial: lea, admin: nadia, ms: 55_000 };

/** Nobody is heard on any of these days, whatever the clock shows meanwhile. */
function closedNow() {
  const days = [-1, 0, 1].map((day) => new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10));
  return { timeZone: 'UTC', days: DAYS, closed: days };
}

describe('a policy, over a real relay', { timeout: 120_000 }, () => {
  let rig: PolicySystem;
  let phone: Browser;
  let desk: Browser;
  let commercial: CommercialPage;
  let admin: AdminPage;

  before(async () => {
    rig = await PolicySystem.start(RULES, [EARLIER]);
    [phone, desk] = await Promise.all([launchBrowser({ microphone: READING_FILE }), launchBrowser()]);
    [commercial, admin] = await Promise.all([
      CommercialPage.open(phone, rig.system, lea, countSigns),
      AdminPage.open(desk, rig.system, sophie),
    ]);
  });
  after(async () => {
    await Promise.all([phone?.close(), desk?.close()]);
    await rig?.close();
  });

  /** What the phone has done so far when somebody began to listen. */
  const signs = () => commercial.page.evaluate(() => Reflect.get(globalThis, 'signs') as object);
  const title = () => commercial.page.$eval('prospect-stream-button >>> [part=title]', (part) => part.textContent);
  const titled = (wanted: string) => waitUntil(`title ${wanted}`, async () => (await title()) === wanted);

  test('the text is read before the first stream; who puts it off is not live', async () => {
    await commercial.waitForState('ready');
    await titled('Un texte à lire d’abord');
    await commercial.pressButton();
    assert.match(await shown(commercial, 'consent'), /Un responsable peut vous écouter\. Version .?v1/);
    await press(commercial, 'consent-later');
    assert.equal(await commercial.state(), 'ready');
    await commercial.pressButton();
    await press(commercial, 'consent-accept');
    await commercial.waitForState('live');
    assert.deepEqual(
      (await rig.trail()).flatMap((entry) => (entry.event === 'consent_given' ? [entry.version] : [])),
      ['v1'],
    );
    assert.equal((await rig.trail()).filter(({ event }) => event === 'stream_started').length, 1);
  });

  test('the admin says why; the phone shows it and gives a sign; the trail has it, also for who asks who heard them', async () => {
    await admin.toggleHeadphones(lea);
    await shown(admin, 'purpose');
    const hearings = async () =>
      (await rig.trail(sophie)).flatMap((entry) => (entry.event === 'hearing_began' ? [entry.purpose] : []));
    assert.deepEqual(await hearings(), []);
    await (await admin.page.waitForSelector('prospect-listen-panel >>> input[value=help]'))?.click();
    await press(admin, 'purpose-listen');
    await admin.waitForState('listening');
    await admin.probe.waitForSound();
    await commercial.waitForText(/Sophie Bernard.? \(.?Aide.?\) vous écoute/);
    await admin.waitForText(/Motif : .?Aide/);
    await waitUntil('the signs', async () => JSON.stringify(await signs()) === '{"touches":1,"tones":1}');
    assert.deepEqual(await hearings(), ['help']);
    const began = (await rig.trail(lea)).findLast(({ event }) => event === 'hearing_began');
    assert.deepEqual([began?.admin, began?.purpose], [sophie.id, 'help']);
    const told = ['audit', 'who-heard', lea.id, '--dir', rig.auditDir];
    const { stdout } = await promisify(execFile)(process.execPath, [RELAY, ...told]);
    assert.match(stdout, /sophie-bernard/);
    assert.match(stdout, /help/);
  });

  test('“They mind” is a pause with its reason, and only the commercial goes on', async () => {
    await press(commercial, 'card');
    await press(commercial, 'door-mind');
    await commercial.waitForState('paused');
    await admin.probe.waitForSilence();
    await commercial.page.evaluate(() => document.querySelector('prospect-stream-button')?.resume());
    assert.equal(await commercial.state(), 'paused');
    await press(commercial, 'door-go-on');
    await commercial.waitForState('live');
    await admin.probe.waitForSound();
    assert.deepEqual(
      (await rig.trail()).flatMap((entry) => (entry.event === 'stream_paused' ? [[entry.paused, entry.reason]] : [])),
      [
        [true, 'objection'],
        [false, 'asked'],
      ],
    );
  });

  test('the time of a day warns, and its end is said on both sides and in the row; no sign is given where none is wanted', async () => {
    await admin.toggleHeadphones(lea);
    await waitUntil('nobody listens', async () => (await admin.state()) === 'ready');
    const before = await signs();
    const limits = { oneAdminPerDay: '1m', warnBefore: '1m' };
    await rig.change({ ...RULES, purposes: [], limits, notice: { tone: false, vibration: false, card: true } });
    const boss = await AdminPage.open(desk, rig.system, nadia);
    try {
      await boss.hear(lea);
      await Promise.all([
        commercial.waitForText(/Nadia Roux.? peut écouter jusqu’à/),
        boss.waitForText(/Se termine à .*Vous, aujourd’hui/),
      ]);
      await Promise.all([
        commercial.waitForText(/Nadia Roux.? n’écoute plus \(le temps prévu pour aujourd’hui est épuisé\)/),
        boss.waitForText(/Écoute impossible jusqu’à .* \(le temps prévu pour aujourd’hui est épuisé\)/),
        boss.probe.waitForSilence(),
      ]);
      assert.deepEqual([await commercial.state(), await boss.state()], ['live', 'ready']);
      assert.deepEqual(await signs(), before);
      const ended = (await rig.trail()).findLast(({ event }) => event === 'hearing_ended');
      assert.deepEqual([ended?.admin, ended?.cause], [nadia.id, 'policy_time_used']);
    } finally {
      await boss.close();
    }
  });

  test('another version of the text ends the stream, and is read anew', async () => {
    await rig.change({ ...RULES, consent: { version: 'v2', text: { fr: 'Deux responsables peuvent vous écouter.' } } });
    await commercial.waitForState('ready');
    await titled('Un texte à lire d’abord');
    // Right after the end a press may be meant for the stream.
    await sleep(900);
    await commercial.pressButton();
    assert.match(await shown(commercial, 'consent'), /a changé .*Deux responsables/);
    await press(commercial, 'consent-accept');
    await commercial.waitForState('live');
    const given = (await rig.trail(lea)).flatMap((entry) => (entry.event === 'consent_given' ? [entry.version] : []));
    assert.deepEqual(given, ['v1', 'v2']);
  });

  test('outside the hours the stream ends and says why; the row says so in words, and by keys', async () => {
    await rig.change({ hours: closedNow() });
    await commercial.waitForState('ready');
    await titled('Hors des heures de travail');
    await admin.waitForText(/Écoute impossible .*\(.?hors des heures de travail/);
    const headphones = `prospect-listen-panel >>> .listen[data-id="${lea.id}"]`;
    assert.equal(await admin.page.$eval(headphones, (button) => button.getAttribute('aria-disabled')), 'true');
    const focused = (name: string) =>
      admin.page.evaluate((id) => {
        const root = document.querySelector('prospect-listen-panel')?.shadowRoot;
        return root?.activeElement?.closest('.row')?.querySelector(`[data-id="${id}"]`) != null;
      }, name);
    for (let tabs = 0; tabs < 30 && !(await focused(lea.id)); tabs++) await admin.page.keyboard.press('Tab');
    assert.ok(await focused(lea.id), 'the row is reached by keys');
    await admin.page.keyboard.press('Enter');
    await admin.waitForText(/Léa Martin.? ?: Écoute impossible/);
    assert.notEqual(await admin.state(), 'listening');
    const ended = (await rig.trail()).findLast((entry) => entry.event === 'stream_ended');
    assert.equal(ended?.cause, 'policy_hours');
    await rig.change({});
    await commercial.goLive();
    await admin.hear(lea);
    assert.deepEqual([...commercial.problems, ...admin.problems], []);
  });
});
