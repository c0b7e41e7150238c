/** React 19, the admin's page "Suivi": panel and GPS map follow each other both ways; relay and company server side by side. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Person } from '../../demo/server/people.ts';
import { assertAccessible } from '../harness/accessibility.ts';
import { assertHears } from '../harness/hears.ts';
import { karim, lea, sophie } from '../harness/people.ts';
import { reading } from '../harness/voices.ts';
import { waitUntil } from '../harness/wait.ts';
import { HostAdmin, HostCommercial, hostUrl } from './harness/host-page.ts';
import { assertNoProblems, Trial } from './harness/trial.ts';

/** What a marker shows. */
interface Shown {
  readonly status?: string;
  readonly heard?: string;
  readonly speaking?: string;
  readonly label: string | null;
}

describe('React 19, the admin’s map', { timeout: 240_000 }, () => {
  let trial: Trial;
  before(async () => {
    trial = await Trial.start();
  });
  after(() => trial?.close());
  afterEach(() => trial.clear());

  const openCommercial = (person: Person) =>
    HostCommercial.openAt(trial.browser, hostUrl(trial.system, person, 'react'));
  const openAdmin = async () => {
    const admin = await HostAdmin.openAt(trial.browser, hostUrl(trial.system, sophie, 'react'));
    await admin.page.setViewport({ width: 1280, height: 860 });
    return admin;
  };
  const pin = (person: Person) => `.pin-place[data-id="${person.id}"]`;
  const shown = (admin: HostAdmin, person: Person): Promise<Shown> =>
    admin.page.$eval(pin(person), (element) => ({
      ...(element as HTMLElement).dataset,
      label: element.getAttribute('aria-label'),
    }));
  const waitForPin = async (admin: HostAdmin, person: Person, wanted: Partial<Shown>) => {
    await admin.page.waitForSelector(pin(person));
    await waitUntil(`${person.name} shown as ${JSON.stringify(wanted)}`, async () => {
      const now: Record<string, unknown> = { ...(await shown(admin, person)) };
      return Object.entries(wanted).every(([key, value]) => now[key] === value);
    });
  };

  test('a click on a marker is heard; the panel, the marker and the table show it; another click stops', async () => {
    const commercial = await openCommercial(lea);
    const admin = await openAdmin();
    await waitForPin(admin, lea, { status: 'ready', heard: '', label: 'Léa Martin, connecté' });
    await commercial.goLive();
    await waitForPin(admin, lea, { status: 'live' });
    await waitForPin(admin, karim, { status: 'offline', heard: '' });

    await admin.page.click(pin(lea));
    await admin.waitForState('listening');
    await admin.probe.waitForSound();
    await assertHears(admin, reading());
    await waitForPin(admin, lea, { heard: 'listening', label: 'Léa Martin, en direct, écouté' });
    await waitForPin(admin, lea, { speaking: 'true' });
    assert.equal(await admin.page.$eval('tr.heard th', (cell) => cell.firstChild?.textContent), lea.name);

    await admin.page.click(pin(lea));
    await admin.waitForState('ready');
    await waitForPin(admin, lea, { heard: '' });
    assert.equal(await admin.page.$('tr.heard'), null);
    assertNoProblems(commercial, admin);
  });

  test('the panel’s headphones light the marker: waiting, heard, stopped; by keyboard too', async () => {
    const commercial = await openCommercial(lea);
    const admin = await openAdmin();
    await waitForPin(admin, lea, { status: 'ready' });
    await admin.toggleHeadphones(lea);
    await waitForPin(admin, lea, { heard: 'waiting' });
    await commercial.goLive();
    await waitForPin(admin, lea, { heard: 'listening', status: 'live' });
    await admin.toggleHeadphones(lea);
    await waitForPin(admin, lea, { heard: '' });

    await admin.page.focus(pin(lea));
    await admin.page.keyboard.press('Enter');
    await waitForPin(admin, lea, { heard: 'listening' });
    await commercial.stop();
    await waitForPin(admin, lea, { heard: 'waiting', status: 'ready', speaking: 'false' });
    assertNoProblems(commercial, admin);
  });

  test('the phone’s own position moves its marker, over the company’s server, while the sound goes over the relay', async () => {
    const commercial = await openCommercial(lea);
    const admin = await openAdmin();
    await commercial.goLive();
    await admin.hear(lea);
    await trial.browser.defaultBrowserContext().overridePermissions(trial.system.url, ['geolocation', 'microphone']);
    const place = () =>
      admin.page.$eval(pin(lea), (element) => {
        const { x, y } = element.getBoundingClientRect();
        return { x, y };
      });
    const before = await place();
    // A kilometre north of where the demonstration lets her walk.
    await commercial.page.setGeolocation({ latitude: 45.763, longitude: 4.879 });
    await commercial.click('Partager ma position');
    await waitUntil('a marker further north', async () => (await place()).y < before.y - 30);
    await assertHears(admin, reading());
    assertNoProblems(commercial, admin);
  });

  test('accessible while listening, on a desk and on a phone, light and dark', async () => {
    const commercial = await openCommercial(lea);
    const admin = await openAdmin();
    await commercial.goLive();
    await admin.hear(lea);
    await waitForPin(admin, lea, { heard: 'listening' });
    for (const viewport of [
      { width: 1280, height: 800 },
      { width: 390, height: 844 },
    ]) {
      await admin.page.setViewport(viewport);
      for (const value of ['light', 'dark']) {
        await admin.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
        await assertAccessible(admin.page);
      }
    }
    assertNoProblems(commercial, admin);
  });
});
