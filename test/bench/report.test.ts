import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, renderTable } from './report.ts';

const good = {
  floor: [60, 60],
  mouthToEar: [70, 70],
  clickToHeard: [140, 150],
  switchToHeard: [110, 120],
  coldFloor: [30],
  coldUnannounced: [60],
  coldJoin: [40],
  browser: 'x',
};
const sizes = [{ name: 'a.js', gzipBytes: 1000, limitBytes: 2048 }];

test('what is as expected passes, at the limit too', () => {
  assert.ok(judge(good, sizes).every(({ ok }) => ok));
  assert.ok(judge({ ...good, mouthToEar: [75], switchToHeard: [120] }, sizes).every(({ ok }) => ok));
});

test('each expectation can be missed by itself', () => {
  const missed = (lines: ReturnType<typeof judge>) => lines.filter(({ ok }) => !ok).map(({ name }) => name);
  assert.deepEqual(missed(judge({ ...good, mouthToEar: [76] }, sizes)), ['mouth to ear, relay']);
  assert.deepEqual(missed(judge({ ...good, switchToHeard: [121] }, sizes)), ['switch to heard']);
  assert.deepEqual(missed(judge({ ...good, clickToHeard: [151] }, sizes)), ['click to heard (warm)']);
  assert.deepEqual(missed(judge({ ...good, coldJoin: [41] }, sizes)), ['connected to heard, relay']);
  assert.deepEqual(missed(judge(good, [{ name: 'a.js', gzipBytes: 2049, limitBytes: 2048 }])), ['a.js, gzipped']);
});

test('the table has a line for each, and says which was missed', () => {
  const table = renderTable(judge({ ...good, clickToHeard: [200] }, sizes));
  assert.equal(table.split('\n').length, 9);
  assert.match(table, /click to heard \(warm\) +200\.0 ms +200\.0 ms +p95: <= 150\.0 ms +MISSED/);
  assert.match(table, /a\.js, gzipped +1\.0 KB +<= 2\.0 KB +ok/);
});
