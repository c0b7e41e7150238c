import { daysBack, TrailReader } from '../audit/trail-reader.ts';
import type { Logger } from '../logger.ts';
import type { TeamPolicy } from './team-policy.ts';
import { Usage } from './usage.ts';
import { usageRules } from './usage-rules.ts';

/** Today, yesterday, and the day of UTC in which yesterday began. */
const DAYS = 3;

/** What was heard before, where it is kept. What cannot be read is said, and keeps no relay from its work. @param root `AUDIT_DIR` @param chain null: all that are there */
export async function recalledUsage(
  root: string | null,
  policy: { of(team: string): TeamPolicy },
  logger: Logger,
  chain: string | null = null,
): Promise<Usage> {
  const usage = new Usage();
  if (root === null) return usage;
  try {
    await recallUsage(new TrailReader(root), usage, (team) => policy.of(team), Date.now(), chain);
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
export async function recallUsage(
  reader: TrailReader,
  usage: Usage,
  of: (team: string) => TeamPolicy,
  now: number,
  chain: string | null = null,
): Promise<void> {
  const span = { from: daysBack(DAYS, now), to: daysBack(1, now) };
  for await (const record of reader.records({ ...span, wanted: ({ event }) => event === 'hearing_ended' })) {
    if (chain !== null && record.chain !== chain) continue;
    const { at, commercial, equipe, admin, heardMs } = record;
    if (typeof commercial !== 'string' || typeof admin !== 'string' || typeof heardMs !== 'number') continue;
    const rules = usageRules(of(typeof equipe === 'string' ? equipe : ''));
    usage.restore({ commercialId: commercial, adminId: admin, endedAt: Date.parse(at), heardMs }, rules);
  }
}
