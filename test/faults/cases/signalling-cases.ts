import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Finding, same, shown } from '../measure/finding.ts';
import { type FaultCase, noteBefore, READER_PAUSE_MS } from './fault-case.ts';

/** The WebSocket dies, the media path does not: nobody may hear it. */
const signallingLost: FaultCase = {
  fault: 'signalling socket lost, media path alive',
  async run({ rig, long }) {
    const pair = await rig.livePair();
    const { commercial, admin } = pair;
    const before = await noteBefore(pair);
    const ssrcs = [await commercial.ssrcs(), await admin.ssrcs()];
    for (let round = 0; round < (long ? 3 : 1); round += 1) {
      commercial.signalling.cutTcp();
      await sleep(1_000);
      admin.signalling.cutTcp();
      await sleep(2_500);
    }
    await commercial.waitForState('live');
    await admin.waitForState('listening');
    const audio = await admin.audioDelta(before.at);
    const after = [await commercial.ssrcs(), await admin.ssrcs()];
    const states = [...(await commercial.statesSince(before.at)), ...(await admin.statesSince(before.at))];
    return [
      atMost('longest silence', await admin.longestSilence(before.at), READER_PAUSE_MS, 'ms', 1_500),
      atMost('audio made up', audio.concealedShare * 100, 3, '%', 15),
      same('same producer and consumer', after.join() === ssrcs.join(), true),
      same('new connections', (await commercial.counts()).connections - before.commercial.connections, 0),
      same('states on both pages', [...new Set(states)].join(', '), 'live, listening'),
    ];
  },
};

/** The relay dies without a word and comes back: both pages must find it, and the stream must be live again. */
const relayKilled: FaultCase = {
  fault: 'relay killed (kill -9) and started again',
  async run({ rig, long }) {
    const pair = await rig.livePair();
    const { commercial, admin } = pair;
    const findings: Finding[] = [];
    for (const awayMs of long ? [1_000, 5_000, 12_000] : [2_000]) {
      const before = await noteBefore(pair);
      await rig.killRelay();
      await sleep(awayMs);
      const back = await rig.startRelay();
      const heard = await admin.heardAfter(back, 30_000);
      await commercial.waitForState('live');
      await admin.waitForState('listening');
      const after = await commercial.counts();
      findings.push(
        atMost(`audio back, away ${awayMs / 1_000} s`, seconds(heard), 3, 's', 15),
        same('microphone asked for again', after.microphoneRequests - before.commercial.microphoneRequests, 0),
      );
    }
    return findings;
  },
};

/** A planned restart: pages are told, and show nothing alarming. */
const relayStopped: FaultCase = {
  fault: 'relay stopping (SIGTERM), back within 10 s',
  async run({ rig, long }) {
    const pair = await rig.livePair();
    const { commercial, admin } = pair;
    const before = await noteBefore(pair);
    await rig.stopRelay();
    const stopMs = Date.now() - before.at;
    await sleep(long ? 4_000 : 2_000);
    const back = await rig.startRelay();
    const heard = await admin.heardAfter(back, 30_000);
    await commercial.waitForState('live');
    await admin.waitForState('listening');
    const errors = [
      ...(await commercial.eventsSince(before.at, 'prospect-error')),
      ...(await admin.eventsSince(before.at, 'prospect-error')),
    ];
    const awayMs = back - before.at;
    const shownErrors = errors.map(({ code }) => code).join(', ') || 'none';
    return [
      shown('relay away', awayMs / 1_000, 's'),
      atMost('relay stopped', stopMs / 1_000, 5, 's', 7),
      atMost('audio back', seconds(heard), 3, 's', 15),
      // A busy machine may take longer to start it again; then the pages are right to say so.
      awayMs < 10_000 ? same('errors shown', shownErrors, 'none') : shown('errors shown', shownErrors),
      shown('states of the button', (await commercial.statesSince(before.at)).join(' > ')),
      shown('states of the panel', (await admin.statesSince(before.at)).join(' > ')),
    ];
  },
};

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}

export const signallingCases: readonly FaultCase[] = [signallingLost, relayKilled, relayStopped];
