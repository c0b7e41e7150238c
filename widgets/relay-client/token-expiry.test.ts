import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { TokenExpiry } from './token-expiry.ts';

describe('token expiry', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
  afterEach(() => mock.timers.reset());

  const setUp = () => {
    const seen: number[] = [];
    return { seen, expiry: new TokenExpiry((ms) => seen.push(ms)) };
  };

  it('warns a minute before, once', () => {
    const { seen, expiry } = setUp();
    expiry.watch('t', 3_600_000);
    mock.timers.tick(3_539_999);
    assert.deepEqual(seen, []);
    mock.timers.tick(1);
    assert.deepEqual(seen, [60_000]);
    mock.timers.tick(100_000);
    assert.equal(seen.length, 1);
  });

  it('warns at the last tenth of a short life', () => {
    const { seen, expiry } = setUp();
    expiry.watch('t', 10_000);
    mock.timers.tick(9_000);
    assert.deepEqual(seen, [1_000]);
  });

  it('keeps its timer for the same token after a reconnect, and starts anew for another', () => {
    const { seen, expiry } = setUp();
    expiry.watch('t', 10_000);
    mock.timers.tick(5_000);
    expiry.watch('t', 5_000);
    mock.timers.tick(4_000);
    assert.deepEqual(seen, [1_000]);
    expiry.watch('u', 10_000);
    mock.timers.tick(9_000);
    assert.deepEqual(seen, [1_000, 1_000]);
  });

  it('does not fire early for a life longer than a timer can count', () => {
    const { seen, expiry } = setUp();
    expiry.watch('t', 40 * 86_400_000);
    mock.timers.tick(2 ** 31);
    assert.deepEqual(seen, []);
    expiry.cancel();
    mock.timers.tick(40 * 86_400_000);
    assert.deepEqual(seen, []);
  });
});
