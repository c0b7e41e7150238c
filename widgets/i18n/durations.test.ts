import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clock, isoDuration, sinceWords } from './durations.ts';
import { translatorFor } from './translator.ts';

const MINUTE = 60_000;

describe('durations', () => {
  it('run as a clock', () => {
    assert.equal(clock(-500), '0:00');
    assert.equal(clock(7_999), '0:07');
    assert.equal(clock(754_000), '12:34');
    assert.equal(clock(62 * MINUTE + 3_000), '1:02:03');
    assert.equal(clock(60 * MINUTE), '1:00:00');
  });

  it('are ISO 8601 for machines', () => {
    assert.equal(isoDuration(754_900), 'PT754S');
    assert.equal(isoDuration(-1), 'PT0S');
  });

  it('are words for people', () => {
    assert.equal(sinceWords(59_000, translatorFor('en')), 'just now');
    assert.equal(sinceWords(12 * MINUTE, translatorFor('fr')), 'depuis 12\u00a0min');
    assert.equal(sinceWords(65 * MINUTE, translatorFor('en')), 'for 1\u00a0h\u00a005');
    assert.equal(sinceWords(-5_000, translatorFor('fr')), 'à l’instant');
  });
});
