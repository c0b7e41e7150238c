import { setTimeout as sleep } from 'node:timers/promises';
import { atLeast, atMost, type Finding, same, shown } from '../measure/finding.ts';
import type { FaultPage } from '../rig/fault-page.ts';
import type { FaultRig, LivePair } from '../rig/fault-rig.ts';
import { type FaultCase, noteBefore } from './fault-case.ts';

/** No coverage for a while, on one side: signalling and media stand still, nothing is refused, nothing is reset. */
const networkGone: FaultCase = {
  fault: 'network gone 5 s, 20 s',
  async run({ rig, long }) {
    const pair = await rig.livePair();
    const findings: Finding[] = [];
    const outages: readonly (readonly [side: 'commercial' | 'admin', awayMs: number])[] = long
      ? [
          ['commercial', 5_000],
          ['commercial', 20_000],
          ['admin', 5_000],
          ['admin', 20_000],
        ]
      : [
          ['commercial', 5_000],
          ['admin', 5_000],
        ];
    for (const [side, awayMs] of outages) {
      const before = await noteBefore(pair);
      const plugIn = rig.unplug(pair[side]);
      await sleep(awayMs);
      plugIn();
      const back = Date.now();
      const heard = await pair.admin.heardAfter(back, 30_000);
      await settled(pair);
      const requests = (await pair.commercial.counts()).microphoneRequests - before.commercial.microphoneRequests;
      findings.push(
        atMost(`audio back, ${side} away ${awayMs / 1_000} s`, seconds(heard), 2, 's', 15),
        same('microphone asked for again', requests, 0),
      );
    }
    return findings;
  },
};

/** Wi-Fi to mobile network as the relay sees it: the same page from another address. */
const addressChanged: FaultCase = {
  fault: 'address change (Wi-Fi to 4G)',
  async run({ rig, long }) {
    const pair = await rig.livePair();
    const findings: Finding[] = [];
    for (let round = 0; round < (long ? 3 : 1); round += 1) {
      for (const side of ['commercial', 'admin'] as const) {
        const before = await noteBefore(pair);
        rig.moveToOtherNetwork(pair[side]);
        // What is in buffers plays on: the voice of the new path is the one after the silence.
        await sleep(300);
        const heard = await pair.admin.heardAfter(before.at + 300, 30_000);
        await settled(pair);
        await sleep(1_000);
        const silence = await pair.admin.longestSilence(before.at);
        const after = await pair[side].counts();
        findings.push(
          atMost(`longest silence, ${side} moved`, heard === null ? null : silence / 1_000, 3, 's', 15),
          shown('ICE restarts and new connections', `${after.ufrags - before[side].ufrags}`),
          same('microphone asked for again', after.microphoneRequests - before[side].microphoneRequests, 0),
        );
      }
    }
    return findings;
  },
};

const TELLING_LOSS = 1.5;

/** Half of a mobile network's usual round trip: without it, everything lost is sent again before anybody misses it. */
const ONE_WAY_MS = 40;

/** Packets are lost on the way: what is made up for them may be at most one and a half times as much. */
async function lose(
  rig: FaultRig,
  pair: LivePair,
  side: 'commercial' | 'admin',
  lossRate: number,
  ms: number,
): Promise<Finding[]> {
  const page = pair[side];
  const direction = side === 'commercial' ? 'up' : 'down';
  const far = rig.onMedia((link) => link.impair({ protocol: 'udp', delayMs: ONE_WAY_MS, where: page.owns }));
  const lossy = rig.onMedia((link) => link.impair({ protocol: 'udp', direction, lossRate, where: page.owns }));
  // The sender learns of the loss from the receiver's reports, which come every few seconds.
  await sleep(4_000);
  const from = Date.now();
  const sentBefore = await pair.commercial.sent();
  await sleep(ms);
  const audio = await pair.admin.audioDelta(from);
  const sent = await pair.commercial.sent();
  lossy();
  far();
  const name = `loss ${lossRate * 100} % on the ${side}'s side`;
  const findings = [
    atMost(`audio made up, ${name}`, audio.concealedShare * 100, lossRate * 100 * TELLING_LOSS, '%', 40),
  ];
  if (side === 'commercial') {
    findings.push(
      atLeast('packets asked for again (NACK)', sent.nacks - sentBefore.nacks, 1, ''),
      shown('packets sent again', sent.retransmitted - sentBefore.retransmitted),
      // Restored by the admin's page from what the commercial's encoder added.
      lossRate >= 0.2 ? atLeast('packets with FEC', audio.fec, 1, '') : shown('packets with FEC', audio.fec),
    );
  } else {
    findings.push(atLeast('packets asked for again (NACK)', audio.nacks, 1, ''), shown('packets with FEC', audio.fec));
  }
  return findings;
}

const packetsLost: FaultCase = {
  fault: 'packet loss 5 %, 10 %, 20 %; jitter 50 ms',
  async run({ rig, long }) {
    const pair = await rig.livePair();
    const ms = long ? 20_000 : 6_000;
    const findings: Finding[] = [];
    for (const side of ['commercial', 'admin'] as const) {
      for (const rate of long ? [0.05, 0.1, 0.2] : [0.1]) findings.push(...(await lose(rig, pair, side, rate, ms)));
    }
    const lift = rig.onMedia((link) => link.impair({ protocol: 'udp', delayMs: 20, jitterMs: 50 }));
    // The jitter buffer learns first: it cannot know of a jitter that it has not seen.
    await sleep(4_000);
    const from = Date.now();
    await sleep(ms);
    const audio = await pair.admin.audioDelta(from);
    lift();
    findings.push(atMost('audio made up, jitter 50 ms both ways', audio.concealedShare * 100, 5, '%', 25));
    await settled(pair);
    return findings;
  },
};

/** Both pages say that all is well again. */
async function settled({ commercial, admin }: { commercial: FaultPage; admin: FaultPage }): Promise<void> {
  await commercial.waitForState('live');
  await admin.waitForState('listening');
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}

export const networkCases: readonly FaultCase[] = [networkGone, addressChanged, packetsLost];
