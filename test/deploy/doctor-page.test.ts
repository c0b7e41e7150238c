/** The page /doctor in Chromium, on a real relay with a real TURN server: all well, and each fault made for real. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { assertAccessible } from '../harness/accessibility.ts';
import { chromiumPath, launchBrowser, newWatchedPage } from '../harness/browser.ts';
import { Coturn } from '../harness/network/coturn.ts';
import { freePort } from '../harness/network/free-port.ts';
import { ImpairedLink } from '../harness/network/impaired-link.ts';
import { RealRelay, realToken } from '../harness/relay/real-relay.ts';

const TURN_SECRET = 'x7Hq2Lw9Vb4Nc8ZtR5mK';
const LEA = { role: 'commercial', id: 'lea-secret-id', name: 'Léa', equipe: 'Nord' } as const;
const MICROPHONE = createRequire(import.meta.url).resolve('../harness/reading.wav');

interface Row {
  readonly status: string;
  readonly text: string;
}

/** A page with the checks of one run. */
class DoctorPage {
  readonly page: Page;
  readonly problems: string[];

  private constructor(page: Page, problems: string[]) {
    this.page = page;
    this.problems = problems;
  }

  static async open(
    browser: Browser,
    relay: RealRelay,
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<DoctorPage> {
    const { page, problems } = await newWatchedPage(browser);
    await page.setExtraHTTPHeaders({ 'Accept-Language': 'en' });
    await prepare?.(page);
    await page.goto(`${relay.url}/doctor`);
    await page.waitForSelector('[data-check="clock"]:not([data-status="waiting"])');
    return new DoctorPage(page, problems);
  }

  /** Presses Start, and waits until all is tried. */
  async run(token: string): Promise<Record<string, Row>> {
    await this.page.type('#token', token);
    await this.page.click('button[type="submit"]');
    await this.page.waitForFunction(() => !document.querySelector('[data-status="running"], [data-status="waiting"]'), {
      timeout: 60_000,
    });
    return this.rows();
  }

  async rows(): Promise<Record<string, Row>> {
    return this.page.$$eval('[data-check]', (rows) =>
      Object.fromEntries(
        rows.map((row) => [
          row.getAttribute('data-check') ?? '',
          { status: row.getAttribute('data-status') ?? '', text: row.textContent ?? '' },
        ]),
      ),
    );
  }

  report(): Promise<string> {
    return this.page.$eval('#report', ({ textContent }) => textContent ?? '');
  }

  click(text: string): Promise<void> {
    return this.page.click(`::-p-text(${text})`);
  }
}

/** Passes when exactly these checks failed. */
function assertFailed(rows: Record<string, Row>, ...names: string[]): void {
  const failed = Object.keys(rows).filter((name) => rows[name]?.status === 'failed');
  assert.deepEqual(failed, names, JSON.stringify(rows, null, 1));
}

describe('the page /doctor', () => {
  let turn: Coturn;
  let relay: RealRelay;
  const env = () => ({ TURN_URLS: turn.urls.join(','), TURN_SECRET, JWT_AUDIENCE: '' });
  before(async () => {
    turn = await Coturn.start({ secret: TURN_SECRET });
    relay = await RealRelay.start({ env: { ...env(), ALLOWED_ORIGINS: 'https://app.example.com' } });
  });
  after(async () => {
    await relay?.server.close();
    await turn?.close();
  });

  /** A browser in which somebody has said no. */
  async function withoutMicrophone(use: (browser: Browser) => Promise<void>): Promise<void> {
    const browser = await puppeteer.launch({
      executablePath: chromiumPath(),
      headless: true,
      args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--deny-permission-prompts'],
    });
    try {
      await use(browser);
    } finally {
      await browser.close();
    }
  }

  /** A browser for one test. */
  async function withBrowser(use: (browser: Browser) => Promise<void>): Promise<void> {
    const browser = await launchBrowser({ microphone: MICROPHONE, languages: 'en-US,en' });
    try {
      await use(browser);
    } finally {
      await browser.close();
    }
  }

  it('finds all well, lets a person hear themselves, and leaves nothing behind', () =>
    withBrowser(async (browser) => {
      const doctor = await DoctorPage.open(browser, relay);
      const rows = await doctor.run(realToken(LEA));
      assertFailed(rows);
      for (const name of [
        'secure',
        'version',
        'clock',
        'permission',
        'microphone',
        'socket',
        'token',
        'udp',
        'tcp',
        'turn',
        'autoplay',
        'loop',
      ])
        assert.equal(rows[name]?.status, 'ok', `${name}: ${rows[name]?.text}`);
      assert.match(rows.loop?.text ?? '', /came back in \d+ ms/);
      assert.match(rows.token?.text ?? '', /(?:9|10) min left.*role commercial; teams Nord/);
      assert.match(rows.turn?.text ?? '', new RegExp(`127\\.0\\.0\\.1:${turn.port}`));
      assert.equal((await relay.report()).media.consumers, 1, 'it still goes round');
      assert.equal((await relay.report()).signalling.sessions, 0);

      const report = await doctor.report();
      assert.match(report, /^loop: ok \(came back in/m);
      for (const secret of [realToken(LEA).slice(0, 20), LEA.id, 'Léa', TURN_SECRET])
        assert.ok(!report.includes(secret), secret);
      await doctor.click('Stop');
      await doctor.page.waitForFunction(() => !document.querySelector('form button[type="button"]'));
      for (let round = 0; (await relay.report()).media.transports > 0 && round < 200; round += 1)
        await new Promise((resolve) => setTimeout(resolve, 25));
      assert.equal((await relay.report()).media.transports, 0);
      assert.deepEqual(doctor.problems, []);
      assert.deepEqual(relay.errors, []);
    }));

  it('is accessible in every state, on a phone and a desk, light and dark, in both languages', () =>
    withBrowser(async (browser) => {
      const doctor = await DoctorPage.open(browser, relay);
      const { page } = doctor;
      for (const [width, scheme] of [
        [360, 'light'],
        [1280, 'dark'],
      ] as const) {
        await page.setViewport({ width, height: 800 });
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await assertAccessible(page);
      }
      await doctor.run('no token at all');
      await assertAccessible(page);
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
      await page.setViewport({ width: 360, height: 800 });
      await assertAccessible(page);
      await doctor.click('Français');
      assert.equal(await page.$eval('html', ({ lang }) => lang), 'fr');
      assert.match(await page.$eval('[data-check="token"]', (row) => row.textContent ?? ''), /Ce n’est pas un jeton/);
      await assertAccessible(page);
    }));

  it('without a token it tries what needs none', () =>
    withBrowser(async (browser) => {
      const rows = await (await DoctorPage.open(browser, relay)).run('');
      assertFailed(rows);
      assert.equal(rows.socket?.status, 'ok');
      for (const name of ['token', 'udp', 'tcp', 'turn', 'loop']) assert.equal(rows[name]?.status, 'skipped', name);
      assert.equal(rows.microphone?.status, 'ok');
    }));

  it('UDP that is closed: sound goes over TCP, and the page says what to open', async () => {
    const port = await freePort(['127.0.0.1', '127.0.0.2']);
    const media = { MEDIA_PORT: String(port), MEDIA_LISTEN_IPS: '127.0.0.1', ANNOUNCED_ADDRESS: '127.0.0.2' };
    const behind = await RealRelay.start({ env: { ...env(), ...media } });
    const link = await ImpairedLink.create({
      listen: { host: '127.0.0.2', port },
      target: { host: '127.0.0.1', port },
    });
    try {
      link.impair({ protocol: 'udp', blocked: true });
      await withBrowser(async (browser) => {
        const rows = await (await DoctorPage.open(browser, behind)).run(realToken(LEA));
        assert.equal(rows.udp?.status, 'failed', rows.udp?.text);
        assert.match(rows.udp?.text ?? '', new RegExp(`127\\.0\\.0\\.2:${port}[\\s\\S]*UDP does not pass here`));
        assert.equal(rows.tcp?.status, 'ok', rows.tcp?.text);
        assert.equal(rows.loop?.status, 'ok', rows.loop?.text);
      });
    } finally {
      link.close();
      await behind.server.close();
    }
  });

  it('a microphone that was refused', () =>
    withoutMicrophone(async (browser) => {
      const doctor = await DoctorPage.open(browser, relay);
      const rows = await doctor.run(realToken(LEA));
      assertFailed(rows, ...(rows.permission?.status === 'failed' ? ['permission'] : []), 'microphone');
      assert.match(rows.microphone?.text ?? '', /microphone_denied[\s\S]*Allow it for this site/);
      assert.equal(rows.udp?.status, 'ok', 'the ways are tried without it');
      assert.equal(rows.loop?.status, 'skipped');
    }));

  it('a browser that plays and measures nothing: the microphone is not blamed, and the way of the sound is tried all the same', () =>
    withBrowser(async (browser) => {
      const doctor = await DoctorPage.open(browser, relay, (page) =>
        page.evaluateOnNewDocument(() => {
          // As Firefox without a sound card, and any browser that wants one more tap.
          Object.defineProperty(AudioContext.prototype, 'state', { get: () => 'suspended' });
        }),
      );
      const rows = await doctor.run(realToken(LEA));
      assertFailed(rows, 'autoplay');
      assert.equal(rows.microphone?.status, 'skipped');
      assert.match(rows.microphone?.text ?? '', /does not measure/);
      assert.equal(rows.loop?.status, 'warning');
      assert.match(rows.loop?.text ?? '', /came back in \d+ ms[\s\S]*The browser plays no sound/);
    }));

  it('a token for another audience, whose claims are shown', async () => {
    const strict = await RealRelay.start({ env: { ...env(), JWT_AUDIENCE: 'prospect-live' } });
    try {
      await withBrowser(async (browser) => {
        const rows = await (await DoctorPage.open(browser, strict)).run(realToken(LEA));
        assertFailed(rows, 'token');
        assert.match(rows.token?.text ?? '', /token_audience_mismatch.*role commercial[\s\S]*JWT_AUDIENCE/);
      });
    } finally {
      await strict.server.close();
    }
  });

  it('a clock that is wrong', () =>
    withBrowser(async (browser) => {
      const doctor = await DoctorPage.open(browser, relay, (page) =>
        page.evaluateOnNewDocument(() => {
          const real = Date.now.bind(Date);
          Date.now = () => real() + 600_000;
        }),
      );
      const rows = await doctor.rows();
      assertFailed(rows, 'clock');
      assert.match(rows.clock?.text ?? '', /(599|600|601) s off[\s\S]*set its time by itself/);
    }));

  it('a TURN server with another secret', async () => {
    const wrong = await RealRelay.start({ env: { ...env(), TURN_SECRET: 'another-Secret-7Hq2Lw9V' } });
    try {
      await withBrowser(async (browser) => {
        const rows = await (await DoctorPage.open(browser, wrong)).run(realToken(LEA));
        assertFailed(rows, 'turn');
        assert.match(rows.turn?.text ?? '', /401[\s\S]*TURN_SECRET is not its own/);
        assert.equal(rows.loop?.status, 'ok', 'the straight way is there');
      });
    } finally {
      await wrong.server.close();
    }
  });
});
