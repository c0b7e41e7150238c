import { randomBytes } from 'node:crypto';
import type { Page } from 'puppeteer-core';
import { RelayProcess } from '../../demo/relay-process.ts';
import { mintToken, type TokenSettings } from '../../demo/server/tokens.ts';
import { launchBrowser, newWatchedPage } from '../harness/browser.ts';
import { karim, lea, sophie } from '../harness/people.ts';
import { clickHeadphones, pause, startStream, stopListening, waitForState } from './bench-page.ts';
import { BenchServer } from './bench-server.ts';

/** Samples of one run, all in milliseconds. */
export interface Measurements {
  /** Sound to sound, between two connections of one page. */
  readonly floor: readonly number[];
  /** Sound to sound, through the relay, at the same moments as `floor`. */
  readonly mouthToEar: readonly number[];
  /** A click on the headphones, nobody heard before, until the voice is heard. */
  readonly clickToHeard: readonly number[];
  /** A click on another commercial's headphones while one is heard, until the other is heard. */
  readonly switchToHeard: readonly number[];
  /** A new connection of the page to itself: from `connected` until the voice is heard. */
  readonly coldFloor: readonly number[];
  /** The same with an offer that names no SSRC. */
  readonly coldUnannounced: readonly number[];
  /** The same for a new panel whose admin listens at once. */
  readonly coldJoin: readonly number[];
  readonly browser: string;
}

/** Rather than 3 s, so that a run is short: the commercial's page has stopped sending before each click. */
const LINGER_MS = 1000;

/** Runs the bench. @throws Error when something is not heard at all */
export async function measure(samples: number, progress: (text: string) => void): Promise<Measurements> {
  const tokens: TokenSettings = {
    secret: randomBytes(32).toString('base64url'),
    issuer: 'prospect-bench',
    audience: 'prospect-live',
    lifetimeS: 3600,
  };
  const log: string[] = [];
  const server = await BenchServer.start();
  let relay: RelayProcess | undefined;
  let browser: Awaited<ReturnType<typeof launchBrowser>> | undefined;
  try {
    relay = await RelayProcess.start({
      env: {
        NODE_ENV: 'test',
        HOST: '127.0.0.1',
        HTTP_PORT: '0',
        MEDIA_PORT: '0',
        MEDIA_WORKERS: '2',
        MEDIA_LISTEN_IPS: '127.0.0.1',
        DEMAND_LINGER: `${LINGER_MS}ms`,
        LOG_LEVEL: 'warn',
        ALLOWED_ORIGINS: server.origin,
        JWT_SECRET: tokens.secret,
        JWT_ISSUER: tokens.issuer,
        JWT_AUDIENCE: tokens.audience,
      },
      onOutput: (text) => log.push(text),
    });
    server.page = {
      relayUrl: `http://localhost:${relay.ports.http}`,
      commercialTokens: [mintToken(lea, tokens), mintToken(karim, tokens)],
      adminTokens: [mintToken(sophie, tokens)],
    };
    browser = await launchBrowser({ args: ['--autoplay-policy=no-user-gesture-required'] });
    const { page, problems } = await newWatchedPage(browser);
    try {
      await page.goto(server.origin, { waitUntil: 'domcontentloaded' });
      return { ...(await run(page, samples, progress)), browser: await browser.version() };
    } catch (error) {
      const why = [String(error), ...problems, ...log].join('\n');
      throw new Error(`The bench broke off: ${why}`, { cause: error });
    }
  } finally {
    await browser?.close();
    await relay?.stop();
    server.close();
  }
}

async function run(
  page: Page,
  samples: number,
  progress: (text: string) => void,
): Promise<Omit<Measurements, 'browser'>> {
  await page.evaluate(() => bench.ready);
  // In this order: the page gives its first voice to the first who starts.
  for (const index of [0, 1]) {
    await waitForState(page, 'prospect-stream-button', index, 'ready');
    await startStream(page, index);
    await waitForState(page, 'prospect-stream-button', index, 'live');
  }
  await waitForState(page, 'prospect-listen-panel', 0, 'ready');
  const press = (person: { id: string }, voice: number) => clickHeadphones(page, person.id, voice);
  const stop = () => stopListening(page);

  progress('mouth to ear, through the relay and directly');
  await page.evaluate(() => bench.connectFloor());
  await page.evaluate(() => bench.setSounding(0, true));
  await press(lea, 0);
  await page.evaluate(() => bench.setSounding(0, false));
  await pause(2000);
  const { relay, floor } = await page.evaluate((count) => bench.mouthToEar(count), samples);
  await stop();

  progress('click to heard');
  await page.evaluate(() => bench.setSounding(0, true));
  await page.evaluate(() => bench.setSounding(1, true));
  const clickToHeard: number[] = [];
  for (let i = 0; i < samples; i++) {
    await pause(LINGER_MS + 700 + ((i * 7) % 20));
    clickToHeard.push(await press(lea, 0));
    await stop();
  }

  progress('switch to heard');
  await press(karim, 1);
  const switchToHeard: number[] = [];
  for (let i = 0; i < samples; i++) {
    await pause(LINGER_MS + 700 + ((i * 7) % 20));
    switchToHeard.push(i % 2 === 0 ? await press(lea, 0) : await press(karim, 1));
  }
  await stop();

  progress('connected to heard');
  const coldFloor: number[] = [];
  const coldUnannounced: number[] = [];
  const coldJoin: number[] = [];
  for (let i = 0; i < samples; i++) {
    await pause(LINGER_MS + 700 + ((i * 7) % 20));
    coldJoin.push(await page.evaluate((id) => bench.coldJoin(id, 0), lea.id));
    coldFloor.push(await page.evaluate(() => bench.coldDirect(0, true)));
    coldUnannounced.push(await page.evaluate(() => bench.coldDirect(0, false)));
  }
  return { floor, mouthToEar: relay, clickToHeard, switchToHeard, coldFloor, coldUnannounced, coldJoin };
}
