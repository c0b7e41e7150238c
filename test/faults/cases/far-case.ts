import { atMost, type Finding, same } from '../measure/finding.ts';
import type { FaultCase } from './fault-case.ts';

/** Each way: a satellite, or a full cell with deep buffers. A connection takes some six round trips, ICE and DTLS as many again. */
const ONE_WAY_MS = 1_000;
const seconds = (from: number): number => (Date.now() - from) / 1_000;

/** The commercial's page is far away from its first moment on: a fixed patience would give up just before each attempt's end, for ever. */
const farAway: FaultCase = {
  fault: 'round trips of 2 s from the start',
  async run({ rig }) {
    const people = rig.newPair();
    const near = rig.onMedia((link) => link.impair({ delayMs: ONE_WAY_MS }));
    const findings: Finding[] = [];
    try {
      let from = Date.now();
      const commercial = await rig.open(people.commercial, { signalling: { delayMs: ONE_WAY_MS } });
      await commercial.waitForState('ready', 60_000);
      findings.push(atMost('connected', seconds(from), 20, 's', 60));
      from = Date.now();
      await commercial.click();
      await commercial.waitForState('live', 60_000);
      findings.push(atMost('live after the tap', seconds(from), 20, 's', 60));
      const admin = await rig.open(people.admin);
      from = Date.now();
      await rig.listen({ commercial, admin, people });
      findings.push(atMost('heard after the click', seconds(from), 20, 's', 60));
      for (const page of [commercial, admin]) {
        const errors = await page.eventsSince(0, 'prospect-error');
        findings.push(same('errors', errors.map(({ code }) => code).join(', ') || 'none', 'none'));
      }
    } finally {
      near();
    }
    return findings;
  },
};

export const farCases: readonly FaultCase[] = [farAway];
