/**
 * `npm run bench -- --pipes`: how long an admin waits for the first packet of somebody whose audio must be brought to another
 * worker first: of the same relay, of another relay over a link that is there, and over one that must be made. All in turn in one
 * run, so that what else the machine does hits all; what counts is their ratio.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AudioMedia } from '../../relay/media/audio-media.ts';
import type { AudioListenTransport } from '../../relay/media/listen-transport.ts';
import type { AudioSource } from '../../relay/media/media.ts';
import { startMedia } from '../../relay/media/testing/media-fixtures.ts';
import type { ListeningPage, PublishingPage, RtpPages } from '../../relay/media/testing/rtp-pages.ts';
import { TwoNodes } from '../../relay/media/testing/two-nodes.ts';
import { freePort } from '../harness/network/free-port.ts';
import { type Summary, summarise } from '../harness/statistics.ts';
import { textTable } from '../harness/text-table.ts';

/** Times from `hear` on, in milliseconds. */
export interface PipeTimes {
  readonly what: string;
  /** Until the admin's consumer is there. */
  readonly made: readonly number[];
  /** Until the admin's page has the first packet; packets come each 20 ms. */
  readonly heard: readonly number[];
  /** The most that the median of `heard` may be; null: measured for comparison. */
  readonly limitMs: number | null;
}

/** Of the median until the first packet, of which half a packet's time is waiting for the next one. */
const GOAL_MS = 22;
const UNHEARD = { onState: () => undefined, onLost: () => undefined };
/** UDP ports of each node. */
const PORTS = 8;
/** No link outlives its last copy. */
const AT_ONCE = { home: 0, listening: 0 };

interface Way {
  readonly what: string;
  readonly limitMs: number | null;
  readonly source: AudioSource;
  readonly page: ListeningPage;
  readonly transport: AudioListenTransport;
  readonly made: number[];
  readonly heard: number[];
}

/** Measures all ways, one after the other in each round. @throws Error when something is not heard at all */
export async function measurePipes(samples: number): Promise<PipeTimes[]> {
  const kept = await TwoNodes.start(await freePort(['127.0.0.1'], 2 * PORTS), 1, PORTS);
  const fresh = await TwoNodes.start(await freePort(['127.0.0.1'], 2 * PORTS), 1, PORTS, AT_ONCE);
  const single = await startMedia({ workers: 2 });
  const voice = await kept.pages.publisher();
  try {
    const ways = [
      await insideWay(single, voice, kept.pages),
      await betweenWay('another relay, the link is there', null, kept),
      await betweenWay('another relay, the link is made', GOAL_MS, fresh),
    ];
    // The first round makes what later ones find, and is not counted.
    for (let round = 0; round <= samples; round++) {
      for (const way of ways) {
        await way.page.renew();
        // Not in step with the packets.
        await sleep(60 + ((round * 7) % 20));
        const times = await measureOnce(way);
        if (round === 0) continue;
        way.made.push(times.made);
        way.heard.push(times.heard);
      }
    }
    // So that the two ways are what their names say: one link for all rounds, or another one for each.
    for (const [nodes, links] of [
      [kept, 1],
      [fresh, samples + 1],
    ] as const) {
      const made = new Set(nodes.asked.map(({ link }) => link)).size;
      if (made !== links) throw new Error(`${made} links were made, not ${links}.`);
    }
    return ways.map(({ what, made, heard, limitMs }) => ({ what, made, heard, limitMs }));
  } finally {
    voice.close();
    await Promise.all([kept.close(), fresh.close(), single.close()]);
  }
}

/** Nobody else hears it, so the copy is made, and gone again afterwards. */
async function measureOnce({ what, source, page, transport }: Way): Promise<{ made: number; heard: number }> {
  const before = page.received;
  const start = performance.now();
  const hearing = transport.hear(source).then(() => performance.now() - start);
  while (page.received === before) {
    if (performance.now() - start > 10_000) throw new Error(`Nothing was heard: ${what}.`);
    await sleep(1);
  }
  const heard = performance.now() - start;
  const made = await hearing;
  await transport.hear(null);
  return { made, heard };
}

async function insideWay(media: AudioMedia, voice: PublishingPage, pages: RtpPages): Promise<Way> {
  const publishing = await media.createPublishTransport(UNHEARD);
  await voice.speak(await publishing.answer(await voice.offer()));
  const source = await publishing.produce();
  const page = await pages.listener();
  // The worker with the fewest transports: the other one.
  const transport = await media.createListenTransport(UNHEARD);
  await transport.accept(await page.answer(transport.offer()));
  return { what: 'another worker of the same relay', limitMs: null, source, page, transport, made: [], heard: [] };
}

async function betweenWay(what: string, limitMs: number | null, nodes: TwoNodes): Promise<Way> {
  const source = nodes.remote(await nodes.speaker());
  const { page, transport } = await nodes.ear();
  return { what, limitMs, source, page, transport, made: [], heard: [] };
}

/** Ways whose median is above their limit. */
export function missedPipes(times: readonly PipeTimes[]): PipeTimes[] {
  return times.filter(({ heard, limitMs }) => limitMs !== null && summarise(heard).median > limitMs);
}

/** The table for people; the last column but one compares with the first line. */
export function renderPipes(times: readonly PipeTimes[]): string {
  const first = times[0] && summarise(times[0].heard).median;
  const rows = times.map(({ what, made, heard, limitMs }) => {
    const [consumer, packet] = [summarise(made), summarise(heard)];
    const ratio = first ? `${(packet.median / first).toFixed(2)} x` : '';
    const expected = limitMs === null ? 'for comparison' : `median <= ${limitMs} ms`;
    return [what, show(consumer), show(packet), ratio, expected];
  });
  return textTable([['from', 'consumer made', 'first packet', '', 'expected'], ...rows], [1, 2, 3]);
}

function show({ median, p95 }: Summary): string {
  return `${median.toFixed(1)} ms (p95 ${p95.toFixed(1)})`;
}
