import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NOTHING_SAMPLED } from '../relay-client/peer-sample.ts';
import { Loudness } from './loudness.ts';

/** So many fifths of a second of sound at this RMS, in dB below full scale. */
function say(loudness: Loudness, id: string, db: number, fifths: number): void {
  for (let i = 0; i < fifths; i += 1) {
    loudness.push(id, NOTHING_SAMPLED, { ...NOTHING_SAMPLED, duration: 0.2, energy: 0.2 * 10 ** (db / 10) });
  }
}

const dB = (gain: number): number => 20 * Math.log10(gain);

describe('loudness evened out', () => {
  it('brings loud and quiet people nearer to each other, gently, and keeps who is in the middle', () => {
    const loudness = new Loudness();
    for (const [id, db] of [
      ['loud', -14],
      ['usual', -28],
      ['quiet', -44],
    ] as const)
      say(loudness, id, db, 50);
    const [loud, usual, quiet] = ['loud', 'usual', 'quiet'].map((id) => dB(loudness.gainOf(id)));
    assert.ok(Math.abs((loud ?? 0) + 9) < 0.1 && Math.abs(usual ?? 1) < 0.1 && Math.abs((quiet ?? 0) - 6) < 0.1);
  });

  it('moves too slowly to be noticed, does nothing at the first sounds, and learns nothing from silence', () => {
    const loudness = new Loudness();
    say(loudness, 'a', -14, 2);
    assert.equal(loudness.gainOf('a'), 1);
    say(loudness, 'a', -14, 2);
    assert.ok(Math.abs(dB(loudness.gainOf('a')) + 1.2) < 0.01);
    const before = loudness.gainOf('a');
    say(loudness, 'a', -70, 100);
    assert.equal(loudness.gainOf('a'), before);
    loudness.push('a', { ...NOTHING_SAMPLED, energy: 5, duration: 9 }, NOTHING_SAMPLED);
    assert.equal(loudness.gainOf('a'), before, 'counters began anew');
  });

  it('remembers each one, of so many', () => {
    const loudness = new Loudness();
    say(loudness, 'first', -14, 25);
    assert.ok(loudness.gainOf('first') < 0.5);
    for (let i = 0; i < 200; i += 1) say(loudness, `c${i}`, -28, 1);
    assert.equal(loudness.gainOf('first'), 1);
  });
});
