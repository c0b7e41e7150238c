import type { Browser, Page } from 'puppeteer-core';
import { launchBrowser } from '../harness/browser.ts';
import { lea, sophie } from '../harness/people.ts';
import { AdminPage, CommercialPage } from '../harness/person-page.ts';
import { System } from '../harness/system.ts';
import { waitUntil } from '../harness/wait.ts';
import { type HeldObjects, installObjectCounter } from './held-objects.ts';
import type { SoakLine } from './report.ts';

/** What the rounds left in the pages. */
export interface PageRoundsReport {
  readonly rounds: number;
  /** After the last stop, with the element still in its page. */
  readonly commercial: HeldObjects;
  /** After the last stop, with the elements taken out of their pages. */
  readonly commercialRemoved: HeldObjects;
  readonly adminRemoved: HeldObjects;
  /** Errors in the pages' consoles. Must be empty. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

function held(page: Page): Promise<HeldObjects> {
  return page.evaluate(() => window.heldObjects());
}

async function remove(page: Page, tag: string): Promise<HeldObjects> {
  await page.evaluate((name) => document.querySelector(name)?.remove(), tag);
  // What is closed asynchronously gets a moment; what then is still open stays open.
  const deadline = Date.now() + 5_000;
  for (;;) {
    const objects = await held(page);
    const open = objects.microphoneTracks + objects.audioContexts + objects.peerConnections;
    if (open === 0 || Date.now() > deadline) return objects;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Watches pages from their first moment: every page that this browser opens counts what it holds. */
async function withCounter<T>(browser: Browser, open: () => Promise<T>): Promise<T> {
  const install = async (page: Page): Promise<void> => {
    await page.evaluateOnNewDocument(installObjectCounter);
  };
  const newPage = browser.newPage.bind(browser);
  browser.newPage = async (options) => {
    const page = await newPage(options);
    await install(page);
    return page;
  };
  try {
    return await open();
  } finally {
    browser.newPage = newPage;
  }
}

/** A commercial's real page goes live and stops, again and again, while an admin's page begins and ends to listen. */
export async function runPageRounds(
  rounds: number,
  onProgress: (round: number) => void = () => undefined,
): Promise<PageRoundsReport> {
  const started = performance.now();
  const system = await System.start();
  let browser: Browser | null = null;
  try {
    browser = await launchBrowser();
    const opened = browser;
    const [commercial, admin] = await withCounter(
      opened,
      async () =>
        [await CommercialPage.open(opened, system, lea), await AdminPage.open(opened, system, sophie)] as const,
    );
    await admin.waitForState('ready');
    for (let round = 0; round < rounds; round += 1) {
      await commercial.goLive();
      // In every second round somebody listens, so that both stops are tried: with and without audio under way.
      if (round % 2 === 0) {
        await admin.toggleHeadphones(lea);
        await admin.waitForState('listening');
        await admin.toggleHeadphones(lea);
        await admin.waitForState('ready');
      }
      await commercial.stop();
      onProgress(round + 1);
    }
    await waitUntil('an idle microphone', async () => (await held(commercial.page)).microphoneTracks === 0).catch(
      () => undefined, // the count is judged
    );
    const afterStop = await held(commercial.page);
    return {
      rounds,
      commercial: afterStop,
      commercialRemoved: await remove(commercial.page, 'prospect-stream-button'),
      adminRemoved: await remove(admin.page, 'prospect-listen-panel'),
      problems: [...commercial.problems, ...admin.problems],
      seconds: (performance.now() - started) / 1_000,
    };
  } finally {
    await browser?.close();
    await system.close();
  }
}

/** Judges the rounds. */
export function pageLines({
  rounds,
  commercial,
  commercialRemoved,
  adminRemoved,
  problems,
}: PageRoundsReport): SoakLine[] {
  const line = (what: string, measured: number, made: number, mustMake = true): SoakLine => ({
    what: `page: ${what}`,
    expected: '0',
    measured: `${measured} of ${made} made`,
    // Nothing made means that nothing was counted.
    ok: measured === 0 && (made > 0 || !mustMake),
  });
  const all = (who: string, { microphoneTracks, audioContexts, peerConnections, made }: HeldObjects): SoakLine[] => [
    // The panel plays through a media element, and needs Web Audio only where that has no volume.
    line(`${who}, AudioContexts open`, audioContexts, made.audioContexts, who.startsWith('button')),
    line(`${who}, RTCPeerConnections open`, peerConnections, made.peerConnections),
    ...(who.startsWith('button')
      ? [line(`${who}, live microphone tracks`, microphoneTracks, made.microphoneTracks)]
      : []),
  ];
  return [
    {
      what: 'page: start and stop rounds in Chromium',
      expected: String(rounds),
      measured: String(rounds),
      ok: true,
    },
    {
      what: 'page: errors in the console',
      expected: '0',
      measured: problems.length === 0 ? '0' : `${problems.length}: ${problems[0]}`,
      ok: problems.length === 0,
    },
    ...all('button after the last stop', commercial),
    ...all('button taken out', commercialRemoved),
    ...all('panel taken out', adminRemoved),
  ];
}
