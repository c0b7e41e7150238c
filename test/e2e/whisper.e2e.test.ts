/** Whispers through the demo's pages, a real relay with a policy, and two microphones: who hears what, and what ends it. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { bestMatch } from '../harness/correlate.ts';
import { assertHears, OTHER_VOICE, peakOf, SAME_VOICE } from '../harness/hears.ts';
import { lea, nadia, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { PolicySystem } from '../harness/policy-system.ts';
import { READING_FILE, reading, secondVoice } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';
import { control, holdToSpeak, toggleEarpiece } from '../harness/whisper-pages.ts';

const RECORDING_MS = 6_000;

/** What the microphone of this page hears is its loudspeaker: whatever it receives, 120 ms later and half as loud. */
function loudspeaker(): void {
  let out: MediaStreamAudioDestinationNode | undefined;
  navigator.mediaDevices.getUserMedia = async () => {
    out ??= new AudioContext().createMediaStreamDestination();
    return out.stream;
  };
  const Native = RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', ({ track }) => {
        if (!out) return;
        const { context } = out;
        const delay = new DelayNode(context, { delayTime: 0.12 });
        const gain = new GainNode(context, { gain: 0.5 });
        (context as AudioContext)
          .createMediaStreamSource(new MediaStream([track]))
          .connect(delay)
          .connect(gain)
          .connect(out);
      });
    }
  };
}

describe('a manager whispers', { timeout: 240_000 }, () => {
  let rig: PolicySystem;
  let phone: Browser;
  let desk: Browser;
  let commercial: CommercialPage;
  let admin: AdminPage;

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
  beforeEach(async () => {
    [commercial, admin] = await Promise.all([
      CommercialPage.open(phone, rig.system, lea),
      AdminPage.open(desk, rig.system, sophie),
    ]);
    await commercial.goLive();
    await admin.hear(lea);
  });
  afterEach(async () => {
    await Promise.all([commercial.close(), admin.page.isClosed() ? null : admin.close()]);
  });

  const wear = (): Promise<void> => toggleEarpiece(commercial);

  test('into the ear of whom they hear, and of nobody else; only while the button is held', async () => {
    const other = await AdminPage.open(desk, rig.system, nadia);
    await other.hear(lea);
    await admin.waitForText('ne laisse personne lui parler');
    assert.equal(await admin.probe.microphoneRequests(), 0, 'the microphone was asked for before a press');
    await wear();
    await holdToSpeak(admin);
    await commercial.waitForText(`${sophie.name} vous parle`);
    await admin.waitForText(`${lea.name} vous entend`);
    await other.waitForText(`${sophie.name} parle à ${lea.name}`);
    const [heard, elsewhere] = await Promise.all([
      peakOf(commercial.probe, reading(), 2),
      other.probe.record(RECORDING_MS),
    ]);
    assert.ok(heard >= SAME_VOICE, `the ear hears the whisper by ${heard.toFixed(3)}`);
    const leaked = bestMatch(elsewhere, reading()).peak;
    assert.ok(leaked < OTHER_VOICE, `another admin hears the whisper by ${leaked.toFixed(3)}`);
    await assertHears(other, secondVoice(), reading());
    await admin.page.mouse.up();
    await commercial.waitForText(`${sophie.name} ne parle plus`);
    await commercial.probe.waitForSilence();
    await assertHears(admin, secondVoice(), reading());
    assert.deepEqual([...commercial.problems, ...admin.problems, ...other.problems], []);
    await other.close();
  });

  test('one tap of the commercial ends it, and takes the ear away', async () => {
    await wear();
    await holdToSpeak(admin);
    await commercial.waitForText(`${sophie.name} vous parle`);
    await commercial.probe.waitForSound();
    await wear();
    await admin.waitForText(`${lea.name} a arrêté votre voix`);
    const button = await control(admin.page, 'whisper-hold');
    await waitUntil('a button that says no', async () =>
      button.evaluate((node) => node.getAttribute('aria-disabled') === 'true'),
    );
    await commercial.probe.waitForSilence();
    await admin.page.mouse.up();
  });

  test('a text stands on the commercial’s screen when the admin reads that it does', async () => {
    const field = await control(admin.page, 'cue-field');
    await field.type('Demande-lui la date');
    await admin.page.keyboard.press('Enter');
    await admin.waitForText(`${lea.name} l’a à l’écran`);
    assert.match(await commercial.text(), /Sophie Bernard écrit.:.*Demande-lui la date/);
    await (await control(commercial.page, 'cue-close')).click();
    await waitUntil('no text', async () => !(await commercial.text()).includes('Demande-lui'));
  });

  test('a page that is closed while it speaks is silent within a second', async () => {
    await wear();
    await holdToSpeak(admin);
    await commercial.waitForText(`${sophie.name} vous parle`);
    await commercial.probe.waitForSound();
    const from = performance.now();
    await admin.page.close();
    await commercial.waitForText(/ne parle plus|La voix est coupée/);
    const ms = performance.now() - from;
    assert.ok(ms < 1_000, `it took ${Math.round(ms)} ms`);
    await commercial.probe.waitForSilence();
  });

  test('a loudspeaker that the microphone hears stops it, and both are told', async () => {
    await commercial.close();
    commercial = await CommercialPage.open(phone, rig.system, lea, async (page) => {
      await page.evaluateOnNewDocument(loudspeaker);
    });
    await commercial.goLive();
    await admin.waitForState('listening');
    await wear();
    await holdToSpeak(admin);
    await commercial.waitForText('votre haut-parleur est allumé');
    await admin.waitForText(`le haut-parleur de ${lea.name} est allumé`);
    await admin.page.mouse.up();
  });
});
