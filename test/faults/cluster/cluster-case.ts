import type { Finding } from '../measure/finding.ts';
import type { ClusterStage } from './cluster-stage.ts';

/** What a case gets. */
export interface ClusterContext {
  readonly stage: ClusterStage;
  /** `npm run faults`: more rounds and longer faults. False in the tests. */
  readonly long: boolean;
}

/** One thing that is done to a cluster, and what must hold then. */
export interface ClusterCase {
  /** What happens, as the report names it. Begins with "cluster: ", so that `npm run faults -- cluster` finds it. */
  readonly fault: `cluster: ${string}`;
  /** Why this machine cannot try it, or null. Default: it can. */
  readonly impossible?: () => Promise<string | null>;
  /** Only in `npm run faults`: it takes too long for the tests. */
  readonly longOnly?: boolean;
  /** Makes it happen to pages of its own and measures. @throws Error when something that must work before does not */
  run(context: ClusterContext): Promise<Finding[]>;
}
