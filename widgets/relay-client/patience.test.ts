import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Patience } from './patience.ts';

describe('patience with the relay', () => {
  it('grows with each attempt that ran out of time, up to a bound', () => {
    const patience = new Patience();
    const opens = Array.from({ length: 8 }, () => {
      patience.ranOut();
      return patience.openMs;
    });
    assert.ok(opens.every((ms, i) => ms >= (opens[i - 1] ?? 5_000)));
    assert.equal(opens.at(-1), 25_000);
    assert.equal(patience.readyMs, 75_000);
  });

  it('becomes long enough for round trips of two seconds, and stays so once they were seen', () => {
    const patience = new Patience();
    const tookMs = 6 * 2_000;
    let attempts = 0;
    while (patience.openMs < tookMs) {
      patience.ranOut();
      attempts += 1;
    }
    assert.ok(attempts <= 3, `${attempts} attempts`);
    patience.connected(tookMs);
    assert.equal(patience.openMs, 24_000);
    assert.equal(patience.answerMs(3_000), 8_000);
    assert.equal(patience.answerMs(10_000), 10_000);
  });

  it('is short again after a quick connection', () => {
    const patience = new Patience();
    patience.ranOut();
    patience.connected(100);
    assert.equal(patience.openMs, 5_000);
  });
});
