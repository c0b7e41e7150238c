import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../harness/wait.ts';
import { Crowd } from '../crowd/crowd.ts';
import { atMost, type Finding, same, shown } from '../measure/finding.ts';
import type { FaultCase } from './fault-case.ts';

const CROWD = 200;

/** The relay is killed under everybody, and everybody comes back at once. */
const reconnectStorm: FaultCase = {
  fault: `${CROWD} commercials reconnect at once (relay restart)`,
  ownRig: async () => ({}),
  async run({ rig, long }) {
    const origin = `http://127.0.0.1:${rig.httpPort}`;
    const tokens = Array.from({ length: CROWD }, () => rig.tokenFor(rig.newPair().commercial));
    const crowd = new Crowd(origin, tokens);
    const findings: Finding[] = [];
    try {
      await crowd.goLive(60_000);
      for (const awayMs of long ? [1_000, 8_000] : [1_500]) {
        await rig.killRelay();
        await sleep(awayMs);
        const back = await rig.startRelay();
        let tookMs: number | null = null;
        await waitUntil(
          'everybody live again',
          async () => {
            if (crowd.live < CROWD || (await activeStreams(origin)) < CROWD) return false;
            tookMs = Date.now() - back;
            return true;
          },
          45_000,
        ).catch(() => undefined);
        findings.push(
          atMost(`all live again, away ${awayMs / 1_000} s`, tookMs === null ? null : tookMs / 1_000, 10, 's', 40),
          same('live as the relay counts', await activeStreams(origin), CROWD),
          shown('states at the end', crowd.statuses),
        );
      }
      return findings;
    } finally {
      crowd.close();
    }
  },
};

async function activeStreams(origin: string): Promise<number> {
  const response = await fetch(`${origin}/api/streaming/status`);
  const counts = (await response.json()) as { active_commercials: number };
  return counts.active_commercials;
}

export const crowdCases: readonly FaultCase[] = [reconnectStorm];
