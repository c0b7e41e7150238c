import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../harness/wait.ts';
import { atMost, type Finding, same } from '../measure/finding.ts';
import type { FaultPage } from '../rig/fault-page.ts';
import { type FaultCase, noteBefore, READER_PAUSE_MS } from './fault-case.ts';

/** Long enough to go live in, short enough to wait for. */
const LIFETIME_S = 20;

async function untilExpiring(page: FaultPage): Promise<void> {
  await waitUntil(
    'prospect-token-expiring',
    async () => (await page.eventsSince(0, 'prospect-token-expiring')).length > 0,
    (LIFETIME_S + 10) * 1_000,
  );
}

/** The host sets a fresh token when it is asked to: nobody hears it. */
const refreshed: FaultCase = {
  fault: 'token expires while live, refreshed in place',
  async run({ rig }) {
    const pair = await rig.livePair({ lifetimeS: { commercial: LIFETIME_S, admin: LIFETIME_S } });
    const { commercial, admin, people } = pair;
    const before = await noteBefore(pair);
    await Promise.all([
      untilExpiring(commercial).then(() => commercial.setToken(rig.tokenFor(people.commercial))),
      untilExpiring(admin).then(() => admin.setToken(rig.tokenFor(people.admin))),
    ]);
    // Past the end of the first tokens, with the relay's tolerance for clocks.
    await sleep(12_000);
    const errors = [
      ...(await commercial.eventsSince(before.at, 'prospect-error')),
      ...(await admin.eventsSince(before.at, 'prospect-error')),
    ];
    const states = [...(await commercial.statesSince(before.at)), ...(await admin.statesSince(before.at))];
    return [
      atMost('longest silence', await admin.longestSilence(before.at), READER_PAUSE_MS, 'ms', 1_500),
      same('states on both pages', states.join(', '), 'live, listening'),
      same('errors', errors.map(({ code }) => code).join(', ') || 'none', 'none'),
      same('new connections', (await commercial.counts()).connections - before.commercial.connections, 0),
    ];
  },
};

/** The host does nothing: the relay cuts at the end and says why. */
const expired: FaultCase = {
  fault: 'token expires while live, not refreshed',
  async run({ rig, long }) {
    const findings: Finding[] = [];
    for (const side of long ? (['commercial', 'admin'] as const) : (['commercial'] as const)) {
      const madeAt = Date.now();
      const pair = await rig.livePair({ lifetimeS: { [side]: LIFETIME_S } });
      const page = pair[side];
      await untilExpiring(page);
      const expiringAt = (await page.eventsSince(0, 'prospect-token-expiring'))[0]?.at ?? 0;
      await waitUntil(
        'prospect-error',
        async () => (await page.eventsSince(madeAt, 'prospect-error')).length > 0,
        (LIFETIME_S + 20) * 1_000,
      );
      const [error] = await page.eventsSince(madeAt, 'prospect-error');
      // What is in buffers plays on for a moment.
      await sleep(1_500);
      const quietFrom = Date.now();
      await sleep(2_000);
      const heardAfterCut = (await pair.admin.heardAfter(quietFrom, 100)) !== null;
      const cutAfterS = error ? (error.at - madeAt) / 1_000 - LIFETIME_S : null;
      const refreshedAt = Date.now();
      await page.setToken(rig.tokenFor(pair.people[side]));
      const back = await pair.admin.heardAfter(refreshedAt, 30_000);
      findings.push(
        same(`${side}: warned before the cut`, expiringAt > 0 && expiringAt < (error?.at ?? 0), true),
        same(`${side}: reason`, error?.code, 'token_expired'),
        // The relay allows for clocks that differ by five seconds.
        atMost(`${side}: from exp to the cut`, cutAfterS, 7, 's', 15),
        same(`${side}: heard after the cut`, heardAfterCut, false),
        atMost(`${side}: audio back after a fresh token`, back === null ? null : back / 1_000, 3, 's', 15),
      );
    }
    return findings;
  },
};

export const tokenCases: readonly FaultCase[] = [refreshed, expired];
