import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, same } from '../measure/finding.ts';
import { type FaultCase, noteBefore, READER_PAUSE_MS } from './fault-case.ts';

/** One media worker of two dies: its pair must be moved, the other pair must not notice. */
const workerKilled: FaultCase = {
  fault: 'mediasoup worker killed',
  // A relay of its own, whose workers carry nothing else: then it is known who lands on which.
  ownRig: async () => ({}),
  async run({ rig }) {
    const people = [rig.newPair(), rig.newPair()];
    // Each new transport goes to the worker with the fewest, and an admin's page connects as soon as there is somebody to hear:
    // both commercials first, then both admins, makes a pair on each worker.
    const streaming = [];
    for (const each of people) {
      const commercial = await rig.open(each.commercial);
      await rig.goLive(commercial);
      streaming.push({ people: each, commercial });
    }
    const pairs = [];
    for (const each of streaming) {
      const pair = { ...each, admin: await rig.open(each.people.admin) };
      await rig.listen(pair);
      pairs.push(pair);
    }
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
    // What was in buffers plays on for a while: the voice of the new path is the one after the silence.
    await sleep(1_000);
    const silence = await hit.admin.longestSilence(before.at);
    const [ofCommercial, ofAdmin] = [await hit.commercial.counts(), await hit.admin.counts()];
    const moved =
      ofCommercial.connections - before.commercial.connections + ofAdmin.connections - before.admin.connections;
    const requests = ofCommercial.microphoneRequests - before.commercial.microphoneRequests;
    return [
      atMost('its stream: longest silence', heard === null ? null : silence / 1_000, 3, 's', 15),
      same('its pages: new connections', moved, 2),
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
