/** React 19, the commercial's application: typed props and events, routes, StrictMode. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { assertAccessible } from '../harness/accessibility.ts';
import { assertHears } from '../harness/hears.ts';
import { lea, sophie } from '../harness/people.ts';
import { reading } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';
import { HostAdmin, HostCommercial, hostUrl } from './harness/host-page.ts';
import { assertNoProblems, Trial } from './harness/trial.ts';

describe('React 19, the commercial', { timeout: 240_000 }, () => {
  let trial: Trial;
  before(async () => {
    trial = await Trial.start({ tokenLifetimeS: 20 });
  });
  after(() => trial?.close());
  afterEach(() => trial.clear());

  const openCommercial = (host: string) => HostCommercial.openAt(trial.browser, hostUrl(trial.system, lea, host));
  const openAdmin = () => HostAdmin.openAt(trial.browser, hostUrl(trial.system, sophie, 'react'));

  // The development build mounts everything twice (StrictMode), and warns of whatever React dislikes.
  for (const host of ['react', 'react-development']) {
    test(`${host}: live and heard through changes of route; one session`, async () => {
      const commercial = await openCommercial(host);
      const sockets: string[] = [];
      await commercial.waitForState('ready');
      const devtools = await commercial.page.createCDPSession();
      await devtools.send('Network.enable');
      devtools.on('Network.webSocketCreated', ({ url }) => sockets.push(url));
      await commercial.page.reload();
      const admin = await openAdmin();
      await commercial.goLive();
      await commercial.page.waitForSelector('.on-air');
      await admin.hear(lea);

      // What is heard meanwhile is judged: each change of route falls into it.
      const heard = assertHears(admin, reading());
      heard.catch(() => undefined); // told below, unless a step fails before
      for (const [link, title] of [
        ['Journée', 'Ma journée'],
        ['Portes', 'Prospection - portes'],
        ['Journée', 'Ma journée'],
      ] as const) {
        await commercial.click(link);
        await commercial.page.waitForSelector(`h1::-p-text(${title})`);
        assert.equal(await commercial.state(), 'live');
      }
      await heard;

      assert.deepEqual(sockets.length, 1, `one session for one element: ${sockets.join(', ')}`);
      assertNoProblems(commercial, admin);
    });
  }

  test('a renewed token is one more change of a prop: still live, still heard', async () => {
    const commercial = await openCommercial('react');
    const admin = await openAdmin();
    await commercial.goLive();
    await admin.hear(lea);
    const token = () => commercial.page.$eval('prospect-stream-button', (element) => Reflect.get(element, 'token'));
    const first = await token();
    await waitUntil('a renewed token', async () => (await token()) !== first, 60_000);
    await assertHears(admin, reading());
    assert.equal(await commercial.state(), 'live');
    assertNoProblems(commercial, admin);
  });

  test('a button inside a route stops with its page: no stream, no microphone, no connection', async () => {
    const commercial = await openCommercial('react/formation');
    await commercial.goLive();
    await trial.waitForStreams(1);
    await commercial.click('Portes');
    await trial.waitForStreams(0);
    await waitUntil('a released microphone', async () => (await commercial.probe.openMicrophones()) === 0);
    await waitUntil('no connection', async () => (await commercial.probe.openPeers()) === 0);
    // The button above the routes is another element: ready, and it works.
    await commercial.goLive();
    await commercial.click('Formation');
    await trial.waitForStreams(0);
    assertNoProblems(commercial);
  });

  test('accessible on a phone while live, light and dark', async () => {
    const commercial = await openCommercial('react');
    await commercial.page.setViewport({ width: 390, height: 844 });
    await commercial.goLive();
    for (const value of ['light', 'dark']) {
      await commercial.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      await assertAccessible(commercial.page);
    }
    assertNoProblems(commercial);
  });
});
