import assert from 'node:assert/strict';
import { bestMatch } from './correlate.ts';
import type { AdminPage } from './person-page.ts';
import { isSilent } from './probe.ts';
import type { Sound } from './wav.ts';

/** Two envelopes that match this well are the same voice. */
export const SAME_VOICE = 0.8;
/** And these are not: between the two lies what no test should meet. */
const OTHER_VOICE = 0.6;
/** Long enough that no wrong voice matches by chance. */
const RECORDING_MS = 6000;

/** Records what the admin hears, and proves that it is this voice and, if given, not that one. */
export async function assertHears(admin: AdminPage, voice: Sound, notThisOne?: Sound): Promise<void> {
  const heard = await admin.probe.record(RECORDING_MS);
  const { peak } = bestMatch(heard, voice);
  assert.ok(peak >= SAME_VOICE, `what is heard matches the voice by ${peak.toFixed(3)}, less than ${SAME_VOICE}`);
  assert.ok((await admin.probe.volume()) > 0, 'the page plays it at volume 0');
  if (notThisOne) {
    const other = bestMatch(heard, notThisOne).peak;
    assert.ok(other < OTHER_VOICE, `the other voice is heard too: ${other.toFixed(3)}`);
  }
}

/** Proves that the admin hears nothing at all for a while. */
export async function assertHearsNothing(admin: AdminPage, ms = 3000): Promise<void> {
  assert.ok(isSilent(await admin.probe.record(ms)), 'something is heard');
}
