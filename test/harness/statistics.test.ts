import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarise } from './statistics.ts';

test('median and 95th percentile, whatever the order', () => {
  const twenty = Array.from({ length: 20 }, (_, i) => 20 - i);
  assert.deepEqual(summarise(twenty), { count: 20, median: 10.5, p95: 19, min: 1, max: 20 });
  assert.deepEqual(summarise([3, 1, 2]), { count: 3, median: 2, p95: 3, min: 1, max: 3 });
  assert.throws(() => summarise([]), /no samples/);
});
