import assert from 'node:assert/strict';
import { it } from 'node:test';
import { moveTimeMs, returnTimeMs } from './return-time.ts';

it('spreads the pages over a second when they are few, and over as long as many need, up to ten seconds', () => {
  const range = (pages: number) => [returnTimeMs(pages, 0), returnTimeMs(pages, 0.5), returnTimeMs(pages, 0.9999)];
  assert.deepEqual(range(1), [1_000, 1_500, 2_000]);
  assert.deepEqual(range(250), [1_000, 1_500, 2_000]);
  assert.deepEqual(range(2_000), [1_000, 5_000, 8_999]);
  assert.deepEqual(range(50_000), [1_000, 6_000, 10_999]);
});

it('asks fifty pages a second to go over to another node, and nobody later than after five seconds', () => {
  const range = (pages: number) => [moveTimeMs(pages, 0), moveTimeMs(pages, 0.9999)];
  assert.deepEqual(range(1), [0, 20]);
  assert.deepEqual(range(60), [0, 1_200]);
  assert.deepEqual(range(2_000), [0, 5_000]);
});
