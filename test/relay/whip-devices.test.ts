/** Devices at a whole relay: who is let in, and what becomes of their streams. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { deviceOffer } from '../../relay/sdp/testing/device-fixtures.ts';
import { admin, commercial } from '../../relay/streams/testing/scene.ts';
import { eventually, realToken } from '../harness/relay/real-relay.ts';
import { WeriftDevice } from '../harness/wish/werift-peers.ts';
import { NEW, OBS_OFFER, patch, SAME, WhipHost } from '../harness/wish/whip-host.ts';
import { DEVICES_HEARD, WishRelay } from '../harness/wish/wish-relay.ts';
import { offerTo, sessionUrl, wish } from '../harness/wish/wish-request.ts';

const host = new WhipHost();

describe('the door', () => {
  it('takes nothing but what it can answer with: 406', async () => {
    const { status, code } = await offerTo(host.whip, host.somebody().token, OBS_OFFER, { accept: 'application/json' });
    assert.deepEqual([status, code], [406, 'not_acceptable']);
    assert.equal((await offerTo(host.whip, host.somebody().token, OBS_OFFER, { accept: '*/*' })).status, 201);
  });

  it('reads 64 KiB and no more: 413', async () => {
    const { status, code } = await offerTo(host.whip, host.somebody().token, OBS_OFFER + 'a=x\r\n'.repeat(20_000));
    assert.deepEqual([status, code], [413, 'too_large']);
  });

  it('is shut where WHIP is off, as it is by default', async () => {
    const off = await WishRelay.start(DEVICES_HEARD, { WHIP: 'off', WHEP: 'off' });
    for (const path of ['/whip', '/whep/cleo'])
      assert.equal((await offerTo(off.url + path, host.somebody().token, OBS_OFFER)).status, 404);
    await off.close();
  });

  it('is for commercials: 403', async () => {
    const { status, code } = await offerTo(host.whip, realToken(admin('ada')), OBS_OFFER);
    assert.deepEqual([status, code], [403, 'forbidden']);
  });

  it('leads nobody to a session of somebody else, whoever knows its URL', async () => {
    const { url, etag } = await host.session();
    const { token } = host.somebody();
    for (const answer of [await wish('DELETE', url, { token }), await patch(url, token, NEW, etag)]) {
      assert.deepEqual([answer.status, answer.code], [404, 'no_session']);
    }
  });

  it('lets so many requests of an address pass, and no more: 429', async (t) => {
    const other = await WishRelay.start();
    t.after(() => other.close());
    const answers = await Promise.all(Array.from({ length: 140 }, () => offerTo(`${other.url}/whip`, 'x', OBS_OFFER)));
    const limited = answers.filter(({ code }) => code === 'rate_limited');
    assert.ok(limited.length > 20 && limited.every(({ status }) => status === 429));
  });
});

