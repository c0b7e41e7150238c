/** React 18: attributes, a ref and listeners; and the elements as components with `onProspect...` props. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { assertHears } from '../harness/hears.ts';
import { lea, sophie } from '../harness/people.ts';
import { reading } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';
import { HostAdmin, HostCommercial, hostUrl } from './harness/host-page.ts';
import { assertNoProblems, Trial } from './harness/trial.ts';

describe('React 18', { timeout: 180_000 }, () => {
  let trial: Trial;
  before(async () => {
    trial = await Trial.start({ tokenLifetimeS: 15 });
  });
  after(() => trial?.close());
  afterEach(() => trial.clear());

  test('it is React 18; attributes and listeners on one side, wrapped components on the other: heard, renewed, stopped', async () => {
    const { browser, system } = trial;
    const commercial = await HostCommercial.openAt(browser, hostUrl(system, lea, 'react18'));
    const admin = await HostAdmin.openAt(browser, hostUrl(system, sophie, 'react18'));
    const text = (host: HostCommercial | HostAdmin, place: string) =>
      host.page.$eval(place, (element) => element.textContent);
    assert.match((await commercial.page.$eval('html', (html) => html.dataset.react)) ?? '', /^18\./);

    await commercial.goLive();
    await waitUntil('the state in the page', async () => (await text(commercial, '[data-state]')) === 'live');
    await admin.hear(lea);
    await waitUntil('the name in the page', async () => (await text(admin, '[data-heard]')) === lea.name);
    assert.equal(await text(admin, '[data-live]'), '1');

    const renewed = async (host: HostCommercial | HostAdmin, tag: string) => {
      const token = () => host.page.$eval(tag, (element) => Reflect.get(element, 'token'));
      const first = await token();
      await waitUntil('a renewed token', async () => (await token()) !== first, 60_000);
    };
    await Promise.all([renewed(commercial, 'prospect-stream-button'), renewed(admin, 'prospect-listen-panel')]);
    await assertHears(admin, reading());
    await commercial.stop();
    await admin.waitForState('waiting');
    assertNoProblems(commercial, admin);
  });

  test('a boolean attribute is on and off', async () => {
    const commercial = await HostCommercial.openAt(trial.browser, hostUrl(trial.system, lea, 'react18'));
    await commercial.waitForState('ready');
    const disabled = () =>
      commercial.page.$eval('prospect-stream-button', (element) => Reflect.get(element, 'disabled'));
    assert.equal(await disabled(), false);
    await commercial.click('Verrouiller le bouton');
    await waitUntil('a locked button', disabled);
    await commercial.pressButton();
    assert.equal(await commercial.state(), 'ready');
    await commercial.click('Verrouiller le bouton');
    await waitUntil('an unlocked button', async () => !(await disabled()));
    await commercial.goLive();
    assert.ok(await commercial.page.$('prospect-stream-button.live-button'));
    assertNoProblems(commercial);
  });
});
