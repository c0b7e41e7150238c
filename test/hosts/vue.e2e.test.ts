/** Vue 3: templates, events, and KeepAlive while live. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { assertHears } from '../harness/hears.ts';
import { lea, sophie } from '../harness/people.ts';
import { reading } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';
import { HostAdmin, HostCommercial, hostUrl } from './harness/host-page.ts';
import { assertNoProblems, Trial } from './harness/trial.ts';

describe('Vue 3', { timeout: 180_000 }, () => {
  let trial: Trial;
  before(async () => {
    trial = await Trial.start({ tokenLifetimeS: 20 });
  });
  after(() => trial?.close());
  afterEach(() => trial.clear());

  const openCommercial = () => HostCommercial.openAt(trial.browser, hostUrl(trial.system, lea, 'vue'));

  test('props, events and methods; outside KeepAlive the sound goes on whatever is shown, and past the first token', async () => {
    const commercial = await openCommercial();
    const admin = await HostAdmin.openAt(trial.browser, hostUrl(trial.system, sophie, 'vue'));
    await commercial.goLive();
    await admin.click(`${lea.name} (live)`);
    await admin.waitForState('listening');
    await admin.probe.waitForSound();
    await waitUntil('the name in the page', async () => {
      return (await admin.page.$eval('[data-heard]', (place) => place.textContent)) === lea.name;
    });

    const heard = assertHears(admin, reading());
    heard.catch(() => undefined); // told below, unless a step fails before
    await commercial.click('Formation');
    await commercial.click('Portes');
    await heard;
    assert.equal(await commercial.state(), 'live');

    const token = () => commercial.page.$eval('prospect-stream-button', (element) => Reflect.get(element, 'token'));
    const first = await token();
    await waitUntil('a renewed token', async () => (await token()) !== first, 60_000);
    await assertHears(admin, reading());
    assertNoProblems(commercial, admin);
  });

  test('inside KeepAlive it ends when its tab is left, lets go of the microphone, and is ready when the tab is back', async () => {
    const commercial = await openCommercial();
    await commercial.waitForState('ready');
    await commercial.click('Formation');
    await commercial.page.waitForSelector('prospect-stream-button[placement="inline"]');
    await commercial.goLive();
    await trial.waitForStreams(1);
    await commercial.click('Portes');
    await trial.waitForStreams(0);
    await waitUntil('a released microphone', async () => (await commercial.probe.openMicrophones()) === 0);

    await commercial.click('Formation');
    await commercial.page.waitForSelector('prospect-stream-button[placement="inline"]');
    // The same element as before, kept by Vue: it connects again by itself.
    await commercial.goLive();
    await trial.waitForStreams(1);
    assertNoProblems(commercial);
  });
});