describe('a device', () => {
  it('is a commercial like any other in the roster, which says that it is a device, and in the audit trail', async () => {
    const ada = await host.relay.relay.join(admin('ada-1'));
    const { user, url, token } = await host.session();
    await ada.untilRow(user.id, ({ device, status }) => device === true && status === 'live');
    const started = host.relay.relay.trail.find((e) => e.event === 'stream_started' && e.commercial === user.id);
    assert.ok(started?.event === 'stream_started' && started.device);
    await wish('DELETE', url, { token });
    await ada.untilRow(user.id, ({ device, status }) => device === undefined && status === 'offline');
    ada.socket.disconnect();
  });

  it('is refused unless the policy says that devices may be heard, and ended when it says so no more', async (t) => {
    const other = await WishRelay.start({});
    t.after(() => other.close());
    const refused = await offerTo(`${other.url}/whip`, host.somebody().token, OBS_OFFER);
    assert.deepEqual([refused.status, refused.code], [403, 'policy_devices']);
    other.setPolicy(DEVICES_HEARD);
    const { user, token } = host.somebody();
    const taken = await offerTo(`${other.url}/whip`, token, OBS_OFFER);
    assert.equal(taken.status, 201);
    other.setPolicy({});
    const ended = () => other.relay.trail.find((e) => e.event === 'stream_ended' && e.commercial === user.id);
    await eventually('the stream ends', () => ended() !== undefined);
    const end = ended();
    assert.ok(end?.event === 'stream_ended' && end.cause === 'policy_devices');
    assert.equal((await wish('DELETE', sessionUrl(`${other.url}/whip`, taken), { token })).status, 404);
  });

  it('whose token asks for sealed streams is refused', async () => {
    const token = realToken(Object.assign(commercial('sealed'), { e2ee: 'required' }));
    const { status, code } = await offerTo(host.whip, token, OBS_OFFER);
    assert.deepEqual([status, code], [409, 'e2ee_required']);
  });

  it('takes over from a device of the same person, whose session is over then', async () => {
    const { url, token } = await host.session();
    const newer = await offerTo(host.whip, token, OBS_OFFER);
    assert.equal(newer.status, 201);
    await eventually(
      'the older is gone',
      async () =>
        (await wish('GET', url, { token })).status === 200 && (await patch(url, token, SAME, '*')).status === 404,
    );
    assert.equal((await wish('DELETE', sessionUrl(host.whip, newer), { token })).status, 200);
  });

  it('never takes over from a page; the page does from it, and the device is kept out until it has another token', async () => {
    const { user, token, url } = await host.session();
    const page = await host.relay.relay.join(user);
    await page.until('stream:elsewhere', ({ status }) => status !== null);
    await page.request('stream:stop-elsewhere');
    await eventually('the device is gone', async () => (await patch(url, token, SAME, '*')).status === 404);
    const kept = await offerTo(host.whip, token, OBS_OFFER);
    assert.deepEqual([kept.status, kept.code], [409, 'stopped_by_page']);
    assert.ok(Number(kept.headers.get('retry-after')) > 500);
    const body = { type: 'application/sdp', body: OBS_OFFER };
    const respelled = await wish('POST', host.whip, { ...body, headers: { authorization: `bearer   ${token}` } });
    assert.deepEqual([respelled.status, respelled.code], [409, 'stopped_by_page']);
    const newer = realToken(user, 599);
    assert.equal((await offerTo(host.whip, newer, OBS_OFFER)).status, 201);

    await page.request('publish:offer', { mode: 'connect', sdp: deviceOffer('gstreamer-1.22-webrtcbin-offer') });
    await page.request('stream:start');
    const ends = host.relay.relay.trail.filter((e) => e.event === 'stream_ended' && e.commercial === user.id);
    assert.deepEqual(
      ends.map((e) => e.event === 'stream_ended' && e.cause),
      ['stopped', 'replaced'],
    );
    const busy = await offerTo(host.whip, realToken(user, 598), OBS_OFFER);
    assert.deepEqual([busy.status, busy.code], [409, 'page_active']);
    page.socket.disconnect();
  });

  it('ends with its token', async (t) => {
    const user = commercial('short');
    const other = await WishRelay.start(DEVICES_HEARD, { JWT_CLOCK_TOLERANCE: '0s' });
    t.after(() => other.close());
    assert.equal((await offerTo(`${other.url}/whip`, realToken(user, 3), OBS_OFFER)).status, 201);
    const ended = () => other.relay.trail.find((e) => e.event === 'stream_ended');
    await eventually('the stream ends', () => ended() !== undefined);
    const end = ended();
    assert.ok(end?.event === 'stream_ended' && end.cause === 'token_expired');
    assert.equal((await other.relay.report()).signalling.sessions, 0);
  });

  it('whose media is lost is waited for, and then its session ends', async (t) => {
    const other = await WishRelay.start(DEVICES_HEARD, { SESSION_GRACE: '1s' });
    const device = new WeriftDevice();
    t.after(() => Promise.all([device.close(), other.close()]));
    const answer = await offerTo(`${other.url}/whip`, host.somebody().token, await device.offer());
    await device.speak(answer.text);
    await eventually('it is connected', () => device.state === 'connected');
    await device.close();
    const ended = () => other.relay.trail.some((e) => e.event === 'stream_ended');
    await eventually('the stream ends', ended, 30_000);
    await eventually('nothing is left', async () => {
      const { signalling, media } = await other.relay.report();
      return signalling.sessions === 0 && media.transports === 0;
    });
  });

  it('is counted in the metrics', async () => {
    await wish('POST', host.whip, { token: host.somebody().token, type: 'application/sdp', body: 'no offer' });
    const { url, token } = await host.session();
    const metrics = async () => (await fetch(`${host.relay.url}/metrics`)).text();
    assert.match(await metrics(), /^prospect_relay_whip_sessions [1-9]/m);
    assert.match(
      await metrics(),
      /^prospect_relay_http_requests_total\{method="POST",route="\/whip",status="201"\} [1-9]/m,
    );
    assert.match(await metrics(), /^prospect_relay_refusals_total\{at="whip",code="sdp_invalid"\} [1-9]/m);
    await wish('DELETE', url, { token });
  });

  it('has its audio thrown away by the media worker while nobody listens', async (t) => {
    const device = new WeriftDevice();
    t.after(() => device.close());
    const { user, token } = host.somebody();
    const answer = await offerTo(host.whip, token, await device.offer());
    await device.speak(answer.text);
    await eventually('it is connected', () => device.state === 'connected');
    const paused = async (): Promise<boolean> => {
      const { workers } = await host.relay.relay.report();
      return workers.every(({ router }) => router.mapConsumerIdProducerId.length === 0);
    };
    assert.ok(await paused());
    const sent = device.sent;
    await wait(300);
    assert.ok(device.sent > sent, 'the device sends all the time');
    assert.ok(!host.relay.relay.trail.some((e) => e.event === 'hearing_began' && e.commercial === user.id));
    await wish('DELETE', sessionUrl(host.whip, answer), { token });
  });
});
