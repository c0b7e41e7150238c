import assert from 'node:assert/strict';
import { it } from 'node:test';
import { BusyShare } from './busy-share.ts';

/** The share after one second for each of these: milliseconds used and waited in it. */
function shares(...seconds: readonly (readonly [used: number, waited: number])[]): number[] {
  const share = new BusyShare();
  const time = { usedMs: 5_000, waitedMs: 300 };
  share.add(0, { ...time });
  return seconds.map(([used, waited], index) => {
    time.usedMs += used;
    time.waitedMs += waited;
    share.add((index + 1) * 1_000, { ...time });
    return Math.round(share.ratio * 1_000) / 1_000;
  });
}

it('is the part of the time that was used, over the last three seconds', () => {
  assert.deepEqual(shares([300, 0], [300, 0], [300, 0], [900, 0], [900, 0], [900, 0]), [0.3, 0.3, 0.3, 0.5, 0.7, 0.9]);
});

it('is 1 for a thread that gets half a processor and could use more', () => {
  assert.equal(shares([500, 500])[0], 1);
  assert.equal(shares([500, 499])[0], 0.998);
});

it('is small for a thread that waits for others and does little', () => {
  assert.deepEqual(shares([20, 600]), [0.05]);
});

it('is never more than 1, nor wrong when a counter starts anew', () => {
  assert.deepEqual(shares([1_010, 30], [-4_000, -200]), [1, 0]);
});
