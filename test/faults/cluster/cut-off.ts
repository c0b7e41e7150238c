import { setTimeout as sleep } from 'node:timers/promises';
import { lea, nadia, sophie } from '../../harness/people.ts';
import { waitUntil } from '../../harness/wait.ts';
import { READER_PAUSE_MS } from '../cases/fault-case.ts';
import { atMost, type Finding, same } from '../measure/finding.ts';
import type { ClusterCase, ClusterContext } from './cluster-case.ts';
import { BUSY_PAUSE_MS, Pair } from './pair.ts';
import { Watch } from './watch.ts';

const CUT_MS = { short: 6_000, long: 10_000 };
/** In which everybody must know of everybody again. */
const HEALED_MS = 15_000;

/** Who is there already goes on; who comes anew is not let in before the commercial's page shows them. */
async function homeCut({ stage, long }: ClusterContext): Promise<Finding[]> {
  const pair = await Pair.meet(stage, 'a', 'b');
  const newcomer = await stage.admin(nadia, 'c');
  await waitUntil('the commercial in the newcomer’s list', async () => (await newcomer.rowState(lea)) === 'live');
  const watch = new Watch([pair.commercial], newcomer, nadia);
  const from = await pair.now();
  const bringBack = stage.cutFromRedis('a');
  await sleep(1_000);
  await newcomer.toggleHeadphones(lea);
  await sleep((long ? CUT_MS.long : CUT_MS.short) - 1_000);
  const silence = await pair.silenceSince(from);
  const early = await newcomer.state();
  const heardEarly = await newcomer.probe.voices(300);
  bringBack();
  const healed = performance.now();
  await newcomer.waitForState('listening', HEALED_MS);
  await newcomer.probe.waitForSound();
  const tookMs = performance.now() - healed;
  await pair.commercial.waitForText(nadia.name);
  const findings = [
    atMost('who heard before: longest silence', silence * 1_000, READER_PAUSE_MS, 'ms', BUSY_PAUSE_MS),
    same('newcomer meanwhile: voices heard', heardEarly, 0),
    same('newcomer meanwhile: listening', early === 'listening', false),
    atMost('newcomer heard after the return within', tookMs / 1_000, 5, 's', HEALED_MS / 1_000),
    ...(await watch.end('newcomer: ')),
  ];
  await stage.leave(newcomer);
  return [...findings, ...(await pair.end(stage))];
}

/** The same commercial with another phone, at a relay that cannot tell the first: the newer one wins as soon as it can. */
async function newerElsewhere({ stage, long }: ClusterContext): Promise<Finding[]> {
  const older = await stage.live(lea, 'a');
  const admin = await stage.admin(sophie, 'b');
  await admin.hear(lea);
  await older.waitForText(sophie.name);
  const bringBack = stage.cutFromRedis('a');
  await sleep(1_000);
  const newer = await stage.live(lea, 'c');
  const watch = new Watch([older, newer], admin, sophie);
  await sleep(long ? CUT_MS.long : CUT_MS.short);
  bringBack();
  await older.waitForState('ready', HEALED_MS);
  await newer.waitForState('live');
  await newer.waitForText(sophie.name);
  await admin.waitForState('listening');
  await admin.probe.waitForSound();
  return [
    same('older page: open microphones', await older.probe.openMicrophones(), 0),
    same('streams on a, c', [await stage.figure('a', 'streams'), await stage.figure('c', 'streams')].join(), '0,1'),
    same('passed on by a', await stage.pipes('a', 'given'), 0),
    ...(await watch.end()),
  ];
}

export const cutOffCases: readonly ClusterCase[] = [
  { fault: 'cluster: the home is cut off from Redis', run: homeCut },
  { fault: 'cluster: a commercial goes on elsewhere while their relay is cut off from Redis', run: newerElsewhere },
];
