import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOOP_BACK_MS, LOOP_BACKS_PER_MINUTE, loopBackNotifications, MAX_LOOP_BACKS } from '../protocol/loop-back.ts';
import { admin, commercial } from '../streams/testing/scene.ts';
import { eventually, LivePage } from './testing/live-page.ts';
import { LiveRelay, type LiveRelayChanges, tokenOf } from './testing/live-relay.ts';

const ANNA = commercial('anna', 'Nord');

/** A relay, and pages of its namespace /doctor. */
async function scene(t: Parameters<typeof LiveRelay.start>[0], changes: LiveRelayChanges = {}) {
  const relay = await LiveRelay.start(t, changes);
  const dial = (auth: object, headers: Record<string, string> = {}) => {
    const page = LivePage.dial(`http://127.0.0.1:${relay.ports[0]}/doctor`, auth, { extraHeaders: headers });
    t.after(() => void page.socket.disconnect());
    return page;
  };
  const join = async (user: Parameters<typeof tokenOf>[0], validForMs?: number) => {
    const page = dial({ token: tokenOf(user, validForMs) });
    await heard(page, 'loopback:ready');
    return page;
  };
  const negotiate = async (page: LivePage) => {
    for (const [name, params] of [
      ['loopback:offer', { sdp: 'offer' }],
      ['loopback:connect', {}],
      ['loopback:answer', { sdp: 'answer' }],
    ] as const) {
      const ack = await page.raw(name, params);
      assert.ok(ack.ok, `${name}: ${JSON.stringify(ack)}`);
    }
  };
  return { relay, dial, join, negotiate };
}

async function heard(page: LivePage, name: keyof typeof loopBackNotifications) {
  await eventually(() => page.heard.some((each) => each.name === name), `${name} did not come`);
  const { payload } = page.heard.find((each) => each.name === name) ?? assert.fail();
  return loopBackNotifications[name].parse(payload);
}

test('a page hears itself: what it sends is what is carried to it', async (t) => {
  const { relay, join, negotiate } = await scene(t);
  const page = await join(ANNA);
  const ready = loopBackNotifications['loopback:ready'].parse(page.heard[0]?.payload);
  assert.equal(ready.role, 'commercial');
  assert.equal(ready.limitMs, LOOP_BACK_MS);
  await negotiate(page);
  const source = relay.media.publish().source;
  assert.ok(source);
  await eventually(() => relay.media.listen().heard === source, 'nothing comes back');
  // A new offer takes the older one's place, and is heard in its stead.
  assert.ok((await page.raw('loopback:offer', { sdp: 'offer' })).ok);
  await eventually(() => relay.media.listen().heard === relay.media.publish().source, 'the newer one is not heard');
  assert.notEqual(relay.media.publish().source, source);
  page.socket.disconnect();
  await eventually(() => relay.media.gauges().transports === 0, 'its media is left');
  assert.equal(relay.signalling.gauges().loopBacks, 0);
});

test('nobody knows of it: no roster, no stream, no session, nothing for who waits for the same person', async (t) => {
  const { relay, join, negotiate } = await scene(t);
  const ada = await relay.join(admin('ada', ['Nord']));
  await ada.request('listen:connect', { mode: 'connect' });
  const ear = relay.media.listen();
  await ada.request('listen:answer', { sdp: 'answer' });
  assert.equal((await ada.request('listen:select', { commercialId: 'anna' })).status, 'waiting');
  const before = ada.heard.length;
  await negotiate(await join(ANNA));
  await negotiate(await join(admin('bea', ['Nord'])));
  await eventually(() => relay.media.gauges().consumers === 2, 'the loop-backs do not run');
  assert.equal(relay.signalling.gauges().sessions, 1, 'the admin alone');
  assert.equal(relay.signalling.status.activeStreams(), 0);
  assert.deepEqual(
    relay.signalling.status.detail(() => true),
    [],
  );
  assert.equal(ear.heard, null);
  assert.deepEqual(ada.heard.slice(before), []);
});

test('its requests are its own, and those of sessions are none here', async (t) => {
  const { relay, join } = await scene(t);
  const page = await join(ANNA);
  for (const name of ['publish:offer', 'stream:start', 'listen:select', 'session:refresh', 'constructor', 'x'])
    assert.equal(await page.refused(name, {}), 'unknown_request', name);
  assert.equal(await page.refused('loopback:offer', { sdp: 7 }), 'bad_request');
  assert.equal(await page.refused('loopback:offer', { sdp: 'x', commercialId: 'y' }), 'bad_request');
  assert.equal(await page.refused('loopback:connect', {}, {}), 'bad_request');
  assert.equal(await page.refused('loopback:answer', { sdp: 'x' }), 'not_connected');
  const session = await relay.join(ANNA);
  assert.equal(await session.refused('loopback:connect', {}), 'unknown_request');
});

