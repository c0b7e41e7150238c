/**
 * `npm run bench -- --cluster`: what it costs an admin that a commercial's page has landed on another relay. One page, one admin, two
 * commercials: one on the admin's own relay, one on another; all in turn in one run. The message over Redis is included.
 */
import type { Page } from 'puppeteer-core';
import { launchBrowser, newWatchedPage } from '../harness/browser.ts';
import { landOn } from '../harness/cluster/landing.ts';
import { RelayCluster } from '../harness/cluster/relay-cluster.ts';
import { karim, lea, sophie } from '../harness/people.ts';
import { summarise } from '../harness/statistics.ts';
import { textTable } from '../harness/text-table.ts';
import { clickHeadphones, pause, startStream, stopListening, waitForState } from './bench-page.ts';
import { BenchServer } from './bench-server.ts';

/** Milliseconds, of each sample. */
export interface ClusterTimes {
  readonly what: string;
  readonly sameRelay: readonly number[];
  readonly otherRelay: readonly number[];
  /** How much larger the median may be on another relay. */
  readonly extraMs: number;
}

/** Rather than 3 s, so that a run is short: the commercial's page has stopped sending before each click. */
const LINGER_MS = 1_000;
/** Bursts of one voice before it is the other's turn. */
const BURSTS = 5;

/** @throws Error when something is not heard at all */
export async function measureCluster(samples: number): Promise<ClusterTimes[]> {
  const server = await BenchServer.start();
  const cluster = await RelayCluster.start({
    nodes: 2,
    relayEnv: { DEMAND_LINGER: `${LINGER_MS}ms`, LOG_LEVEL: 'warn' },
  });
  const browser = await launchBrowser({ args: ['--autoplay-policy=no-user-gesture-required'] });
  try {
    // Tokens come one after the other, so that it is known whose connection is whose.
    server.page = {
      relayUrl: cluster.url.replace('127.0.0.1', 'localhost'),
      commercialTokens: ['', ''],
      adminTokens: [''],
    };
    const { page } = await newWatchedPage(browser);
    await landOn(page, 'a', 'b', 'a');
    await page.goto(server.origin, { waitUntil: 'domcontentloaded' });
    await page.evaluate(() => bench.ready);
    for (const [index, person] of [lea, karim].entries()) {
      await giveToken(page, 'prospect-stream-button', index, cluster.token(person));
      await startStream(page, index);
      await waitForState(page, 'prospect-stream-button', index, 'live');
    }
    await giveToken(page, 'prospect-listen-panel', 0, cluster.token(sophie));
    const streams = await Promise.all(cluster.nodes.map((node) => node.metrics()));
    if (streams.some((each) => each.get('prospect_relay_streams') !== 1)) throw new Error('Not one on each relay.');
    return await run(page, samples);
  } finally {
    await browser.close();
    await cluster.close();
    server.close();
  }
}

async function giveToken(page: Page, tag: string, index: number, token: string): Promise<void> {
  const give = (selector: string, at: number, value: string) =>
    document.querySelectorAll(selector)[at]?.setAttribute('token', value);
  await page.evaluate(give, tag, index, token);
  await waitForState(page, tag, index, 'ready');
}

async function run(page: Page, samples: number): Promise<ClusterTimes[]> {
  const who = [
    { id: lea.id, voice: 0, clicks: [] as number[], sounds: [] as number[] },
    { id: karim.id, voice: 1, clicks: [] as number[], sounds: [] as number[] },
  ];
  for (const { voice } of who) await sounding(page, voice, true);
  for (let round = 0; round < samples; round += 1) {
    for (const { id, voice, clicks } of who) {
      await pause(LINGER_MS + 700 + ((round * 7) % 20));
      clicks.push(await clickHeadphones(page, id, voice));
      await stopListening(page);
    }
  }
  for (let done = 0; done < samples; done += BURSTS) {
    for (const { id, voice, sounds } of who) {
      await sounding(page, voice, true);
      await clickHeadphones(page, id, voice);
      await sounding(page, voice, false);
      await pause(2_000);
      const count = Math.min(BURSTS, samples - done);
      const heard = await page.evaluate((most, index) => bench.mouthToEar(most, index, false), count, voice);
      sounds.push(...heard.relay);
    }
  }
  const [same, other] = who;
  if (!same || !other) throw new Error('There are not two.');
  return [
    { what: 'click to heard', sameRelay: same.clicks, otherRelay: other.clicks, extraMs: 60 },
    { what: 'mouth to ear', sameRelay: same.sounds, otherRelay: other.sounds, extraMs: 5 },
  ];
}

async function sounding(page: Page, voice: number, on: boolean): Promise<void> {
  await page.evaluate((index, isOn) => bench.setSounding(index, isOn), voice, on);
}

const extraOf = ({ sameRelay, otherRelay }: ClusterTimes) => summarise(otherRelay).median - summarise(sameRelay).median;

/** Those that take longer on another relay than they may. */
export function missedCluster(times: readonly ClusterTimes[]): ClusterTimes[] {
  return times.filter((each) => extraOf(each) > each.extraMs);
}

/** The table for people. */
export function renderCluster(times: readonly ClusterTimes[]): string {
  const show = (samples: readonly number[]) => {
    const { median, p95 } = summarise(samples);
    return `${median.toFixed(1)} ms (p95 ${p95.toFixed(1)})`;
  };
  const rows = times.map((each) => [
    each.what,
    show(each.sameRelay),
    show(each.otherRelay),
    `${extraOf(each) < 0 ? '' : '+'}${extraOf(each).toFixed(1)} ms`,
    `<= +${each.extraMs} ms`,
  ]);
  return textTable([['', 'same relay', 'another relay', 'medians differ by', 'expected'], ...rows], [1, 2, 3]);
}
