import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeName } from '../../harness/cluster/haproxy.ts';
import { type Finding, same, shown } from '../measure/finding.ts';
import type { ClusterCase, ClusterContext } from './cluster-case.ts';
import { Pair } from './pair.ts';

/** Longer than the others take to hold a relay for dead. */
const FROZEN_MS = { short: 8_000, long: 10_000 };
/** Longer than pages take to go elsewhere. */
const FROZEN_LONG_MS = 20_000;
/** A relay that wakes works off what has come meanwhile. */
const AWAKE_MS = 3_000;

/** The commercial is on a, the admin on b; SIGSTOP of one of the two for a while. */
async function frozen({ stage }: ClusterContext, node: NodeName, ms: number): Promise<Finding[]> {
  const pair = await Pair.meet(stage, 'a', 'b');
  const from = await pair.now();
  await stage.node(node).freeze();
  await sleep(ms);
  await stage.node(node).thaw();
  await sleep(AWAKE_MS);
  const what = node === 'a' ? 'streams' : 'listeners';
  const kept = await stage.figure(node, what);
  const findings = [
    shown(`${ms / 1_000} s: longest silence`, await pair.silenceSince(from), 's'),
    // Pages notice after about ten seconds; before that they may find the relay awake.
    ms === FROZEN_LONG_MS
      ? same(`${ms / 1_000} s: ${what} where it was frozen`, kept, 0)
      : shown(`${ms / 1_000} s: ${what} where it was frozen`, kept),
    ...(await pair.endElsewhere(stage, `${ms / 1_000} s: `)),
  ];
  return findings;
}

async function frozenEachTime(context: ClusterContext, node: NodeName): Promise<Finding[]> {
  if (!context.long) return frozen(context, node, FROZEN_MS.short);
  const findings = await frozen(context, node, FROZEN_MS.long);
  await context.stage.reset();
  return [...findings, ...(await frozen(context, node, FROZEN_LONG_MS))];
}

export const nodeFrozenCases: readonly ClusterCase[] = [
  { fault: 'cluster: the home is frozen, and wakes', run: (context) => frozenEachTime(context, 'a') },
  { fault: 'cluster: the admin’s relay is frozen, and wakes', run: (context) => frozenEachTime(context, 'b') },
];
