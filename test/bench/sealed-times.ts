/**
 * `npm run bench -- --sealed`: what it costs that a stream is sealed from end to end. Mouth to ear of a sealed and a clear stream at the
 * same time in one page; and the processor time of the pages of a commercial and an admin, sealed and in the clear in turn.
 */
import type { Browser, Page } from 'puppeteer-core';
import { mintToken } from '../../demo/server/tokens.ts';
import { launchBrowser, newWatchedPage } from '../harness/browser.ts';
import { karim, lea, nadia, sophie } from '../harness/people.ts';
import { summarise } from '../harness/statistics.ts';
import { System } from '../harness/system.ts';
import { textTable } from '../harness/text-table.ts';
import { pause, startStream, waitForState } from './bench-page.ts';
import { BenchServer } from './bench-server.ts';
import { type Both, type ProcessorTimes, processorTimes } from './sealed-processor-times.ts';

/** What a sealed stream costs. */
export interface SealedTimes extends ProcessorTimes {
  /** Milliseconds. */
  readonly mouthToEar: Both;
}

/** How much later what is sealed may be heard. */
const EXTRA_MS = 5;

/** @throws Error when something is not heard at all */
export async function measureSealed(samples: number): Promise<SealedTimes> {
  // One after the other, each with a relay of its own: neither meets what the other has left.
  const mouthToEar = await mouthToEarTimes(samples);
  return { mouthToEar, ...(await processorTimes()) };
}

async function mouthToEarTimes(samples: number): Promise<Both> {
  const server = await BenchServer.start();
  const system = await System.start({ relayEnv: { ALLOWED_ORIGINS: '*', LOG_LEVEL: 'warn' } });
  let ears: Browser | null = null;
  try {
    server.page = {
      relayUrl: system.relayUrl,
      commercialTokens: [mintToken(lea, system.tokens), mintToken(karim, system.tokens)],
      adminTokens: [mintToken(sophie, system.tokens), mintToken(nadia, system.tokens)],
    };
    ears = await launchBrowser({ args: ['--autoplay-policy=no-user-gesture-required'] });
    const { page } = await newWatchedPage(ears);
    const mouthToEar = { clear: [] as number[], sealed: [] as number[] };
    // Each voice is the sealed one for half of the time: a tone of another frequency may be found earlier.
    for (const sealed of [0, 1] as const) {
      await page.goto(server.origin, { waitUntil: 'domcontentloaded' });
      const heard = await hearBoth(page, sealed, Math.ceil(samples / 2));
      mouthToEar.sealed.push(...(heard[sealed]?.relay ?? []));
      mouthToEar.clear.push(...(heard[1 - sealed]?.relay ?? []));
    }
    return mouthToEar;
  } finally {
    await ears?.close();
    await system.close();
    server.close();
  }
}

/** Bursts of both voices at once, one sealed and one not, each heard by an admin of its own. */
async function hearBoth(page: Page, sealed: 0 | 1, samples: number) {
  await page.evaluate(() => bench.ready);
  await page.evaluate((at) => {
    for (const tag of ['prospect-stream-button', 'prospect-listen-panel']) {
      const element = document.querySelectorAll(tag)[at];
      if (!element) throw new Error(`no ${tag}`);
      Object.assign(element, { e2eeKeys: [{ id: 1, key: new Uint8Array(32).fill(7) }] });
    }
  }, sealed);
  for (const [at, person] of [lea, karim].entries()) {
    await waitForState(page, 'prospect-stream-button', at, 'ready');
    await startStream(page, at);
    await waitForState(page, 'prospect-stream-button', at, 'live');
    await waitForState(page, 'prospect-listen-panel', at, 'ready');
    await page.evaluate(
      async (index, id) => {
        bench.setSounding(index, true);
        const panel = document.querySelectorAll('prospect-listen-panel')[index];
        if (panel && 'listen' in panel && typeof panel.listen === 'function') await panel.listen(id);
      },
      at,
      person.id,
    );
    await waitForState(page, 'prospect-listen-panel', at, 'listening');
  }
  await pause(2_000);
  const locks = await page.evaluate(() =>
    [...document.querySelectorAll('prospect-listen-panel')].map(
      ({ shadowRoot }) => shadowRoot?.querySelector('[part~=sealed]') !== null,
    ),
  );
  if (locks[sealed] !== true || locks[1 - sealed] !== false) throw new Error(`locks: ${locks.join()}`);
  await page.evaluate(() => {
    for (const at of [0, 1]) bench.setSounding(at, false);
  });
  await pause(2_000);
  return page.evaluate((count) => Promise.all([0, 1].map((voice) => bench.mouthToEar(count, voice, false))), samples);
}

const extraOf = ({ mouthToEar: { clear, sealed } }: SealedTimes): number =>
  summarise(sealed).median - summarise(clear).median;

/** Whether what is sealed is heard later than it may. */
export function missedSealed(times: SealedTimes): boolean {
  return extraOf(times) > EXTRA_MS;
}

/** The table for people. */
export function renderSealed(times: SealedTimes): string {
  const { mouthToEar, pages, workers } = times;
  const row = (what: string, { clear, sealed }: Both, unit: string, expected: string): string[] => {
    const [one, two] = [summarise(clear), summarise(sealed)];
    const spread = ({ median, p95 }: typeof one) => `${median.toFixed(1)} ${unit} (p95 ${p95.toFixed(1)})`;
    const more = two.median - one.median;
    return [what, spread(one), spread(two), `${more < 0 ? '' : '+'}${more.toFixed(1)} ${unit}`, expected];
  };
  return textTable(
    [
      ['', 'in the clear', 'sealed', 'medians differ by', 'expected'],
      row('mouth to ear', mouthToEar, 'ms', `<= +${EXTRA_MS} ms`),
      row('page of the commercial', pages.commercial, '% of a core', ''),
      row('of it, its worker', workers.commercial, '% of a core', ''),
      row('page of the admin', pages.admin, '% of a core', ''),
      row('of it, its worker', workers.admin, '% of a core', ''),
    ],
    [1, 2, 3],
  );
}
