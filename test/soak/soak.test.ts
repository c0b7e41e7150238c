/** The short form of `npm run soak`: every state with one way to leave or another; at the end the relay holds what it held before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growth, renderSoak, soakLines } from './report.ts';
import { roundStates } from './rounds.ts';
import { runSoak } from './soak-run.ts';

test('pages that come and vanish in every state leave nothing behind', async () => {
  const report = await runSoak({ rounds: 3 * roundStates.length, timeMs: 0, places: 4 });
  const lines = soakLines(report, false);
  assert.ok(
    lines.every(({ ok }) => ok),
    `${renderSoak(lines)}\n${report.failures.join('\n')}`,
  );
  assert.equal(report.combinations.played, report.combinations.all);
});

test('growth compares the last third with the middle third', () => {
  assert.equal(growth([1, 1, 1, 1, 1, 1]), 1);
  assert.equal(growth([9, 9, 9, 2, 2, 2, 3, 3, 3]), 1.5);
  const lines = soakLines({
    rounds: 1,
    combinations: { played: 1, all: 2 },
    before: { sessions: 0, timers: 1 },
    after: { sessions: 1, timers: 1 },
    memory: [1, 1, 1, 1, 1.2, 1.2].map((size, round) => ({ round, relay: size, workers: 1 })),
    failures: [],
    seconds: 1,
  });
  assert.deepEqual(
    lines.filter(({ ok }) => !ok).map(({ what }) => what),
    ['sessions', 'memory of the relay (RSS), last third of the run'],
  );
});
