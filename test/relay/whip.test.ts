/**
 * WHIP at a whole relay: what RFC 9725 asks of an endpoint (each test that proves one of its requirements begins with the number that
 * docs/whip.md gives it), and what this relay promises of devices.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { deviceOffer } from '../../relay/sdp/testing/device-fixtures.ts';
import { admin, commercial } from '../../relay/streams/testing/scene.ts';
import { eventually, realToken } from '../harness/relay/real-relay.ts';
import { WeriftDevice } from '../harness/wish/werift-peers.ts';
import { DEVICES_HEARD, WishRelay } from '../harness/wish/wish-relay.ts';
import { offerTo, sessionUrl, type WishAnswer, wish } from '../harness/wish/wish-request.ts';

const SDP = 'application/sdp';
const FRAGMENT = 'application/trickle-ice-sdpfrag';
const OFFER = deviceOffer('obs-31-offer');
const RFC_OFFER = deviceOffer('rfc9725-offer');

let host: WishRelay;
let whip = '';
let people = 0;

before(async () => {
  host = await WishRelay.start(DEVICES_HEARD, {
    STUN_URLS: 'stun:stun.example.com:3478',
    TURN_URLS: 'turn:turn.example.com:3478?transport=udp',
    TURN_SECRET: 'the same as in turnserver.conf',
    ALLOWED_ORIGINS: 'https://app.example.com',
  });
  whip = `${host.url}/whip`;
});
after(() => host.close());

/** A commercial of whom nothing was seen before. */
function somebody() {
  people += 1;
  const user = commercial(`rep-${people}`);
  return { user, token: realToken(user) };
}

/** A device's session, of somebody of whom nothing was seen before. */
async function session(offer = OFFER) {
  const { user, token } = somebody();
  const answer = await offerTo(whip, token, offer);
  assert.equal(answer.status, 201, answer.text);
  return { user, token, answer, url: sessionUrl(whip, answer), etag: answer.headers.get('etag') ?? '' };
}

