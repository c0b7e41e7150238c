/** The short form of the soak in the page: ten start and stop rounds in Chromium leave nothing open. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageLines, runPageRounds } from './page-rounds.ts';
import { renderSoak } from './report.ts';

test('starting and stopping leaves no microphone, no AudioContext and no connection open', async () => {
  const lines = pageLines(await runPageRounds(10));
  assert.ok(
    lines.every(({ ok }) => ok),
    renderSoak(lines),
  );
});
