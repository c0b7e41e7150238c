import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { TokenExpiry } from './token-expiry.ts';

describe('token expiry', () => {
  let nowMs = 0;
  beforeEach(() => {
    nowMs = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => nowMs);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  /** Both clocks go on; the wall clock may be set besides. */
  const tick = (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      nowMs += Math.min(left, 1_000);
      mock.timers.tick(Math.min(left, 1_000));
    }
  };

  const setUp = () => {
    const seen: number[] = [];
    return { seen, expiry: new TokenExpiry((ms) => seen.push(ms)) };
  };

  it('asks a minute before the end', () => {
    const { seen, expiry } = setUp();
    expiry.watch('t', 3_600_000);
    tick(3_539_000);
    assert.deepEqual(seen, []);
    tick(1_000);
    assert.deepEqual(seen, [60_000]);
  });

  it('asks again with growing pauses until there is another token, also after the end', () => {
    const { seen, expiry } = setUp();
    expiry.watch('t', 60_000);
    tick(60_000);
    const before = seen.length;
    assert.ok(before >= 1 && before <= 3, `${before} times`);
    tick(600_000);
    assert.ok(seen.length > before + 5 && seen.length < before + 20, `${seen.length} times in eleven minutes`);
    assert.equal(seen.at(-1), 0);
    expiry.watch('u', 3_600_000);
    const answered = seen.length;
    tick(600_000);
    assert.equal(seen.length, answered);
  });

  it('asks at once for another token when one was refused, and does not start over for the next refused one', () => {
    const { seen, expiry } = setUp();
    expiry.refused('a');
    assert.deepEqual(seen, [0]);
    for (let i = 0; i < 10; i += 1) {
      expiry.refused(`b${i}`);
      tick(1_000);
    }
    expiry.cancel();
    const after = seen.length;
    tick(600_000);
    assert.equal(seen.length, after);
  });

  it('believes the relay when less is left of the token than was reckoned: a clock may stand still while a device sleeps', () => {
    const { seen, expiry } = setUp();
    expiry.watch('t', 3_600_000);
    tick(10_000);
    expiry.watch('t', 30_000);
    tick(30_000);
    assert.ok(seen.length > 0);
  });

  it('is not misled by a wall clock that is set forward or back', () => {
    const { seen, expiry } = setUp();
    expiry.watch('t', 600_000);
    tick(100_000);
    const wall = Date.now();
    mock.method(Date, 'now', () => wall + 86_400_000);
    tick(1_000);
    assert.deepEqual(seen, []);
    mock.method(Date, 'now', () => wall - 86_400_000);
    tick(438_000);
    assert.deepEqual(seen, []);
    tick(1_000);
    assert.deepEqual(seen, [60_000]);
  });

  it('warns at the last tenth of a short life', () => {
    const { seen, expiry } = setUp();
    expiry.watch('t', 10_000);
    tick(9_000);
    assert.deepEqual(seen, [1_000]);
  });

  it('keeps its timer for the same token after a reconnect, and starts anew for another', () => {
    const { seen, expiry } = setUp();
    expiry.watch('t', 10_000);
    tick(5_000);
    expiry.watch('t', 5_000);
    tick(4_000);
    assert.deepEqual(seen, [1_000]);
    expiry.watch('u', 10_000);
    tick(9_000);
    assert.deepEqual(seen, [1_000, 1_000]);
  });

  it('does not fire early for a life longer than a timer can count', () => {
    const { seen, expiry } = setUp();
    expiry.watch('t', 40 * 86_400_000);
    tick(10_000_000);
    assert.deepEqual(seen, []);
    expiry.cancel();
    tick(1_000_000);
    assert.deepEqual(seen, []);
  });
});
