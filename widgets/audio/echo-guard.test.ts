/** The echo guard against synthetic voices: an echo is found, however late and quiet; what somebody else says, and noise, are none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ECHO_FRAME_MS, EchoGuard } from './echo-guard.ts';

const FRAMES_IN_S = 1000 / ECHO_FRAME_MS;
/** As long as a whisper can be. */
const WHISPER = 30 * FRAMES_IN_S;
/** What an AudioContext gives of a quiet room. */
const NOISE = 0.002;

/** Random numbers of a seed (mulberry32): the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An envelope as of speech: phrases of syllables of 100 to 250 ms, with pauses between. */
function speech(seed: number, frames = WHISPER): number[] {
  const next = random(seed);
  const levels: number[] = [];
  while (levels.length < frames) {
    const syllables = 3 + Math.floor(next() * 8);
    for (let syllable = 0; syllable < syllables; syllable += 1) {
      const length = 2 + Math.floor(next() * 4);
      const loudness = 0.03 + next() * 0.12;
      for (let at = 0; at < length; at += 1)
        levels.push(loudness * Math.sin((Math.PI * (at + 0.7)) / (length + 0.4)) * (0.8 + 0.4 * next()));
      if (next() < 0.35) levels.push(0.003 * next());
    }
    const pause = Math.floor(3 + next() * 12);
    for (let at = 0; at < pause; at += 1) levels.push(0.001 + 0.001 * next());
  }
  return levels.slice(0, frames);
}

/** What a microphone hears of it: later, quieter, with the room and its noise. */
function echoOf(played: readonly number[], lag: number, gain: number, seed: number): number[] {
  const next = random(seed);
  return played.map((_, at) => {
    const echo = (played[at - lag] ?? 0) * gain * (0.85 + 0.3 * next());
    return Math.hypot(echo, NOISE * (0.7 + 0.6 * next()));
  });
}

/** After how many seconds the echo was found, or null. */
function foundAfter(played: readonly number[], heard: readonly number[]): number | null {
  const guard = new EchoGuard();
  const at = played.findIndex((level, i) => guard.push(level, heard[i] ?? 0));
  return at < 0 ? null : (at + 1) / FRAMES_IN_S;
}

describe('the echo guard', () => {
  for (const lag of [0, 1, 3, 6, 10]) {
    for (const gain of [1, 0.3, 0.1]) {
      it(`finds an echo after ${lag * ECHO_FRAME_MS} ms at ${gain} of its loudness, within three seconds and a half`, () => {
        for (let seed = 0; seed < 20; seed += 1) {
          const played = speech(seed);
          const seconds = foundAfter(played, echoOf(played, lag, gain, seed + 500));
          assert.ok(seconds !== null && seconds <= 3.5, `seed ${seed}: ${seconds}`);
          assert.ok(seconds > 1.9, `seed ${seed}: there cannot have been a second of it`);
        }
      });
    }
  }

  it('finds it while the commercial speaks too, and when the loudspeaker is turned on in the middle', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const played = speech(seed);
      const own = speech(seed + 900);
      const echo = echoOf(played, 4, 0.5, seed);
      const both = echo.map((level, at) => Math.hypot(level, 0.2 * (own[at] ?? 0)));
      assert.notEqual(foundAfter(played, both), null, `seed ${seed}`);
      const late = own.map((level, at) => (at < 10 * FRAMES_IN_S ? level : (echo[at] ?? 0)));
      const seconds = foundAfter(played, late);
      assert.ok(seconds !== null && seconds > 10 && seconds < 16, `seed ${seed}: ${seconds}`);
    }
  });

  it('does not take what the commercial says for an echo', () => {
    const taken = Array.from({ length: 100 }, (_, seed) => foundAfter(speech(seed), speech(seed + 5_000)));
    assert.deepEqual(
      taken.filter((seconds) => seconds !== null),
      [],
    );
  });

  it('takes neither silence nor noise, nor a steady sound, for an echo', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const next = random(seed);
      const street = Array.from({ length: WHISPER }, () => 0.02 * (0.4 + next()));
      assert.equal(foundAfter(speech(seed), street), null, `street, seed ${seed}`);
      assert.equal(foundAfter(speech(seed), Array(WHISPER).fill(0)), null);
      assert.equal(foundAfter(street, speech(seed)), null, `noise in the ear, seed ${seed}`);
      assert.equal(foundAfter(Array(WHISPER).fill(0.1), Array(WHISPER).fill(0.1)), null);
    }
  });
});
