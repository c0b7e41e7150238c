/** Whispers where the stream is sealed from end to end: into the ear, and readable by nobody on the way. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { mintToken } from '../../demo/server/tokens.ts';
import { launchBrowser } from '../harness/browser.ts';
import { bestMatch } from '../harness/correlate.ts';
import { assertHears, OTHER_VOICE, peakOf, SAME_VOICE } from '../harness/hears.ts';
import { lea, nadia, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { PolicySystem } from '../harness/policy-system.ts';
import { isSilent } from '../harness/probe.ts';
import { EarTap, whisperUnsealed } from '../harness/relay/ear-tap.ts';
import { decodeOpus } from '../harness/relay/packet-tap.ts';
import { setKeys, type TestKey, withKeys } from '../harness/sealed-pages.ts';
import { READING_FILE, reading, secondVoice } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';
import { holdToSpeak, toggleEarpiece } from '../harness/whisper-pages.ts';

const voice = reading();
const KEY: TestKey = { id: 1, name: 'the team’s key' };
const WRONG: TestKey = { id: 1, name: 'another key of the same number' };
/** 6 s of speech. */
const ENOUGH_PACKETS = 300;

describe('a whisper where the stream is sealed', { timeout: 180_000 }, () => {
  let rig: PolicySystem;
  let phone: Browser;
  let desk: Browser;
  const pages: { close(): Promise<void> }[] = [];

  before(async () => {
    rig = await PolicySystem.start({ whisper: true });
    [phone, desk] = await Promise.all([
      launchBrowser({ microphone: rig.system.secondVoiceFile }),
      launchBrowser({ microphone: READING_FILE }),
    ]);
  });
  after(async () => {
    await Promise.all([phone?.close(), desk?.close()]);
    await rig?.close();
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
  });

  async function open(commercialKeys: readonly TestKey[], adminKeys: readonly TestKey[]) {
    const [commercial, admin] = await Promise.all([
      CommercialPage.open(phone, rig.system, lea, withKeys(commercialKeys)),
      AdminPage.open(desk, rig.system, sophie, withKeys(adminKeys)),
    ]);
    pages.push(commercial, admin);
    await commercial.goLive();
    await toggleEarpiece(commercial);
    return { commercial, admin };
  }

  test('is heard in the ear, beside a stream that is heard on; with keys that do not fit any more it ends, and both read why', async () => {
    const { commercial, admin } = await open([KEY], [KEY]);
    await admin.hear(lea);
    await admin.waitForText('les messages ne le sont pas');
    await holdToSpeak(admin);
    await commercial.waitForText(`${sophie.name} vous parle`);
    await admin.waitForText(`${lea.name} vous entend`);
    const ear = await peakOf(commercial.probe, voice, 2);
    assert.ok(ear >= SAME_VOICE, `the ear hears the whisper by ${ear.toFixed(3)}`);
    await assertHears(admin, secondVoice(), voice);
    await setKeys(commercial.page, [], { dropAfterMs: 0 });
    await commercial.waitForText('sans que vous puissiez l’entendre');
    await admin.waitForText(/ne pouvait pas vous entendre|vous n’entendez plus/);
    await commercial.probe.waitForSilence();
    await admin.page.mouse.up();
    assert.deepEqual([...commercial.problems, ...admin.problems], []);
  });

  test('by an admin with another key is not begun: silence in the ear, and words', async () => {
    const { commercial, admin } = await open([KEY], [WRONG]);
    await admin.toggleHeadphones(lea);
    await admin.waitForText('une autre clé');
    await holdToSpeak(admin);
    await admin.waitForText(`cette page a une autre clé que ${lea.name}`);
    assert.ok(isSilent(await commercial.probe.record(2_000)), 'something is heard');
    await admin.page.mouse.up();
  });

  test('passes the relay as what is no speech, and opened with the team’s key is what was said; one that is not sealed is refused there', async () => {
    const tap = await EarTap.start({
      relayUrl: rig.system.relayUrl,
      token: mintToken(lea, rig.system.tokens),
      commercialId: lea.id,
      key: KEY,
    });
    pages.push(tap);
    const admin = await AdminPage.open(desk, rig.system, sophie, withKeys([KEY]));
    pages.push(admin);
    // Silence, sealed.
    await admin.toggleHeadphones(lea);
    await admin.waitForText('Chiffré de bout en bout');
    assert.equal(
      await whisperUnsealed(rig.system.relayUrl, mintToken(nadia, rig.system.tokens), lea.id),
      'e2ee_required',
    );
    await holdToSpeak(admin);
    await waitUntil('enough packets', async () => tap.payloads.length > ENOUGH_PACKETS, 20_000);
    await admin.page.mouse.up();
    // A decoder refuses most of what is no Opus: what is left may be too little to be compared.
    const match = async (payloads: readonly Buffer[]): Promise<number> => {
      const sound = await decodeOpus(admin.page, payloads);
      return sound.samples.length > 4 * sound.rate ? bestMatch(sound, voice).peak : 0;
    };
    const [sealed, opened] = [await match(tap.payloads), await match(await tap.opened())];
    assert.ok(sealed < OTHER_VOICE && opened > SAME_VOICE, `sealed ${sealed}, opened ${opened}`);
    assert.equal(tap.began.length, 1);
  });
});
