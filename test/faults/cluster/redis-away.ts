import { setTimeout as sleep } from 'node:timers/promises';
import { karim, lea, nadia } from '../../harness/people.ts';
import { waitUntil } from '../../harness/wait.ts';
import { READER_PAUSE_MS } from '../cases/fault-case.ts';
import { atMost, type Finding, same } from '../measure/finding.ts';
import type { ClusterCase, ClusterContext } from './cluster-case.ts';
import { BUSY_PAUSE_MS, Pair } from './pair.ts';

/** Longer than the relays take to notice. */
const AWAY_MS = { short: 6_000, long: 10_000 };

/** Redis goes and comes back. @param back resolves once it answers again */
async function away(
  { stage, long }: ClusterContext,
  go: () => Promise<void>,
  back: () => Promise<void>,
): Promise<Finding[]> {
  const awayMs = long ? AWAY_MS.long : AWAY_MS.short;
  const pair = await Pair.meet(stage, 'a', 'b');
  const watching = await stage.admin(nadia, 'c');
  const from = await pair.now();
  await go();
  const gone = performance.now();
  // Both on one relay: Redis has no part in that.
  const ofKarim = await stage.live(karim, 'c');
  await watching.hear(karim);
  await ofKarim.waitForText(nadia.name);
  const joined = performance.now() - gone;
  await sleep(Math.max(0, awayMs - joined));
  await back();
  const returned = performance.now();
  // Karim started while nobody could be told.
  let right: number | null = null;
  await waitUntil(
    'Karim in the list at another relay',
    async () => {
      if ((await pair.admin.rowState(karim)) !== 'live') return false;
      right = performance.now() - returned;
      return true;
    },
    10_000,
  ).catch(() => undefined);
  await sleep(2_000);
  const silence = await pair.silenceSince(from);
  const shown = [await pair.admin.rowState(lea), await watching.rowState(lea), await watching.rowState(karim)];
  await pair.remain(stage, watching, ofKarim);
  return [
    atMost('longest silence', silence * 1_000, READER_PAUSE_MS, 'ms', BUSY_PAUSE_MS),
    atMost('a new commercial heard on their own relay meanwhile', joined / 1_000, AWAY_MS.long / 1_000, 's'),
    atMost('list right after the return', right === null ? null : right / 1_000, 2, 's', 6),
    same('list at the end', shown.join(), 'live,live,live'),
    ...(await pair.end(stage)),
  ];
}

export const redisAwayCases: readonly ClusterCase[] = [
  {
    fault: 'cluster: Redis is killed, and empty when it returns',
    run: (context) => {
      const { redis } = context.stage.system.cluster;
      return away(
        context,
        () => redis.kill(),
        () => redis.restart(),
      );
    },
  },
  {
    fault: 'cluster: Redis is frozen, and wakes',
    longOnly: true,
    run: (context) => {
      const { redis } = context.stage.system.cluster;
      return away(
        context,
        async () => redis.freeze(),
        async () => redis.thaw(),
      );
    },
  },
];
