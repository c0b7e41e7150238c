import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bestMatch } from './correlate.ts';
import type { AdminPage } from './person-page.ts';
import { isSilent, type Probe } from './probe.ts';
import { type Sound, writeWav } from './wav.ts';

/** Two envelopes that match this well are the same voice. */
export const SAME_VOICE = 0.8;
/** And these are not: between the two lies what no test should meet. */
export const OTHER_VOICE = 0.65;
/** Long enough that no wrong voice matches by chance. */
const RECORDING_MS = 6000;

/** Recordings that may be tried: a machine that is busy with other things can spoil one with gaps of its own making. */
const ATTEMPTS = 3;

/** Records what the admin hears, and proves that it is this voice and, if given, not that one. */
export async function assertHears(admin: AdminPage, voice: Sound, notThisOne?: Sound): Promise<void> {
  const { heard, peak } = await bestOf(admin.probe, voice);
  if (peak < SAME_VOICE) {
    const file = join(tmpdir(), `prospect-heard-${Date.now()}.wav`);
    writeWav(file, heard);
    assert.fail(
      `what is heard matches the voice by ${peak.toFixed(3)}, less than ${SAME_VOICE}; it is kept in ${file}`,
    );
  }
  assert.ok((await admin.probe.volume()) > 0, 'the page plays it at volume 0');
  if (notThisOne) {
    const other = bestMatch(heard, notThisOne).peak;
    assert.ok(other < OTHER_VOICE, `the other voice is heard too: ${other.toFixed(3)}`);
  }
}

/** How well what the admin hears matches this voice, and how well another one: correlations, 1 for the same. */
export async function matchOf(admin: AdminPage, voice: Sound, other: Sound): Promise<{ voice: number; other: number }> {
  const { heard, peak } = await bestOf(admin.probe, voice);
  return { voice: peak, other: bestMatch(heard, other).peak };
}

/** How well what a page plays matches this voice: a correlation. @param attempts 6 s each, where what is heard does not last long */
export async function peakOf(probe: Probe, voice: Sound, attempts = ATTEMPTS): Promise<number> {
  return (await bestOf(probe, voice, attempts)).peak;
}

/** The first recording that matches well, or the last of several. */
async function bestOf(probe: Probe, voice: Sound, attempts = ATTEMPTS): Promise<{ heard: Sound; peak: number }> {
  for (let attempt = 1; ; attempt++) {
    const heard = await probe.record(RECORDING_MS);
    const { peak } = bestMatch(heard, voice);
    if (attempt === attempts || peak >= SAME_VOICE) return { heard, peak };
  }
}

/** Proves that the admin hears nothing at all for a while. */
export async function assertHearsNothing(admin: AdminPage, ms = 3000): Promise<void> {
  assert.ok(isSilent(await admin.probe.record(ms)), 'something is heard');
}
