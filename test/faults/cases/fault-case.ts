import type { Finding } from '../measure/finding.ts';
import type { FaultRig, FaultRigOptions, LivePair } from '../rig/fault-rig.ts';

/** What a case gets. */
export interface CaseContext {
  readonly rig: FaultRig;
  /** `npm run faults`: more rounds and longer faults. False in the tests. */
  readonly long: boolean;
}

/** One thing that goes wrong, and what must hold then. */
export interface FaultCase {
  /** What happens, as the report names it. */
  readonly fault: string;
  /** Why this machine cannot try it, or null. Default: it can. */
  readonly impossible?: () => Promise<string | null>;
  /** Such a case has a relay of its own, made with these. */
  readonly ownRig?: () => Promise<FaultRigOptions>;
  /** Ends what `ownRig` began, after the rig is closed. */
  readonly cleanUp?: () => Promise<void>;
  /** Makes it happen to pages of its own and measures. @throws Error when something that must work before the fault does not */
  run(context: CaseContext): Promise<Finding[]>;
}

/** A pair on which something was done, with what its pages had before. */
export interface Before {
  readonly at: number;
  readonly commercial: Awaited<ReturnType<LivePair['commercial']['counts']>>;
  readonly admin: Awaited<ReturnType<LivePair['admin']['counts']>>;
}

/** Notes the pair's counts and the moment. */
export async function noteBefore({ commercial, admin }: LivePair): Promise<Before> {
  const [ofCommercial, ofAdmin] = await Promise.all([commercial.counts(), admin.counts()]);
  return { at: Date.now(), commercial: ofCommercial, admin: ofAdmin };
}

/**
 * The reading pauses for up to 300 ms and the probe looks every 50: a silence up to this is the reader's own. What the network
 * made up is judged by the concealed share.
 */
export const READER_PAUSE_MS = 450;
