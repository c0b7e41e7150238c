import type { ClusterCase } from './cluster-case.ts';
import { hearAnyone } from './hear-anyone.ts';

/** Everything that is tried on a cluster, in the order of the report. */
export const allClusterCases: readonly ClusterCase[] = [hearAnyone];
