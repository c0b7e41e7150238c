import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PressGuard } from './press-guard.ts';

/** A guard, and a press at a moment. */
function guarded() {
  let now = 50_000;
  const guard = new PressGuard(() => now);
  return {
    guard,
    at(moment: number, press: 'open' | 'close') {
      now = 50_000 + moment;
      return guard.take(press);
    },
    closedAt(moment: number) {
      now = 50_000 + moment;
      guard.closed();
    },
  };
}

describe('the guard of presses', () => {
  it('takes a stop at once, and no start within 800 ms after it, however often it is tapped', () => {
    for (const gap of [0, 120, 250, 400, 799]) {
      const { at } = guarded();
      assert.deepEqual([at(0, 'close'), at(gap, 'open')], [true, false], `${gap}`);
    }
    const { at } = guarded();
    assert.ok(at(0, 'close'));
    assert.deepEqual(
      [100, 400, 700, 800].map((moment) => at(moment, 'open')),
      [false, false, false, true],
    );
  });

  it('takes a double tap on start for one, and a stop after 300 ms', () => {
    const { at } = guarded();
    assert.deepEqual([at(0, 'open'), at(120, 'close'), at(299, 'close'), at(300, 'close')], [true, false, false, true]);
  });

  it('takes the first press of a page, and a second stop', () => {
    assert.equal(guarded().at(0, 'open'), true);
    const { at } = guarded();
    assert.deepEqual([at(0, 'close'), at(10, 'close')], [true, true]);
  });

  it('does not start right after the stream ended by itself under the finger', () => {
    const { at, closedAt } = guarded();
    closedAt(1_000);
    assert.deepEqual([at(1_200, 'open'), at(1_900, 'open')], [false, true]);
  });
});
