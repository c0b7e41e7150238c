import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { allCases } from './cases/all-cases.ts';
import { CaseRunner } from './cases/run-case.ts';

/**
 * The short form of every fault: what is tested is that it mends itself, within times that a busy machine keeps too. The promised
 * times are judged by `npm run faults`.
 */
const tries = await Promise.all(allCases.map(async (each) => ({ each, why: await each.impossible?.() })));

describe('faults mend themselves without a click', { concurrency: 1 }, () => {
  const runner = new CaseRunner({ long: false });
  after(() => runner.close());
  for (const { each: faultCase, why } of tries) {
    test(faultCase.fault, { skip: why ?? false, timeout: 300_000 }, async (t) => {
      const findings = await runner.run(faultCase);
      for (const { what, measured, expected } of findings) t.diagnostic(`${what}: ${measured} (expected ${expected})`);
      const failed = findings.filter(({ acceptable }) => !acceptable);
      assert.deepEqual(
        failed.map(({ what, measured, expected }) => `${what}: ${measured}, expected ${expected}`),
        [],
      );
    });
  }
});
