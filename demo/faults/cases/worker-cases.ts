import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, same } from '../measure/finding.ts';
import { type FaultCase, noteBefore, READER_PAUSE_MS } from './fault-case.ts';

/** One media worker of two dies: its pair must be moved, the other pair must not notice. */
const workerKilled: FaultCase = {
  fault: 'mediasoup worker killed',
  // A relay of its own, whose workers carry nothing else: then it is known who lands on which.
  ownRig: async () => ({}),
  async run({ rig }) {
    const pairs = [];
    for (let index = 0; index < 2; index += 1) {
      const people = rig.newPair();
      pairs.push({ people, commercial: await rig.open(people.commercial), admin: await rig.open(people.admin) });
    }
    // Each new transport goes to the worker with the fewest: commercial, commercial, admin, admin makes a pair on each.
    for (const pair of pairs) await rig.goLive(pair);
    for (const pair of pairs) await rig.listen(pair);
    const [hit, spared] = pairs;
    if (!hit || !spared) throw new Error('There are no two pairs.');
    const [ofHit, ofSpared] = [hit, spared].map(({ commercial, admin }) => [
      rig.workerOf(commercial),
      rig.workerOf(admin),
    ]);
    if (ofHit?.join() !== '0,0' || ofSpared?.join() !== '1,1') {
      throw new Error(`The pairs are not each on one worker: ${ofHit} and ${ofSpared}.`);
    }
    const before = await noteBefore(hit);
    process.kill(rig.workerPid(0), 'SIGKILL');
    await sleep(300);
    const heard = await hit.admin.heardAfter(before.at + 300, 30_000);
    await hit.commercial.waitForState('live');
    await hit.admin.waitForState('listening');
    const requests = (await hit.commercial.counts()).microphoneRequests - before.commercial.microphoneRequests;
    return [
      atMost('its stream: audio back', heard === null ? null : (heard + 300) / 1_000, 3, 's', 15),
      same('its stream: microphone asked for again', requests, 0),
      atMost(
        'other stream: longest silence',
        await spared.admin.longestSilence(before.at),
        READER_PAUSE_MS,
        'ms',
        1_500,
      ),
      same(
        'other stream: states',
        [...(await spared.commercial.statesSince(before.at)), ...(await spared.admin.statesSince(before.at))].join(
          ', ',
        ),
        'live, listening',
      ),
    ];
  },
};

export const workerCases: readonly FaultCase[] = [workerKilled];
