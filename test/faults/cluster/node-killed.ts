import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeName } from '../../harness/cluster/haproxy.ts';
import { atMost, type Finding } from '../measure/finding.ts';
import type { ClusterCase, ClusterContext } from './cluster-case.ts';
import { Pair } from './pair.ts';

/** Longer than any page should take, and a while in which it must go on. */
const AFTERWARDS_MS = 5_000;

/** The commercial is on a, the admin on b; `kill -9` of one of the two. */
async function killed({ stage, long }: ClusterContext, node: NodeName): Promise<Finding[]> {
  const silences: number[] = [];
  const findings: Finding[] = [];
  for (let round = 0; round < (long ? 5 : 1); round += 1) {
    if (round > 0) await stage.reset();
    const pair = await Pair.meet(stage, 'a', 'b');
    const from = await pair.now();
    await stage.node(node).kill();
    await sleep(AFTERWARDS_MS);
    silences.push(await pair.silenceSince(from));
    findings.push(...(await pair.endElsewhere(stage)));
  }
  const failed = findings.filter(({ asPromised }) => !asPromised);
  return [
    atMost(`longest silence of ${silences.length}`, Math.max(...silences), 3, 's', 6),
    ...(failed.length > 0 ? failed : findings.slice(-6)),
  ];
}

export const nodeKilledCases: readonly ClusterCase[] = [
  { fault: 'cluster: kill -9 of the home', run: (context) => killed(context, 'a') },
  { fault: 'cluster: kill -9 of the admin’s relay', run: (context) => killed(context, 'b') },
];
