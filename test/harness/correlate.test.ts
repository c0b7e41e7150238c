import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { bestMatch, envelope, loudness } from './correlate.ts';
import { reading, secondVoice } from './voices.ts';
import { readWav, type Sound, writeWav } from './wav.ts';

const original = reading();
const { rate } = original;

/** Part of a sound that repeats for ever. */
function cut({ samples }: Sound, fromMs: number, lengthMs: number): Sound {
  const start = Math.round((fromMs * rate) / 1000);
  const length = Math.round((lengthMs * rate) / 1000);
  return { rate, samples: Float32Array.from({ length }, (_, i) => samples[(start + i) % samples.length] ?? 0) };
}

function change(sound: Sound, how: (sample: number, index: number) => number): Sound {
  return { rate: sound.rate, samples: sound.samples.map(how) };
}

/** Repeatable noise, -1 to 1. */
function noise(): () => number {
  let seed = 12_345;
  return () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 1_073_741_824 - 1;
  };
}

describe('the right voice is found', () => {
  test('a piece of it, at its place', () => {
    const match = bestMatch(cut(original, 3000, 5000), original);
    assert.ok(match.peak > 0.999, `peak ${match.peak}`);
    assert.equal(match.offsetMs, 3000);
  });

  test('across the seam of the loop, quieter, clipped, in noise, and not on a frame’s edge', () => {
    const next = noise();
    const heard = change(cut(original, 10_003.7, 5000), (x) => Math.max(-0.1, Math.min(0.1, x * 0.3)) + next() * 0.005);
    const match = bestMatch(heard, original);
    assert.ok(match.peak > 0.9, `peak ${match.peak}`);
    assert.ok(Math.abs(match.offsetMs - 10_003.7) <= 10, `offset ${match.offsetMs}`);
  });
});

describe('wrong sound is refused: far below 0.8', () => {
  const second = secondVoice(original);
  const next = noise();
  const wrong: Record<string, Sound> = {
    'the second voice': cut(second, 1000, 6000),
    'the reading backwards': cut({ rate, samples: original.samples.toReversed() }, 1000, 6000),
    'the reading at another speed': change(
      cut(original, 0, 6000),
      (_, i) => original.samples[Math.floor(i * 1.5) % original.samples.length] ?? 0,
    ),
    'both voices at once': change(cut(original, 0, 8000), (x, i) => x * 0.4 + (second.samples[i] ?? 0)),
    noise: change(cut(original, 0, 6000), () => next() * 0.3),
    'a steady tone': change(cut(original, 0, 6000), (_, i) => Math.sin((i * 2 * Math.PI * 440) / rate)),
    silence: change(cut(original, 0, 6000), () => 0),
    'the reading, then silence': change(cut(original, 0, 8000), (x, i) => (i < rate * 2.5 ? x : 0)),
    'every other second missing': change(cut(original, 0, 8000), (x, i) => (Math.floor(i / rate) % 2 === 0 ? x : 0)),
  };
  for (const [name, heard] of Object.entries(wrong)) {
    test(name, () => {
      const { peak } = bestMatch(heard, original);
      assert.ok(peak < 0.7, `peak ${peak}`);
    });
  }

  test('the second voice is itself found in itself', () => {
    assert.ok(bestMatch(cut(second, 5000, 5000), second).peak > 0.99);
  });

  test('too short a recording is an error, not a match', () => {
    assert.throws(() => bestMatch(cut(original, 0, 2000), original), /too little to compare/);
  });
});

test('the envelope has one value for 10 ms; silence has no loudness', () => {
  const frames = envelope({ rate: 1000, samples: Float32Array.from({ length: 25 }, (_, i) => (i < 10 ? 0.5 : 0)) });
  assert.deepEqual([...frames], [0.5, 0]);
  assert.equal(loudness({ rate, samples: new Float32Array(0) }), 0);
  assert.equal(loudness({ rate, samples: new Float32Array(480) }), 0);
});

test('a sound survives being written to a WAV file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prospect-wav-'));
  try {
    const path = join(folder, 'a.wav');
    writeWav(path, { rate: 8000, samples: Float32Array.from([0, 0.5, -0.5, 1, -1]) });
    const back = readWav(path);
    assert.equal(back.rate, 8000);
    assert.deepEqual(
      [...back.samples].map((x) => Math.round(x * 100) / 100),
      [0, 0.5, -0.5, 1, -1],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
