import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clock, isoDuration, sinceWords } from './durations.ts';
import { LANGUAGES } from './translator.ts';

const MINUTE = 60_000;

describe('durations', () => {
  it('run as a clock', () => {
    assert.equal(clock(-500), '0:00');
    assert.equal(clock(7_999), '0:07');
    assert.equal(clock(754_000), '12:34');
    assert.equal(clock(62 * MINUTE + 3_000), '1:02:03');
    assert.equal(clock(60 * MINUTE), '1:00:00');
  });

  it('begin at a time of day, in words', () => {
    assert.match(sinceWords(1_000_000, LANGUAGES.fr), /^depuis \d\d:\d\d$/);
    assert.match(sinceWords(1_000_000, LANGUAGES.en), /^since \d{1,2}:\d\d/);
    assert.equal(sinceWords(null, LANGUAGES.en), '');
  });

  it('are ISO 8601 for machines', () => {
    assert.equal(isoDuration(754_900), 'PT754S');
    assert.equal(isoDuration(-1), 'PT0S');
  });
});
