/** Whispers that the policy lets others who listen hear: a second admin hears one once the page of who speaks names them, sealed or not, and no longer than that policy holds. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { assertHears, peakOf, SAME_VOICE } from '../harness/hears.ts';
import { lea, nadia, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage, type Prepare } from '../harness/person-page.ts';
import { PolicySystem } from '../harness/policy-system.ts';
import { isSilent } from '../harness/probe.ts';
import { type TestKey, withKeys } from '../harness/sealed-pages.ts';
import { READING_FILE, reading, secondVoice } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';
import { holdToSpeak, toggleEarpiece } from '../harness/whisper-pages.ts';

const OPEN = { whisper: { heardByListeners: true } };
const KEY: TestKey = { id: 1, name: 'the team’s key' };
const voice = reading();

describe('a whisper that others may hear', { timeout: 180_000 }, () => {
  let place: PolicySystem;
  let phone: Browser;
  let desk: Browser;
  let commercial: CommercialPage;
  /** Speaks. */
  let admin: AdminPage;
  /** Listens. */
  let other: AdminPage;

  before(async () => {
    place = await PolicySystem.start(OPEN);
    [phone, desk] = await Promise.all([
      launchBrowser({ microphone: place.system.secondVoiceFile }),
      launchBrowser({ microphone: READING_FILE }),
    ]);
  });
  after(async () => {
    await Promise.all([phone?.close(), desk?.close()]);
    await place?.close();
  });
  afterEach(() => Promise.all([commercial?.close(), admin?.close(), other?.close()]));

  /** Two admins hear Léa, who wears an earpiece. */
  async function open(prepare?: Prepare): Promise<void> {
    const { system } = place;
    [commercial, admin, other] = await Promise.all([
      CommercialPage.open(phone, system, lea, prepare),
      AdminPage.open(desk, system, sophie, prepare),
      AdminPage.open(desk, system, nadia, prepare),
    ]);
    await commercial.goLive();
    await admin.hear(lea);
    await other.hear(lea);
    await toggleEarpiece(commercial);
  }

  const overhears = async (): Promise<void> => {
    await holdToSpeak(admin);
    await commercial.waitForText(`${sophie.name} vous parle`);
    await admin.waitForText(`Vous entendent aussi`);
    assert.match(await admin.text(), new RegExp(nadia.name));
    await other.waitForText('Vous l’entendez.');
  };
  /** What comes newest is what is whispered. */
  const match = ({ probe }: AdminPage | CommercialPage): Promise<number> => peakOf(probe, voice, 2);

  test('is heard by a second admin beside the commercial, whom the page of who speaks names; afterwards there is silence', async () => {
    await open();
    await admin.waitForText('d’autres qui écoutent le peuvent aussi');
    await overhears();
    const [ear, overheard] = await Promise.all([match(commercial), match(other)]);
    assert.ok(ear >= SAME_VOICE, `the ear hears it by ${ear.toFixed(3)}`);
    assert.ok(overheard >= SAME_VOICE, `the second admin hears it by ${overheard.toFixed(3)}`);
    assert.ok((await other.probe.volume()) > 0, 'it is played');
    assert.equal(await other.probe.voices(1_000), 2, 'and the commercial beside it');
    await admin.page.mouse.up();
    await other.probe.waitForSilence();
    const ended = await waitForEnd();
    assert.deepEqual(ended?.heardBy, [nadia.id]);
    assert.deepEqual([...commercial.problems, ...admin.problems, ...other.problems], []);
  });

  test('where it is sealed too', async () => {
    await open(withKeys([KEY]));
    await overhears();
    const overheard = await match(other);
    assert.ok(overheard >= SAME_VOICE, `the second admin hears it by ${overheard.toFixed(3)}`);
    await admin.page.mouse.up();
    await other.probe.waitForSilence();
  });

  test('is not heard any more as soon as the policy says no, and goes on for the commercial; the next is heard by nobody else', async () => {
    await open();
    await overhears();
    await other.probe.waitForSound();
    await place.change({ whisper: true });
    await other.waitForText('Vous ne l’entendez pas');
    // What was on its way when the relay passed on nothing more is still played.
    await other.probe.waitForSilence();
    assert.ok(isSilent(await other.probe.record(2_000)), 'it is heard on');
    assert.match(await admin.text(), new RegExp(`${lea.name} vous entend`));
    assert.doesNotMatch(await admin.text(), /Vous entendent aussi/);
    await admin.page.mouse.up();
    await other.close();
    other = await AdminPage.open(desk, place.system, nadia);
    await other.hear(lea);
    await holdToSpeak(admin);
    await commercial.waitForText(`${sophie.name} vous parle`);
    await other.waitForText(`${sophie.name} parle à ${lea.name}`);
    await assertHears(other, secondVoice(), voice);
    assert.equal(await other.probe.voices(1_000), 1, 'the commercial alone');
    await admin.page.mouse.up();
  });

  async function waitForEnd() {
    let ended: Readonly<Record<string, unknown>> | undefined;
    await waitUntil('an end in the audit trail', async () => {
      ended = (await place.trail()).findLast(({ event }) => event === 'whisper_ended');
      return ended !== undefined;
    });
    return ended;
  }
});
