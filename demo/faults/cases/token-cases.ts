import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../e2e/harness/wait.ts';
import { atMost, type Finding, same } from '../measure/finding.ts';
import type { FaultPage } from '../rig/fault-page.ts';
import { type FaultCase, noteBefore, READER_PAUSE_MS } from './fault-case.ts';

/** Long enough to go live in, short enough to wait for. */
const LIFETIME_S = 25;

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
      await page.waitForState('idle', (LIFETIME_S + 20) * 1_000);
      const [error] = await page.eventsSince(madeAt, 'prospect-error');
      await sleep(1_500);
      const cutAt = Date.now();
      await sleep(1_000);
      findings.push(
        same(`${side}: warned before`, expiringAt < madeAt + LIFETIME_S * 1_000, true),
        same(`${side}: reason`, error?.code, 'token_expired'),
        atMost(
          `${side}: from exp to the cut`,
          error ? Math.max(0, error.at - madeAt) / 1_000 - LIFETIME_S : null,
          6,
          's',
          12,
        ),
        same(`${side}: audio after the cut`, (await pair.admin.heardAfter(cutAt, 100)) !== null, false),
      );
    }
    return findings;
  },
};

export const tokenCases: readonly FaultCase[] = [refreshed, expired];