test('without a good token nobody gets in; pages of other origins neither, but the relay’s own does', async (t) => {
  const { relay, dial } = await scene(t);
  const code = async (page: LivePage) => (await page.refusal()).data?.code;
  assert.equal(await code(dial({})), 'token_missing');
  assert.equal(await code(dial({ token: 'garbage' })), 'token_malformed');
  const token = tokenOf(ANNA);
  assert.equal(await code(dial({ token }, { origin: 'https://other.example' })), 'origin_not_allowed');
  await heard(dial({ token }, { origin: `http://127.0.0.1:${relay.ports[0]}` }), 'loopback:ready');
});

test('there are few at a time, one for each user, and none when the relay is full', async (t) => {
  const { relay, dial, join } = await scene(t);
  const first = await join(ANNA);
  await join(ANNA);
  assert.deepEqual(await heard(first, 'loopback:ended'), { reason: 'replaced' });
  await eventually(() => first.disconnected, 'the older one stays');
  for (let index = 1; index < MAX_LOOP_BACKS; index += 1) await join(commercial(`c${index}`, 'Nord'));
  assert.equal(relay.signalling.gauges().loopBacks, MAX_LOOP_BACKS);
  const more = dial({ token: tokenOf(commercial('more', 'Nord')) });
  assert.equal((await more.refusal()).data?.code, 'capacity');
  await join(ANNA);
  relay.media.spare = false;
  assert.equal((await dial({ token: tokenOf(ANNA) }).refusal()).data?.code, 'capacity');
});

test('it takes no place of streams and listeners, however often one user begins anew', async (t) => {
  const { relay, dial } = await scene(t);
  relay.media.places = 2;
  const code = async () => {
    const page = dial({ token: tokenOf(ANNA) });
    const told = await page.atDoor();
    page.socket.disconnect();
    return told;
  };
  const codes = [];
  for (let round = 0; round < LOOP_BACKS_PER_MINUTE; round += 1) codes.push(await code());
  assert.equal(codes.at(0), 'loopback:ready');
  assert.equal(codes.at(-1), 'rate_limited', 'it may begin without end');
  assert.equal(codes.indexOf('rate_limited'), LOOP_BACKS_PER_MINUTE / 2);
  // Others are not held up by it, and the last places are still there for real streams.
  await heard(dial({ token: tokenOf(commercial('ben', 'Nord')) }), 'loopback:ready');
  assert.equal(relay.media.places, 2);
  await relay.live(commercial('cleo'));
  await relay.live(commercial('dan'));
  await eventually(() => relay.media.places === 0, 'the streams were not reckoned with');
});

test('requests that come too fast are refused, and then end it, as those of a session; a new one is no new allowance', async (t) => {
  const perSecond = 4;
  const { relay, join } = await scene(t, { limits: { messagesPerSecond: perSecond } });
  const page = await join(ANNA);
  const flood = async (from: LivePage, count: number) => {
    const code = (): Promise<string> =>
      from.raw('loopback:answer', { sdp: 'x' }).then(
        (ack) => (ack.ok ? 'ok' : ack.error.code),
        () => 'ended',
      );
    return Promise.all(Array.from({ length: count }, code));
  };
  const codes = await flood(page, perSecond * 8);
  assert.equal(codes.filter((code) => code === 'not_connected').length, perSecond * 2);
  assert.ok(codes.filter((code) => code === 'rate_limited').length >= perSecond * 5, codes.join());
  assert.deepEqual(await heard(page, 'loopback:ended'), { reason: 'rate_limited' });
  await eventually(() => page.disconnected, 'it stays');
  assert.equal(relay.signalling.gauges().loopBacks, 0);
  const again = await flood(await join(ANNA), perSecond * 3);
  assert.ok(again.filter((code) => code === 'not_connected').length < perSecond * 2, again.join());
  assert.equal(again.at(-1), 'ended');
  const { signalling } = relay;
  await eventually(() => signalling.gauges().loopBacks === 0, 'the newer one stays');
});

test('it ends with the token, and with the relay, and says so', async (t) => {
  const { relay, join, negotiate } = await scene(t);
  const short = await join(ANNA, 400);
  await negotiate(short);
  assert.deepEqual(await heard(short, 'loopback:ended'), { reason: 'token_expired' });
  assert.equal(relay.media.gauges().transports, 0);
  const last = await join(ANNA);
  await relay.signalling.close();
  assert.deepEqual(await heard(last, 'loopback:ended'), { reason: 'relay_stopping' });
});

test('a transport that is lost is told, and can be made anew', async (t) => {
  const { relay, join, negotiate } = await scene(t);
  const page = await join(ANNA);
  await negotiate(page);
  relay.media.publish().lose('worker_died');
  assert.deepEqual(await heard(page, 'loopback:lost'), { direction: 'up' });
  await negotiate(page);
  await eventually(() => relay.media.listen().heard === relay.media.publish().source, 'nothing comes back');
});
