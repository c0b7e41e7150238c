import { type TrailPlace, TrailReader } from '../audit/trail-reader.ts';
import type { Logger } from '../logger.ts';
import { clockOf } from './rules.ts';
import type { TeamPolicy } from './team-policy.ts';
import { Usage } from './usage.ts';

const DAY_MS = 86_400_000;
/** Records that are in memory at the same time. */
const PAGE = 5_000;

/** What was heard before, where it is kept. What cannot be read is said, and keeps no relay from its work. @param root `AUDIT_DIR` */
export async function recalledUsage(
  root: string | null,
  policy: { of(team: string): TeamPolicy },
  logger: Logger,
): Promise<Usage> {
  const usage = new Usage();
  if (root === null) return usage;
  try {
    await recallUsage(new TrailReader(root), usage, (team) => policy.of(team), Date.now());
  } catch (err) {
    logger.error({ err }, 'what was heard today cannot be read from the audit trail; it is counted from zero');
  }
  return usage;
}

/**
 * What was heard yesterday and today, from the audit trail: a relay that starts anew goes on counting where it stopped. Hearings that a
 * crash cut off have no end in the trail, and are not counted.
 * @throws what the file system says
 */
export async function recallUsage(reader: TrailReader, usage: Usage, of: (team: string) => TeamPolicy, now: number) {
  const day = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
  let after: TrailPlace | null = null;
  do {
    const page = await reader.read({
      from: day(now - 2 * DAY_MS),
      to: day(now),
      after,
      limit: PAGE,
      wanted: ({ event }) => event === 'hearing_ended',
    });
    for (const { at, commercial, equipe, admin, heardMs } of page.records) {
      if (typeof commercial !== 'string' || typeof admin !== 'string' || typeof heardMs !== 'number') continue;
      const policy = of(typeof equipe === 'string' ? equipe : '');
      const rules = { clock: clockOf(policy), restBetweenMs: policy.limits.restBetween };
      usage.restore({ commercialId: commercial, adminId: admin, endedAt: Date.parse(at), heardMs }, rules);
    }
    after = page.next;
  } while (after);
}
