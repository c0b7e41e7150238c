/** The demo's transparency page over a real relay with a policy and a journal: the rules in words, and who heard whom. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import jwt from 'jsonwebtoken';
import type { Browser } from 'puppeteer-core';
import type { Person } from '../../demo/server/people.ts';
import type { SessionUser } from '../../relay/protocol/messages.ts';
import { assertAccessible } from '../harness/accessibility.ts';
import { launchBrowser, newWatchedPage } from '../harness/browser.ts';
import { DemoSite } from '../harness/demo-site.ts';
import { lea, sophie } from '../harness/people.ts';
import { HearingPair } from '../harness/relay/hearing-pair.ts';
import { eventually, RealRelay, SECRET } from '../harness/relay/real-relay.ts';

const POLICY = new URL('../../demo/policy.yaml', import.meta.url);

function userOf(person: Person): SessionUser {
  const { id, name } = person;
  return person.role === 'admin'
    ? { role: 'admin', id, name, equipes: [...person.equipes] }
    : { role: 'commercial', id, name, equipe: person.equipe };
}

describe('the transparency page', { timeout: 120_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'transparency-'));
  let relay: RealRelay;
  let site: DemoSite;
  let browser: Browser;

  before(async () => {
    // Whatever the time is: the hours are looked at elsewhere.
    const policy = join(root, 'policy.yaml');
    writeFileSync(policy, readFileSync(POLICY, 'utf8').replaceAll('06:00-23:00', '00:00-24:00'));
    relay = await RealRelay.start({
      env: { AUDIT_DIR: join(root, 'audit'), NODE_ID: 'one', POLICY_FILE: policy, ALLOWED_ORIGINS: '*' },
    });
    const tokens = { secret: SECRET, issuer: 'demo', audience: 'relay', lifetimeS: 600 };
    site = await DemoSite.start(tokens, () => ({ http: relay.port, https: null }));
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await relay?.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** The page of this person, read in this language, once the relay has answered. */
  async function read(person: Person, languages: string) {
    const { page, problems } = await newWatchedPage(browser);
    await page.setExtraHTTPHeaders({ 'Accept-Language': languages });
    await page.goto(`${site.url}/as/${person.id}/transparency`, { waitUntil: 'networkidle0' });
    await page.waitForSelector('#policy:not([aria-busy])');
    return { page, problems, text: await page.$eval('main', (main) => main.textContent) };
  }

  test('says the rules in the reader’s language, and to each who heard whom', async () => {
    const pair = await HearingPair.start(relay, userOf(lea), userOf(sophie));
    try {
      const commercial = await read(lea, 'fr');
      assert.match(commercial.text, /au plus 20\u00a0min d’affilée/);
      assert.match(commercial.text, /Une personne est protégée : nul ne peut l’écouter/);
      assert.ok(!commercial.text.includes('thomas-girard'), 'who is protected is for an auditor to read');
      assert.match(commercial.text, /Sophie Bernard\s*–\s*en cours/);
      for (const value of ['light', 'dark']) {
        await commercial.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
        await commercial.page.setViewport({ width: 390, height: 844 });
        await assertAccessible(commercial.page);
      }
      await commercial.page.emulateMediaType('print');
      assert.equal(await commercial.page.$eval('.print', (button) => getComputedStyle(button).display), 'none');
      assert.deepEqual(commercial.problems, []);
      await pair.admin.request('listen:stop');
      await eventually('the end is written', () => relay.trail.some(({ event }) => event === 'hearing_ended'));
      const listener = await read(sophie, 'en');
      assert.match(listener.text, /20\u00a0min at a stretch at most/);
      assert.match(listener.text, /Léa Martin\s*–\s*less than a minute/);
      assert.deepEqual(listener.problems, []);
    } finally {
      await pair.close();
    }
  });

  test('shows nobody else’s history', async () => {
    const other = jwt.sign({ role: 'commercial', name: 'Hugo', equipe: 'Lyon Ouest' }, SECRET, {
      subject: 'hugo-moreau',
      expiresIn: 60,
    });
    const answer = await fetch(`${relay.url}/api/audit`, { headers: { authorization: `Bearer ${other}` } });
    assert.deepEqual(((await answer.json()) as { entries: unknown[] }).entries, []);
  });
});