function fragment(ufrag: string, pwd: string): string {
  return [
    'a=group:BUNDLE 0 1',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=mid:0',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    'a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host',
    'a=candidate:2 1 udp 2122260223 no-such-name.local 9 typ host',
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}

const SAME = fragment('9/BB', 'aZSSrWur5IahyIIsy1BjJe');
const NEW = fragment('NeW1', 'bbbbbbbbbbbbbbbbbbbbbbbb');

function patch(url: string, token: string, body: string, ifMatch?: string, type = FRAGMENT): Promise<WishAnswer> {
  return wish('PATCH', url, { token, type, body, headers: ifMatch === undefined ? {} : { 'if-match': ifMatch } });
}

describe('what RFC 9725 asks of an endpoint', () => {
  it('[1] a GET succeeds, with no content, at the endpoint and at a session', async () => {
    const { url, token } = await session();
    for (const at of [whip, url]) {
      const { status, text } = await wish('GET', at, { token });
      assert.equal(status, 200);
      assert.equal(text, '');
    }
  });

  it('[2] an offer is answered with 201, the answer, its type and a Location', async () => {
    const { answer } = await session(RFC_OFFER);
    assert.equal(answer.headers.get('content-type'), SDP);
    assert.match(answer.headers.get('location') ?? '', /^\/whip\/[\w-]{22}$/);
    assert.match(answer.text, /^v=0\r\n/);
    assert.equal(answer.text.match(/^m=/gm)?.length, 2, 'one m-line for each that was offered (RFC 3264, 6)');
  });

  it('[3] another media type, and a broken offer, are refused with 4xx', async () => {
    const { token } = somebody();
    const json = await wish('POST', whip, { token, type: 'application/json', body: OFFER });
    assert.deepEqual([json.status, json.code], [415, 'unsupported_media_type']);
    for (const body of ['', 'hello', OFFER.replace('a=ice-pwd', 'a=ice'), OFFER.slice(0, 200)]) {
      const { status, code } = await offerTo(whip, token, body);
      assert.deepEqual([status, code], [422, 'sdp_invalid'], body.slice(0, 20));
    }
  });

  it('[4] the answer receives only; an offer that would receive is refused', async () => {
    const { answer } = await session();
    assert.match(answer.text, /^a=recvonly\r$/m);
    for (const direction of ['recvonly', 'inactive']) {
      const { status } = await offerTo(whip, somebody().token, OFFER.replaceAll('a=sendonly', `a=${direction}`));
      assert.equal(status, 422);
    }
    assert.equal((await offerTo(whip, somebody().token, OFFER.replaceAll('a=sendonly', 'a=sendrecv'))).status, 201);
  });

  it('[5] a DELETE ends the session at once, with its media, and later ones find none', async () => {
    const { url, token, user } = await session();
    assert.equal((await wish('DELETE', url, { token, headers: { 'if-match': '"another"' } })).status, 200);
    assert.ok(
      host.relay.trail.some((e) => e.event === 'stream_ended' && e.commercial === user.id && e.cause === 'stopped'),
    );
    assert.deepEqual(await again(), [404, 'no_session']);
    assert.deepEqual(await again(), [404, 'no_session']);
    async function again() {
      const { status, code } = await wish('DELETE', url, { token });
      return [status, code];
    }
  });

  it('[6] consent to send is revoked at once: the relay keeps no connection to the device after its session', async (t) => {
    const device = new WeriftDevice();
    t.after(() => device.close());
    const { token } = somebody();
    const answer = await offerTo(whip, token, await device.offer());
    await device.speak(answer.text);
    await eventually('the device is connected', () => device.state === 'connected');
    const transports = async (): Promise<number> => (await host.relay.report()).media.transports;
    const there = await transports();
    await wish('DELETE', sessionUrl(whip, answer), { token });
    assert.equal(await transports(), there - 1);
  });

  it('[7] OPTIONS say what may be posted and who may ask, without a token', async () => {
    const { status, headers } = await wish('OPTIONS', whip, {
      headers: {
        origin: 'https://app.example.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    assert.equal(status, 200);
    assert.equal(headers.get('accept-post'), SDP);
    assert.equal(headers.get('access-control-allow-origin'), 'https://app.example.com');
    assert.match(headers.get('access-control-allow-methods') ?? '', /POST.*PATCH.*DELETE/);
    for (const name of ['Authorization', 'Content-Type', 'If-Match']) {
      assert.ok(headers.get('access-control-allow-headers')?.includes(name), name);
    }
    for (const name of ['Location', 'ETag', 'Link', 'Accept-Patch']) {
      assert.ok(headers.get('access-control-expose-headers')?.includes(name), name);
    }
    assert.equal((await wish('OPTIONS', whip, { headers: { origin: 'https://evil.example' } })).status, 403);
    const plain = await wish('OPTIONS', whip);
    assert.deepEqual([plain.status, plain.headers.get('accept-post')], [200, SDP]);
    assert.equal((await wish('OPTIONS', (await session()).url)).headers.get('accept-patch'), FRAGMENT);
  });

  it('[8] another type of PATCH, and a broken fragment, are refused with 4xx', async () => {
    const { url, token, etag } = await session();
    const sdp = await patch(url, token, OFFER, etag, SDP);
    assert.deepEqual([sdp.status, sdp.code], [415, 'unsupported_media_type']);
    const broken = await patch(url, token, 'a=ice-ufrag:x', etag);
    assert.deepEqual([broken.status, broken.code], [400, 'bad_request']);
  });

  it('[9] the 201 has a strong entity tag, another one for each ICE session', async () => {
    const { answer, etag } = await session();
    assert.match(etag, /^"[\w-]+"$/);
    assert.equal(answer.headers.get('accept-patch'), FRAGMENT);
    assert.notEqual((await session()).etag, etag);
  });

  it('[10] a PATCH without If-Match is 428, one of another ICE session 412', async () => {
    const { url, token } = await session();
    const missing = await patch(url, token, SAME);
    assert.deepEqual([missing.status, missing.code], [428, 'precondition_required']);
    const stale = await patch(url, token, SAME, '"xyzzy"');
    assert.deepEqual([stale.status, stale.code], [412, 'precondition_failed']);
  });

  it('[11] trickled candidates are 204 without ETag; those that cannot be used are passed over', async () => {
    const { url, token, etag } = await session();
    const { status, headers, text } = await patch(url, token, SAME, etag);
    assert.deepEqual([status, headers.get('etag'), text], [204, null, '']);
  });

  it('[12] the answer has all candidates of the relay', async () => {
    const { answer } = await session();
    assert.match(answer.text, /^a=candidate:\d+ 1 udp \d+ 127\.0\.0\.1 \d+ typ host\r$/m);
    assert.match(answer.text, /^a=end-of-candidates\r$/m);
  });

  it('[13] other credentials restart ICE: 200, a fragment with new ones and a new ETag; the older is stale', async () => {
    const { url, token, etag, answer } = await session();
    const restarted = await patch(url, token, NEW, '*');
    assert.equal(restarted.status, 200);
    assert.equal(restarted.headers.get('content-type'), FRAGMENT);
    const newer = restarted.headers.get('etag');
    assert.ok(newer && newer !== etag);
    const ufrag = /^a=ice-ufrag:(\S+)/m;
    assert.notEqual(ufrag.exec(restarted.text)?.[1], ufrag.exec(answer.text)?.[1]);
    assert.match(restarted.text, /^a=ice-pwd:\S{22,}\r$/m);
    assert.match(restarted.text, /^a=candidate:/m);
    assert.equal((await patch(url, token, NEW, etag)).status, 412);
    assert.equal((await patch(url, token, NEW, newer)).status, 204, 'the credentials are those of now');
  });

  it('[14] the fragment says ICE lite, as the answer did', async () => {
    const { url, token, answer } = await session();
    assert.match(answer.text, /^a=ice-lite\r$/m);
    assert.match((await patch(url, token, NEW, '*')).text, /^a=ice-lite\r$/m);
  });

  it('[15] each m-section that is taken is bundled, with RTP and RTCP over one port alone', async () => {
    const { answer } = await session();
    assert.match(answer.text, /^a=group:BUNDLE 0\r$/m);
    assert.match(answer.text, /^a=rtcp-mux\r\na=rtcp-mux-only\r$/m);
  });

  it('[16] more than one track of audio is refused with 422', async () => {
    const { status, code } = await offerTo(whip, somebody().token, OFFER.replace('m=video', 'm=audio'));
    assert.deepEqual([status, code], [422, 'sdp_invalid']);
  });

  it('[17] a device may be the DTLS client, or leave it to the relay, or be the server', async () => {
    for (const [setup, answered] of [
      ['active', 'passive'],
      ['actpass', 'passive'],
      ['passive', 'active'],
    ] as const) {
      const { answer } = await session(OFFER.replaceAll('a=setup:actpass', `a=setup:${setup}`));
      assert.match(answer.text, new RegExp(`^a=setup:${answered}\r$`, 'm'));
    }
  });

  it('[18] an endpoint that takes nobody says 503 and when to come back, and never 301 or 302', async () => {
    const other = await WishRelay.start();
    other.relay.server.drain();
    const { status, headers, code } = await offerTo(`${other.url}/whip`, somebody().token, OFFER);
    assert.deepEqual([status, code], [503, 'draining']);
    assert.match(headers.get('retry-after') ?? '', /^\d+$/);
    await other.close();
  });

  it('[19] STUN and TURN servers come as Link, with credentials', async () => {
    const links = (await session()).answer.headers.get('link') ?? '';
    assert.match(links, /<stun:stun\.example\.com:3478>; rel="ice-server"/);
    assert.match(
      links,
      /<turn:turn\.example\.com:3478\?transport=udp>; rel="ice-server"; username="[^"]+"; credential="[^"]+"; credential-type="password"/,
    );
    assert.equal((await wish('OPTIONS', whip)).headers.get('link'), null, 'who shows no token gets no credentials');
  });

  it('[20] every request but OPTIONS needs a Bearer token, and a 401 says so', async () => {
    const { url } = await session();
    const none = await wish('POST', whip, { type: SDP, body: OFFER });
    assert.deepEqual([none.status, none.code, none.headers.get('www-authenticate')], [401, 'token_missing', 'Bearer']);
    for (const method of ['PATCH', 'DELETE']) {
      assert.equal(
        (await wish(method, url, { type: FRAGMENT, ...(method === 'PATCH' && { body: SAME }) })).status,
        401,
      );
    }
    const expired = await offerTo(whip, realToken(commercial('late'), -60), OFFER);
    assert.deepEqual([expired.status, expired.code], [401, 'token_expired']);
    assert.match(expired.headers.get('www-authenticate') ?? '', /invalid_token/);
  });

  it('[21] refusals are problem documents with a stable code', async () => {
    const { headers, text } = await offerTo(whip, somebody().token, 'hello');
    assert.equal(headers.get('content-type'), 'application/problem+json');
    assert.equal(headers.get('etag'), null);
    const { title, status, detail, code } = JSON.parse(text);
    assert.deepEqual([title, status, code], ['Unprocessable Entity', 422, 'sdp_invalid']);
    assert.match(detail, /cannot be used/);
  });
});

describe('the door', () => {
  it('takes nothing but what it can answer with: 406', async () => {
    const { status, code } = await offerTo(whip, somebody().token, OFFER, { accept: 'application/json' });
    assert.deepEqual([status, code], [406, 'not_acceptable']);
    assert.equal((await offerTo(whip, somebody().token, OFFER, { accept: '*/*' })).status, 201);
  });

  it('reads 64 KiB and no more: 413', async () => {
    const { status, code } = await offerTo(whip, somebody().token, OFFER + 'a=x\r\n'.repeat(20_000));
    assert.deepEqual([status, code], [413, 'too_large']);
  });

  it('is shut where WHIP is off, as it is by default', async () => {
    const off = await WishRelay.start(DEVICES_HEARD, { WHIP: 'off', WHEP: 'off' });
    for (const path of ['/whip', '/whep/cleo'])
      assert.equal((await offerTo(off.url + path, somebody().token, OFFER)).status, 404);
    await off.close();
  });

  it('is for commercials: 403', async () => {
    const { status, code } = await offerTo(whip, realToken(admin('ada')), OFFER);
    assert.deepEqual([status, code], [403, 'forbidden']);
  });

  it('leads nobody to a session of somebody else, whoever knows its URL', async () => {
    const { url, etag } = await session();
    const { token } = somebody();
    for (const answer of [await wish('DELETE', url, { token }), await patch(url, token, NEW, etag)]) {
      assert.deepEqual([answer.status, answer.code], [404, 'no_session']);
    }
  });

  it('lets so many requests of an address pass, and no more: 429', async () => {
    const other = await WishRelay.start();
    const answers = await Promise.all(Array.from({ length: 140 }, () => offerTo(`${other.url}/whip`, 'x', OFFER)));
    const limited = answers.filter(({ code }) => code === 'rate_limited');
    assert.ok(limited.length > 20 && limited.every(({ status }) => status === 429));
    await other.close();
  });
});

describe('a device', () => {
  it('is a commercial like any other in the roster, which says that it is a device, and in the audit trail', async () => {
    const ada = await host.relay.join(admin('ada-1'));
    const { user, url, token } = await session();
    await ada.untilRow(user.id, ({ device, status }) => device === true && status === 'live');
    const started = host.relay.trail.find((e) => e.event === 'stream_started' && e.commercial === user.id);
    assert.ok(started?.event === 'stream_started' && started.device);
    await wish('DELETE', url, { token });
    await ada.untilRow(user.id, ({ device, status }) => device === undefined && status === 'offline');
    ada.socket.disconnect();
  });

  it('is refused unless the policy says that devices may be heard, and ended when it says so no more', async () => {
    const other = await WishRelay.start({});
    const refused = await offerTo(`${other.url}/whip`, somebody().token, OFFER);
    assert.deepEqual([refused.status, refused.code], [403, 'policy_devices']);
    other.setPolicy(DEVICES_HEARD);
    const { user, token } = somebody();
    const taken = await offerTo(`${other.url}/whip`, token, OFFER);
    assert.equal(taken.status, 201);
    other.setPolicy({});
    const ended = () => other.relay.trail.find((e) => e.event === 'stream_ended' && e.commercial === user.id);
    await eventually('the stream ends', () => ended() !== undefined);
    const end = ended();
    assert.ok(end?.event === 'stream_ended' && end.cause === 'policy_devices');
    assert.equal((await wish('DELETE', sessionUrl(`${other.url}/whip`, taken), { token })).status, 404);
    await other.close();
  });

  it('whose token asks for sealed streams is refused', async () => {
    const token = realToken(Object.assign(commercial('sealed'), { e2ee: 'required' }));
    const { status, code } = await offerTo(whip, token, OFFER);
    assert.deepEqual([status, code], [409, 'e2ee_required']);
  });

  it('takes over from a device of the same person, whose session is over then', async () => {
    const { url, token } = await session();
    const newer = await offerTo(whip, token, OFFER);
    assert.equal(newer.status, 201);
    await eventually(
      'the older is gone',
      async () =>
        (await wish('GET', url, { token })).status === 200 && (await patch(url, token, SAME, '*')).status === 404,
    );
    assert.equal((await wish('DELETE', sessionUrl(whip, newer), { token })).status, 200);
  });

  it('never takes over from a page; the page does from it, and the device is kept out until it has another token', async () => {
    const { user, token, url } = await session();
    const page = await host.relay.join(user);
    await page.until('stream:elsewhere', ({ status }) => status !== null);
    await page.request('stream:stop-elsewhere');
    await eventually('the device is gone', async () => (await patch(url, token, SAME, '*')).status === 404);
    const kept = await offerTo(whip, token, OFFER);
    assert.deepEqual([kept.status, kept.code], [409, 'stopped_by_page']);
    assert.ok(Number(kept.headers.get('retry-after')) > 500);
    const newer = realToken(user, 599);
    assert.equal((await offerTo(whip, newer, OFFER)).status, 201);

    await page.request('publish:offer', { mode: 'connect', sdp: deviceOffer('gstreamer-1.22-webrtcbin-offer') });
    await page.request('stream:start');
    const ends = host.relay.trail.filter((e) => e.event === 'stream_ended' && e.commercial === user.id);
    assert.deepEqual(
      ends.map((e) => e.event === 'stream_ended' && e.cause),
      ['stopped', 'replaced'],
    );
    const busy = await offerTo(whip, realToken(user, 598), OFFER);
    assert.deepEqual([busy.status, busy.code], [409, 'page_active']);
    page.socket.disconnect();
  });

  it('ends with its token', async (t) => {
    const user = commercial('short');
    const other = await WishRelay.start(DEVICES_HEARD, { JWT_CLOCK_TOLERANCE: '0s' });
    t.after(() => other.close());
    assert.equal((await offerTo(`${other.url}/whip`, realToken(user, 3), OFFER)).status, 201);
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
    const answer = await offerTo(`${other.url}/whip`, somebody().token, await device.offer());
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
    const { url, token } = await session();
    const metrics = async () => (await fetch(`${host.url}/metrics`)).text();
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
    const { user, token } = somebody();
    const answer = await offerTo(whip, token, await device.offer());
    await device.speak(answer.text);
    await eventually('it is connected', () => device.state === 'connected');
    const paused = async (): Promise<boolean> => {
      const { workers } = await host.relay.report();
      return workers.every(({ router }) => router.mapConsumerIdProducerId.length === 0);
    };
    assert.ok(await paused());
    const sent = device.sent;
    await wait(300);
    assert.ok(device.sent > sent, 'the device sends all the time');
    assert.ok(!host.relay.trail.some((e) => e.event === 'hearing_began' && e.commercial === user.id));
    await wish('DELETE', sessionUrl(whip, answer), { token });
  });
});
