/** Who hears what, in packets: real tokens, sockets, DTLS and SRTP. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { admin, commercial } from '../../relay/streams/testing/scene.ts';
import { HearingPair } from '../harness/relay/hearing-pair.ts';
import { testInRealPlaces } from '../harness/relay/real-places.ts';
import { eventually, type RealRelay, realToken } from '../harness/relay/real-relay.ts';

/** Longer than what may still be under way. */
const QUIET_MS = 400;

/** Neither to a page nor, over a pipe, to another node. */
async function passesNothingOn(relay: RealRelay): Promise<boolean> {
  const { media, workers } = await relay.report();
  return media.consumers === 0 && workers.every(({ router }) => router.mapConsumerIdProducerId.length === 0);
}

testInRealPlaces(
  'a token without the team cuts the audio at once; with the team again, the admin may select and hear again',
  {},
  async (t, { commercials, admins, relays }) => {
    const pair = await HearingPair.start(
      commercials,
      commercial('cleo', 'Nord'),
      admin('ada', ['Nord', 'Sud']),
      admins,
    );
    t.after(() => pair.close());

    await pair.admin.request('session:refresh', { token: realToken(admin('ada', ['Nord'])) });
    pair.ear.take();
    await wait(QUIET_MS);
    assert.ok(pair.ear.take().packets > 10, 'a team more or less that is not the commercial’s changes nothing');

    await pair.admin.request('session:refresh', { token: realToken(admin('ada', ['Sud'])) });
    assert.deepEqual(await pair.admin.until('listen:ended'), { commercialId: 'cleo', reason: 'forbidden' });
    await wait(50);
    pair.ear.take();
    await wait(QUIET_MS);
    assert.equal(pair.ear.take().packets, 0, 'not one packet after the team was taken away');
    assert.equal((await pair.admin.request('listen:select', { commercialId: 'cleo' })).status, 'waiting');
    for (const relay of relays) await eventually('nothing is passed on', async () => await passesNothingOn(relay));

    await pair.admin.request('session:refresh', { token: realToken(admin('ada', ['Nord'])) });
    pair.admin.heard.length = 0;
    await pair.admin.request('listen:select', { commercialId: 'cleo' });
    await pair.admin.until('listen:changed', ({ status }) => status === 'live');
  },
);

testInRealPlaces(
  'a commercial’s token of another team cuts the audio of those who may not hear that team',
  {},
  async (t, { commercials, admins }) => {
    const pair = await HearingPair.start(commercials, commercial('cleo', 'Nord'), admin('ada', ['Nord']), admins);
    t.after(() => pair.close());
    await pair.commercial.request('session:refresh', { token: realToken(commercial('cleo', 'Sud')) });
    await pair.admin.until('listen:ended', ({ reason }) => reason === 'forbidden');
    await wait(50);
    pair.ear.take();
    await wait(QUIET_MS);
    assert.equal(pair.ear.take().packets, 0);
    await pair.admin.until('roster:delta', ({ removed }) => removed.includes('cleo'));
  },
);

testInRealPlaces(
  'the relay passes nothing on while the commercial pauses, nor after the admin’s token has ended',
  { JWT_CLOCK_TOLERANCE: '0s' },
  async (t, { commercials, admins }) => {
    const pair = await HearingPair.start(commercials, commercial('cleo', 'Nord'), admin('ada', ['Nord']), admins);
    t.after(() => pair.close());
    const quiet = async (): Promise<number> => {
      await wait(50);
      pair.ear.take();
      await wait(QUIET_MS);
      return pair.ear.take().packets;
    };
    await pair.commercial.request('stream:pause', { paused: true });
    assert.equal(await quiet(), 0, 'paused');
    await pair.ear.renew();
    await pair.commercial.request('stream:pause', { paused: false });
    await eventually('heard again', () => pair.ear.take().packets > 0);
    await pair.admin.request('session:refresh', { token: realToken(admin('ada', ['Nord']), 2) });
    assert.equal((await pair.admin.until('session:ended')).code, 'token_expired');
    assert.equal(await quiet(), 0, 'the admin’s token has ended');
    const transports = admins === commercials ? 1 : 0;
    await eventually('its transport is closed', async () => (await admins.report()).media.transports === transports);
  },
);
