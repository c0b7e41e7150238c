import { daysBack, TrailReader } from '../audit/trail-reader.ts';
import type { Logger } from '../logger.ts';
import { Consents } from './consents.ts';

/** A text that was acknowledged longer ago is asked for again. */
const DAYS = 400;

/**
 * What was acknowledged before, where it is kept. It is read while the relay works already: who is asked a second time meanwhile loses
 * nothing. @param root `AUDIT_DIR`
 */
export function recalledConsents(root: string | null, logger: Logger): Consents {
  const consents = new Consents();
  if (root === null) return consents;
  recallConsents(new TrailReader(root), consents, Date.now()).catch((err: unknown) => {
    logger.error({ err }, 'what was acknowledged cannot be read from the audit trail; it is asked for again');
  });
  return consents;
}

/** @throws what the file system says */
export async function recallConsents(reader: TrailReader, consents: Consents, now: number): Promise<void> {
  const span = { from: daysBack(DAYS, now), to: daysBack(1, now) };
  for await (const { commercial, version } of reader.records({ ...span, wanted: isConsent })) {
    if (typeof commercial === 'string' && typeof version === 'string') consents.restore(commercial, version);
  }
}

const isConsent = ({ event }: { readonly event: string }): boolean => event === 'consent_given';
