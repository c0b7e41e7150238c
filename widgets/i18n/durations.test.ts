import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clock, isoDuration, lasted, sinceWords, timeOfDay } from './durations.ts';
import { setLocale, wordsFor } from './languages.ts';
import { number, percent } from './numbers.ts';

const MINUTE = 60_000;
const english = wordsFor('en');

describe('durations', () => {
  it('run as a clock', () => {
    assert.equal(clock(-500, english), '0:00');
    assert.equal(clock(7_999, english), '0:07');
    assert.equal(clock(754_000, english), '12:34');
    assert.equal(clock(62 * MINUTE + 3_000, english), '1:02:03');
    assert.equal(clock(60 * MINUTE, english), '1:00:00');
  });

  it('begin at a time of day, in words', () => {
    assert.match(sinceWords(1_000_000, wordsFor('fr')), /^depuis \d\d:\d\d$/);
    assert.match(sinceWords(1_000_000, wordsFor('en')), /^since \d{1,2}:\d\d/);
    assert.equal(sinceWords(null, wordsFor('en')), '');
  });

  it('have the digits and the hours of the region', async () => {
    await setLocale('ar-EG');
    await setLocale(null);
    assert.equal(clock(62 * MINUTE + 3_000, wordsFor('ar-EG')), '١:٠٢:٠٣');
    assert.equal(clock(62 * MINUTE, wordsFor('ar-MA')), '1:02:00');
    assert.match(sinceWords(1_000_000, wordsFor('en-GB')), /^since \d\d:\d\d$/);
    assert.match(sinceWords(1_000_000, wordsFor('en-US')), /^since \d{1,2}:\d\d.[AP]M$/);
    assert.equal(number(12, wordsFor('ar-EG')), '١٢');
    assert.match(percent(0.8, wordsFor('fr')), /^80\s%$/);
  });

  it('stand on one line with their unit', async () => {
    assert.equal(lasted(3 * MINUTE, english), '3\u00a0min');
    for (const lang of ['fr', 'en', 'es', 'ar']) {
      await setLocale(lang);
      await setLocale(null);
      for (const ms of [40_000, 3 * MINUTE, 90 * MINUTE]) assert.doesNotMatch(lasted(ms, wordsFor(lang)), / /);
      assert.doesNotMatch(timeOfDay(1_000_000, wordsFor(lang)), / /);
    }
  });

  it('are ISO 8601 for machines', () => {
    assert.equal(isoDuration(754_900), 'PT754S');
    assert.equal(isoDuration(-1), 'PT0S');
  });
});
