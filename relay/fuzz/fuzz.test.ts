/** The short form of `npm run fuzz`: 2,000 cases of bad input at a real relay, beside a pair that must notice nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFuzz } from './fuzz-run.ts';
import { renderReport, verdicts } from './report.ts';

test('whatever anybody sends ends in a clear error or a disconnect, and the pair that is heard notices nothing', async () => {
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000_000);
  const report = await runFuzz({ cases: 2_000, seed, timeMs: 90_000 });
  for (const { what, expected, measured, ok } of verdicts(report)) {
    assert.ok(ok, `${what}: expected ${expected}, measured ${measured}\n${renderReport(report)}`);
  }
  assert.ok(report.kinds.every(({ cases }) => cases >= 3));
});
