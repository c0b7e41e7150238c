import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { skipWithout } from '../../harness/ensure-program.ts';
import { allClusterCases } from './all-cluster-cases.ts';
import { ClusterRunner } from './run-cluster-case.ts';

const skip = await skipWithout('redis-server', 'haproxy');

const tries = await Promise.all(
  allClusterCases.filter(({ longOnly }) => !longOnly).map(async (each) => ({ each, why: await each.impossible?.() })),
);

/** The short form of everything that is tried on a cluster. The promised times are judged by `npm run faults -- cluster`. */
describe('a cluster of three relays, with real pages', { concurrency: 1, skip }, () => {
  const runner = new ClusterRunner({ long: false });
  after(() => runner.close());
  for (const { each: clusterCase, why } of tries) {
    test(clusterCase.fault, { skip: why ?? false, timeout: 300_000 }, async (t) => {
      const findings = await runner.run(clusterCase);
      for (const { what, measured, expected } of findings) t.diagnostic(`${what}: ${measured} (expected ${expected})`);
      const failed = findings.filter(({ acceptable }) => !acceptable);
      assert.deepEqual(
        failed.map(({ what, measured, expected }) => `${what}: ${measured}, expected ${expected}`),
        [],
      );
    });
  }
});
