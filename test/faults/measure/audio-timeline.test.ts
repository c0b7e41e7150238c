import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AudioSample, audioDelta, heardAgainAt, longestSilence } from './audio-timeline.ts';

const STEP_MS = 50;

/** A timeline from words: `v` voice, `c` concealment of a loud voice, `s` silence, `-` nothing played; 50 ms each. */
function timeline(words: string): AudioSample[] {
  let last: AudioSample = {
    at: 1_000,
    energy: 0,
    duration: 0,
    received: 0,
    concealed: 0,
    silentConcealed: 0,
    packets: 0,
    packetsLost: 0,
    nacks: 0,
    fec: 0,
    retransmitted: 0,
  };
  const samples = [last];
  for (const word of words) {
    const seconds = word === '-' ? 0 : STEP_MS / 1_000;
    last = {
      ...last,
      at: last.at + STEP_MS,
      energy: last.energy + (word === 'v' || word === 'c' ? seconds * 0.1 ** 2 : 0),
      duration: last.duration + seconds,
      received: last.received + seconds * 48_000,
      concealed: last.concealed + (word === 'c' ? seconds * 48_000 : 0),
      packets: last.packets + (word === 'v' || word === 's' ? 1 : 0),
    };
    samples.push(last);
  }
  return samples;
}

test('heard again: the first voice that lasts, after the moment asked for', () => {
  assert.equal(heardAgainAt(timeline('vvvvvv'), 1_000), 1_000);
  assert.equal(heardAgainAt(timeline('vvvvvv'), 1_075), 1_075);
  // A leftover of 100 ms, concealment, silence, then the voice from 1,350 on.
  assert.equal(heardAgainAt(timeline('vvccs--vvvvv'), 1_000), 1_350);
  assert.equal(heardAgainAt(timeline('ssscccc--'), 1_000), null);
  assert.equal(heardAgainAt(timeline('vvvvvvss'), 1_250), null);
  assert.equal(heardAgainAt([], 0), null);
});

test('the longest silence, with its edges at the moments asked for', () => {
  assert.equal(longestSilence(timeline('vvvvvv'), 1_000, 1_300), 0);
  assert.equal(longestSilence(timeline('vvssscvv'), 1_000, 1_400), 200);
  assert.equal(longestSilence(timeline('ssssvv'), 1_100, 1_300), 100);
  assert.equal(longestSilence(timeline('vvssss'), 1_000, 1_250), 150);
  assert.equal(longestSilence(timeline('------'), 1_000, 1_300), 300);
  assert.equal(longestSilence(timeline('vvvvvv--'), 1_000, 1_200), 0);
});

test('the change between two moments', () => {
  const samples = timeline('vvvvccvvvv');
  const delta = audioDelta(samples, 1_100, 1_400);
  assert.equal(delta.packets, 4);
  assert.ok(Math.abs(delta.concealedShare - 1 / 3) < 1e-9);
  assert.equal(audioDelta(samples, 1_100, 1_100).concealedShare, 0);
  assert.throws(() => audioDelta(samples, 900, 1_100), /not watched yet/);
});
