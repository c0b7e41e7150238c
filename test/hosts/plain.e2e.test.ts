/** A page without a build: one script tag from the relay, attributes, methods, events, a token that is renewed. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { assertHears } from '../harness/hears.ts';
import { lea, sophie } from '../harness/people.ts';
import { reading } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';
import { HostAdmin, HostCommercial, hostUrl } from './harness/host-page.ts';
import { assertNoProblems, Trial } from './harness/trial.ts';

describe('plain HTML', { timeout: 180_000 }, () => {
  let trial: Trial;
  before(async () => {
    trial = await Trial.start({ tokenLifetimeS: 15 });
  });
  after(() => trial?.close());
  afterEach(() => trial.clear());

  const open = async () => {
    const { browser, system } = trial;
    const commercial = await HostCommercial.openAt(browser, hostUrl(system, lea, 'plain'));
    const admin = await HostAdmin.openAt(browser, hostUrl(system, sophie, 'plain'));
    return { commercial, admin };
  };
  const log = (host: HostCommercial | HostAdmin) =>
    host.page.$$eval('[data-log] li', (items) => items.map((item) => item.textContent));

  test('methods, called by the host’s own buttons: live, paused, heard, stopped', async () => {
    const { commercial, admin } = await open();
    await commercial.waitForState('ready');
    await commercial.click('start()');
    await commercial.waitForState('live');
    await admin.click(`listen('${lea.id}')`);
    await admin.waitForState('listening');
    await admin.probe.waitForSound();
    await assertHears(admin, reading());
    assert.equal(await admin.page.$eval('[data-heard]', (place) => place.textContent), lea.name);

    await commercial.click('pause()');
    await admin.waitForState('paused');
    await admin.probe.waitForSilence();
    await commercial.click('resume()');
    await admin.waitForState('listening');
    await commercial.click('stop()');
    await commercial.waitForState('ready');
    await admin.waitForState('waiting');
    assert.equal(await commercial.page.$eval('[data-state]', (place) => place.textContent), 'ready');
    assert.ok((await log(commercial)).includes('prospect-state-change : starting → live'));
    assertNoProblems(commercial, admin);
  });

  test('the token is renewed by the page’s function while it is live; the sound goes on', async () => {
    const { commercial, admin } = await open();
    await commercial.goLive();
    await admin.hear(lea);
    const renewed = (host: HostCommercial | HostAdmin) =>
      waitUntil('a renewed token', async () => (await log(host)).includes('token : renouvelé (expiring)'), 60_000);
    await Promise.all([renewed(commercial), renewed(admin)]);
    await assertHears(admin, reading());
    assert.deepEqual([await commercial.state(), await admin.state()], ['live', 'listening']);
    assertNoProblems(commercial, admin);
  });

  test('attributes: a refused token is told with its code; a good one after it connects', async () => {
    const { commercial, admin } = await open();
    await commercial.waitForState('ready');
    await commercial.page.$eval('prospect-stream-button', (element) => {
      element.dataset.good = element.getAttribute('token') ?? '';
      element.setAttribute('token', 'nonsense');
    });
    await waitUntil('an error in the log', async () =>
      (await log(commercial)).some((line) => line?.startsWith('prospect-error : token_')),
    );
    await commercial.page.$eval('prospect-stream-button', (element) =>
      element.setAttribute('token', element.dataset.good ?? ''),
    );
    await commercial.waitForState('ready');
    await admin.waitForState('ready');
    await admin.page.$eval('prospect-listen-panel', (element) => element.setAttribute('volume', '0.25'));
    await admin.toggleHeadphones(lea);
    await admin.waitForState('waiting');
    const { volume, selected } = await admin.page.$eval('prospect-listen-panel', (element) => ({
      volume: (element as HTMLElement & { volume: number }).volume,
      selected: (element as HTMLElement & { selected: { id: string } | null }).selected?.id,
    }));
    assert.deepEqual([volume, selected], [0.25, lea.id]);
    assertNoProblems(admin);
  });
});
