/** Several people at once: two voices, two listeners, teams. Each commercial is a Chromium of its own, with a voice of its own. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { assertHears, assertHearsNothing } from '../harness/hears.ts';
import { karim, lea, marc, nadia, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { System } from '../harness/system.ts';
import { READING_FILE, reading, secondVoice } from '../harness/voices.ts';

const first = reading();
const second = secondVoice(first);

describe('several commercials and admins', { timeout: 180_000 }, () => {
  let system: System;
  let browsers: Browser[] = [];
  let leaPage: CommercialPage;
  let karimPage: CommercialPage;
  let admins: AdminPage[] = [];

  before(async () => {
    system = await System.start();
    browsers = await Promise.all([
      launchBrowser({ microphone: READING_FILE }),
      launchBrowser({ microphone: system.secondVoiceFile }),
      launchBrowser(),
    ]);
    const [one, two] = browsers;
    assert.ok(one && two);
    [leaPage, karimPage] = await Promise.all([
      CommercialPage.open(one, system, lea),
      CommercialPage.open(two, system, karim),
    ]);
    await Promise.all([leaPage.goLive(), karimPage.goLive()]);
  });
  after(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await system?.close();
  });
  beforeEach(() => {
    admins = [];
  });
  afterEach(async () => {
    const problems = [leaPage, karimPage, ...admins].flatMap((page) => page.problems);
    await Promise.all(admins.map((page) => page.close()));
    assert.deepEqual(problems, []);
  });

  async function open(person: Parameters<typeof AdminPage.open>[2]): Promise<AdminPage> {
    const desk = browsers[2];
    assert.ok(desk);
    const page = await AdminPage.open(desk, system, person);
    admins.push(page);
    return page;
  }

  test('two admins hear one commercial at once', async () => {
    const [one, two] = [await open(sophie), await open(nadia)];
    await one.hear(lea);
    await two.hear(lea);
    await Promise.all([assertHears(one, first, second), assertHears(two, first, second)]);
  });

  test('one admin changes between two commercials, and hears each and not the other', async () => {
    const admin = await open(sophie);
    await admin.hear(lea);
    await assertHears(admin, first, second);
    await admin.hear(karim);
    await assertHears(admin, second, first);
    await admin.hear(lea);
    await assertHears(admin, first, second);
  });

  test('two admins hear two commercials, each their own', async () => {
    const [one, two] = [await open(sophie), await open(nadia)];
    await one.hear(lea);
    await two.hear(karim);
    await Promise.all([assertHears(one, first, second), assertHears(two, second, first)]);
  });

  test('an admin of another team sees nobody and hears nothing, whatever the page asks for', async () => {
    const admin = await open(marc);
    await admin.waitForState('ready');
    const text = await admin.text();
    assert.ok(!text.includes(lea.name) && !text.includes(karim.name), `shown: ${text}`);
    await admin.page.evaluate((id) => {
      const panel = document.querySelector('prospect-listen-panel');
      if (panel && 'listen' in panel && typeof panel.listen === 'function') return panel.listen(id);
      throw new Error('no listen method');
    }, lea.id);
    await assertHearsNothing(admin);
    assert.notEqual(await admin.state(), 'listening');
    assert.ok(!(await leaPage.text()).includes(marc.name));
  });

  test('an admin with two tabs hears in the newer one only', async () => {
    const [older, newer] = [await open(sophie), await open(sophie)];
    await older.hear(lea);
    await newer.hear(karim);
    await older.waitForState('ready');
    await older.probe.waitForSilence();
    await Promise.all([assertHears(newer, second, first), assertHearsNothing(older)]);
  });
});
