/**
 * WHIP at a whole relay: what RFC 9725 asks of an endpoint (each test that proves one of its requirements begins with the number that
 * docs/whip.md gives it).
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deviceOffer } from '../../relay/sdp/testing/device-fixtures.ts';
import { commercial } from '../../relay/streams/testing/scene.ts';
import { eventually, realToken } from '../harness/relay/real-relay.ts';
import { WeriftDevice } from '../harness/wish/werift-peers.ts';
import { FRAGMENT, NEW, OBS_OFFER, patch, SAME, WhipHost } from '../harness/wish/whip-host.ts';
import { WishRelay } from '../harness/wish/wish-relay.ts';
import { offerTo, sessionUrl, wish } from '../harness/wish/wish-request.ts';

const SDP = 'application/sdp';
const RFC_OFFER = deviceOffer('rfc9725-offer');

const host = new WhipHost();

describe('what RFC 9725 asks of an endpoint', () => {
  it('[1] a GET succeeds, with no content, at the endpoint and at a session', async () => {
    const { url, token } = await host.session();
    for (const at of [host.whip, url]) {
      const { status, text } = await wish('GET', at, { token });
      assert.equal(status, 200);
      assert.equal(text, '');
    }
  });

  it('[2] an offer is answered with 201, the answer, its type and a Location', async () => {
    const { answer } = await host.session(RFC_OFFER);
    assert.equal(answer.headers.get('content-type'), SDP);
    assert.match(answer.headers.get('location') ?? '', /^\/whip\/[\w-]{22}$/);
    assert.match(answer.text, /^v=0\r\n/);
    assert.equal(answer.text.match(/^m=/gm)?.length, 2, 'one m-line for each that was offered (RFC 3264, 6)');
  });

  it('[3] another media type, and a broken offer, are refused with 4xx', async () => {
    const { token } = host.somebody();
    const json = await wish('POST', host.whip, { token, type: 'application/json', body: OBS_OFFER });
    assert.deepEqual([json.status, json.code], [415, 'unsupported_media_type']);
    for (const body of ['', 'hello', OBS_OFFER.replace('a=ice-pwd', 'a=ice'), OBS_OFFER.slice(0, 200)]) {
      const { status, code } = await offerTo(host.whip, token, body);
      assert.deepEqual([status, code], [422, 'sdp_invalid'], body.slice(0, 20));
    }
  });

  it('[4] the answer receives only; an offer that would receive is refused', async () => {
    const { answer } = await host.session();
    assert.match(answer.text, /^a=recvonly\r$/m);
    for (const direction of ['recvonly', 'inactive']) {
      const { status } = await offerTo(
        host.whip,
        host.somebody().token,
        OBS_OFFER.replaceAll('a=sendonly', `a=${direction}`),
      );
      assert.equal(status, 422);
    }
    assert.equal(
      (await offerTo(host.whip, host.somebody().token, OBS_OFFER.replaceAll('a=sendonly', 'a=sendrecv'))).status,
      201,
    );
  });

  it('[5] a DELETE ends the session at once, with its media, and later ones find none', async () => {
    const { url, token, user } = await host.session();
    assert.equal((await wish('DELETE', url, { token, headers: { 'if-match': '"another"' } })).status, 200);
    assert.ok(
      host.relay.relay.trail.some(
        (e) => e.event === 'stream_ended' && e.commercial === user.id && e.cause === 'stopped',
      ),
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
    const { token } = host.somebody();
    const answer = await offerTo(host.whip, token, await device.offer());
    await device.speak(answer.text);
    await eventually('the device is connected', () => device.state === 'connected');
    const transports = async (): Promise<number> => (await host.relay.relay.report()).media.transports;
    const there = await transports();
    await wish('DELETE', sessionUrl(host.whip, answer), { token });
    assert.equal(await transports(), there - 1);
  });

  it('[7] OPTIONS say what may be posted and who may ask, without a token', async () => {
    const { status, headers } = await wish('OPTIONS', host.whip, {
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
    assert.equal((await wish('OPTIONS', host.whip, { headers: { origin: 'https://evil.example' } })).status, 403);
    const plain = await wish('OPTIONS', host.whip);
    assert.deepEqual([plain.status, plain.headers.get('accept-post')], [200, SDP]);
    assert.equal((await wish('OPTIONS', (await host.session()).url)).headers.get('accept-patch'), FRAGMENT);
  });

  it('[8] another type of PATCH, and a broken fragment, are refused with 4xx', async () => {
    const { url, token, etag } = await host.session();
    const sdp = await patch(url, token, OBS_OFFER, etag, SDP);
    assert.deepEqual([sdp.status, sdp.code], [415, 'unsupported_media_type']);
    const broken = await patch(url, token, 'a=ice-ufrag:x', etag);
    assert.deepEqual([broken.status, broken.code], [400, 'bad_request']);
  });

  it('[9] the 201 has a strong entity tag, another one for each ICE session', async () => {
    const { answer, etag } = await host.session();
    assert.match(etag, /^"[\w-]+"$/);
    assert.equal(answer.headers.get('accept-patch'), FRAGMENT);
    assert.notEqual((await host.session()).etag, etag);
  });

  it('[10] a PATCH without If-Match is 428, one of another ICE session 412', async () => {
    const { url, token } = await host.session();
    const missing = await patch(url, token, SAME);
    assert.deepEqual([missing.status, missing.code], [428, 'precondition_required']);
    const stale = await patch(url, token, SAME, '"xyzzy"');
    assert.deepEqual([stale.status, stale.code], [412, 'precondition_failed']);
  });

  it('[11] trickled candidates are 204 without ETag; those that cannot be used are passed over', async () => {
    const { url, token, etag } = await host.session();
    const { status, headers, text } = await patch(url, token, SAME, etag);
    assert.deepEqual([status, headers.get('etag'), text], [204, null, '']);
  });

  it('[12] the answer has all candidates of the relay', async () => {
    const { answer } = await host.session();
    assert.match(answer.text, /^a=candidate:\d+ 1 udp \d+ 127\.0\.0\.1 \d+ typ host\r$/m);
    assert.match(answer.text, /^a=end-of-candidates\r$/m);
  });

  it('[13] other credentials restart ICE: 200, a fragment with new ones and a new ETag; the older is stale', async () => {
    const { url, token, etag, answer } = await host.session();
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
    const { url, token, answer } = await host.session();
    assert.match(answer.text, /^a=ice-lite\r$/m);
    assert.match((await patch(url, token, NEW, '*')).text, /^a=ice-lite\r$/m);
  });

  it('[15] each m-section that is taken is bundled, with RTP and RTCP over one port alone', async () => {
    const { answer } = await host.session();
    assert.match(answer.text, /^a=group:BUNDLE 0\r$/m);
    assert.match(answer.text, /^a=rtcp-mux\r\na=rtcp-mux-only\r$/m);
  });

  it('[16] more than one track of audio is refused with 422', async () => {
    const { status, code } = await offerTo(host.whip, host.somebody().token, OBS_OFFER.replace('m=video', 'm=audio'));
    assert.deepEqual([status, code], [422, 'sdp_invalid']);
  });

  it('[17] a device may be the DTLS client, or leave it to the relay, or be the server', async () => {
    for (const [setup, answered] of [
      ['active', 'passive'],
      ['actpass', 'passive'],
      ['passive', 'active'],
    ] as const) {
      const { answer } = await host.session(OBS_OFFER.replaceAll('a=setup:actpass', `a=setup:${setup}`));
      assert.match(answer.text, new RegExp(`^a=setup:${answered}\r$`, 'm'));
    }
  });

  it('[18] an endpoint that takes nobody says 503 and when to come back, and never 301 or 302', async (t) => {
    const other = await WishRelay.start();
    t.after(() => other.close());
    other.relay.server.drain();
    const { status, headers, code } = await offerTo(`${other.url}/whip`, host.somebody().token, OBS_OFFER);
    assert.deepEqual([status, code], [503, 'draining']);
    assert.match(headers.get('retry-after') ?? '', /^\d+$/);
  });

  it('[19] STUN and TURN servers come as Link, with credentials', async () => {
    const links = (await host.session()).answer.headers.get('link') ?? '';
    assert.match(links, /<stun:stun\.example\.com:3478>; rel="ice-server"/);
    assert.match(
      links,
      /<turn:turn\.example\.com:3478\?transport=udp>; rel="ice-server"; username="[^"]+"; credential="[^"]+"; credential-type="password"/,
    );
    assert.equal(
      (await wish('OPTIONS', host.whip)).headers.get('link'),
      null,
      'who shows no token gets no credentials',
    );
  });

  it('[20] every request but OPTIONS needs a Bearer token, and a 401 says so', async () => {
    const { url } = await host.session();
    const none = await wish('POST', host.whip, { type: SDP, body: OBS_OFFER });
    assert.deepEqual([none.status, none.code, none.headers.get('www-authenticate')], [401, 'token_missing', 'Bearer']);
    assert.match(none.text, /Authorization: Bearer TOKEN/, 'words for who has no page');
    for (const method of ['PATCH', 'DELETE']) {
      assert.equal(
        (await wish(method, url, { type: FRAGMENT, ...(method === 'PATCH' && { body: SAME }) })).status,
        401,
      );
    }
    const expired = await offerTo(host.whip, realToken(commercial('late'), -60), OBS_OFFER);
    assert.deepEqual([expired.status, expired.code], [401, 'token_expired']);
    assert.match(expired.headers.get('www-authenticate') ?? '', /invalid_token/);
  });

  it('[21] refusals are problem documents with a stable code', async () => {
    const { headers, text } = await offerTo(host.whip, host.somebody().token, 'hello');
    assert.equal(headers.get('content-type'), 'application/problem+json');
    assert.equal(headers.get('etag'), null);
    const { title, status, detail, code } = JSON.parse(text);
    assert.deepEqual([title, status, code], ['Unprocessable Entity', 422, 'sdp_invalid']);
    assert.match(detail, /cannot be used/);
  });

  it('[22] a restart that cannot be done is an error, and the session goes on with the ICE that it has', async () => {
    const { url, token, etag } = await host.session();
    assert.equal((await patch(url, token, NEW, '"of another one"')).status, 412);
    assert.equal((await patch(url, token, 'a=ice-ufrag:NeW1\r\n', '*')).status, 400);
    assert.equal((await patch(url, token, SAME, etag)).status, 204, 'the credentials are those of before');
    assert.equal((await wish('DELETE', url, { token })).status, 200);
  });
});
