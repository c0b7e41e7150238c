import { attackerInRedis } from './attacker.ts';
import type { ClusterCase } from './cluster-case.ts';
import { cutOffCases } from './cut-off.ts';
import { cutPipesCases } from './cut-pipes.ts';
import { hearAnyone } from './hear-anyone.ts';
import { newestWins } from './newest-wins.ts';
import { nodeFrozenCases } from './node-frozen.ts';
import { nodeKilledCases } from './node-killed.ts';
import { redisAwayCases } from './redis-away.ts';
import { rollingDrain } from './rolling-drain.ts';
import { rollingDrainOfMany } from './rolling-drain-crowd.ts';
import { sealedAcross } from './sealed-across.ts';
import { sentinelFailover } from './sentinel.ts';
import { soak } from './soak.ts';

/** Everything that is tried on a cluster, in the order of the report. */
export const allClusterCases: readonly ClusterCase[] = [
  hearAnyone,
  sealedAcross,
  rollingDrain,
  rollingDrainOfMany,
  ...nodeKilledCases,
  ...nodeFrozenCases,
  ...redisAwayCases,
  ...cutOffCases,
  ...cutPipesCases,
  newestWins,
  attackerInRedis,
  sentinelFailover,
  soak,
];
