import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Saturation } from './saturation.ts';

/** How many are let in one after the other, up to this many. */
function letIn(saturation: Saturation, most: number): number {
  let count = 0;
  while (count < most && saturation.take()) count += 1;
  return count;
}

it('takes nobody from the limit on, until the load is well below it', () => {
  const saturation = new Saturation(0.8, () => 0);
  const answers = [0.5, 0.79, 0.8, 0.79, 0.69, 0.67, 0.79].map((ratio) => {
    saturation.measured(ratio, 1_000);
    return saturation.full;
  });
  assert.deepEqual(answers, [false, false, true, true, true, false, false]);
});

it('lets in no more at once than fit below the limit, and more when the readings have shown what those cost', () => {
  let now = 0;
  const saturation = new Saturation(0.9, () => now);
  assert.equal(letIn(saturation, 2_000), 900);
  now = 2_999;
  saturation.measured(0.4, 900);
  assert.equal(letIn(saturation, 2_000), 0);
  now = 3_000;
  assert.equal(letIn(saturation, 2_000), 500);
});

it('reckons with what one costs on this machine', () => {
  const saturation = new Saturation(0.9, () => 0);
  saturation.measured(0.5, 100);
  assert.equal(letIn(saturation, 2_000), 80);
  assert.ok(Math.abs(saturation.expected - 0.9) < 1e-9);
});

it('takes everybody without a limit', () => {
  const saturation = new Saturation(0, () => 0);
  saturation.measured(1, 10);
  assert.deepEqual([saturation.full, letIn(saturation, 5_000)], [false, 5_000]);
});

it('has something left for others only well below the limit, and asking for that takes nothing', () => {
  const saturation = new Saturation(0.8, () => 0);
  const spare = [0.5, 0.67, 0.69, 0.79, 0.85, 0.7, 0.6].map((ratio) => {
    saturation.measured(ratio, 1_000);
    return saturation.spare;
  });
  assert.deepEqual(spare, [true, true, false, false, false, false, true]);
  for (let asked = 0; asked < 1_000; asked += 1) assert.ok(saturation.spare);
  assert.equal(saturation.expected, 0.6);
  // Who was just let in counts at once.
  letIn(saturation, 90);
  assert.deepEqual([saturation.spare, saturation.take()], [false, true]);
  const boundless = new Saturation(0, () => 0);
  boundless.measured(1, 10);
  assert.ok(boundless.spare);
});
