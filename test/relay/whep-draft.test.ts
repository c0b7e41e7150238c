/**
 * WHEP at a whole relay: what draft-ietf-wish-whep-03 asks of an endpoint (each test that proves one of its requirements begins with the
 * number that docs/whip.md gives it).
 */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { admin } from '../../relay/streams/testing/scene.ts';
import { realToken } from '../harness/relay/real-relay.ts';
import { WeriftPlayer } from '../harness/wish/werift-peers.ts';
import { FRAGMENT, fragment, NEW, patch, WhipHost } from '../harness/wish/whip-host.ts';
import { aPlayersOffer } from '../harness/wish/wish-people.ts';
import { WishRelay } from '../harness/wish/wish-relay.ts';
import { offerTo, sessionUrl, type WishAnswer, wish } from '../harness/wish/wish-request.ts';

const SDP = 'application/sdp';
/** Where Firefox has Opus: such an offer is met with another one. */
const OTHER_TYPE = 109;

const host = new WhipHost();
let people = 0;

function somebody(): string {
  people += 1;
  return realToken(admin(`listener-${people}`));
}

/** Of commercials who are not there: they are waited for. */
const endpoint = (): string => `${host.relay.url}/whep/nobody`;

/** A player's session, answered at once. */
async function session(offer?: string) {
  const sent = offer ?? (await aPlayersOffer());
  const token = somebody();
  const answer = await offerTo(endpoint(), token, sent);
  assert.equal(answer.status, 201, answer.text);
  return { token, answer, sent, url: sessionUrl(endpoint(), answer), etag: answer.headers.get('etag') ?? '' };
}

/** A player's session to which the relay has made its own offer. */
async function counterOffer(t: TestContext) {
  const token = somebody();
  const player = new WeriftPlayer(OTHER_TYPE);
  t.after(() => player.close());
  const answer = await offerTo(endpoint(), token, await player.offer());
  assert.equal(answer.status, 406, answer.text);
  return { token, answer, url: sessionUrl(endpoint(), answer) };
}

/** The credentials that an offer had. */
function credentials(sdp: string): [string, string] {
  const [, ufrag = ''] = /^a=ice-ufrag:(\S+)/m.exec(sdp) ?? [];
  const [, pwd = ''] = /^a=ice-pwd:(\S+)/m.exec(sdp) ?? [];
  return [ufrag, pwd];
}

function codes({ status, code }: WishAnswer): [number, string | null] {
  return [status, code];
}

async function transports(): Promise<number> {
  return (await host.relay.relay.report()).media.transports;
}

describe('what draft-ietf-wish-whep-03 asks of an endpoint', () => {
  it('[E1] a GET succeeds, with no content, at the endpoint and at a session', async () => {
    const { url, token } = await session();
    for (const at of [endpoint(), url]) {
      const { status, text } = await wish('GET', at, { token });
      assert.deepEqual([status, text], [200, '']);
    }
  });

  it('[E2] a HEAD has the headers of a GET, which name the type, and no body', async () => {
    const [get, head] = [await wish('GET', endpoint()), await wish('HEAD', endpoint())];
    assert.deepEqual([head.status, head.headers.get('content-type'), head.text], [200, SDP, '']);
    // Whether the connection is kept is none of the answer's headers.
    const names = ({ headers }: WishAnswer): string[] => [...headers.keys()].filter((name) => name !== 'keep-alive');
    assert.deepEqual(names(head), names(get));
  });

  it('[E3] an offer that is taken is answered with 201, the answer, its type and a Location', async () => {
    const { answer } = await session();
    assert.equal(answer.headers.get('content-type'), SDP);
    assert.match(answer.headers.get('location') ?? '', /^\/whep\/sessions\/[\w-]{22}$/);
    assert.match(answer.text, /^v=0\r\n/);
  });

  it('[E4] one that is not is met with 406, an offer, its type and a Location; the answer is taken with 204, a broken one is not', async (t) => {
    const { answer, url, token } = await counterOffer(t);
    assert.equal(answer.headers.get('content-type'), SDP);
    assert.match(answer.headers.get('location') ?? '', /^\/whep\/sessions\/[\w-]{22}$/);
    assert.match(answer.text, /^a=setup:actpass\r$/m);
    const broken = await wish('PATCH', url, { token, type: SDP, body: 'hello' });
    assert.deepEqual(codes(broken), [422, 'sdp_invalid']);
    const player = new WeriftPlayer();
    t.after(() => player.close());
    const taken = await wish('PATCH', url, { token, type: SDP, body: await player.answer(answer.text) });
    assert.deepEqual([taken.status, taken.text], [204, '']);
  });

  it('[E5] another media type, and a broken offer, are refused with 4xx', async () => {
    const token = somebody();
    const json = await wish('POST', endpoint(), { token, type: 'application/json', body: await aPlayersOffer() });
    assert.deepEqual(codes(json), [415, 'unsupported_media_type']);
    for (const body of ['', 'hello', (await aPlayersOffer()).slice(0, 200)])
      assert.deepEqual(codes(await offerTo(endpoint(), token, body)), [422, 'sdp_invalid'], body.slice(0, 20));
  });

  it('[E6] the answer, and the relay’s own offer, send only', async (t) => {
    for (const { text } of [(await session()).answer, (await counterOffer(t)).answer]) {
      assert.match(text, /^a=sendonly\r$/m);
      assert.doesNotMatch(text, /^a=(?:recvonly|sendrecv|inactive)\r$/m);
    }
  });

  it('[E7] a DELETE ends the session at once, whatever entity tag comes with it; the relay keeps no connection', async () => {
    const there = await transports();
    const { url, token } = await session();
    assert.equal(await transports(), there + 1);
    assert.equal((await wish('DELETE', url, { token, headers: { 'if-match': '"another"' } })).status, 200);
    assert.equal(await transports(), there);
    assert.deepEqual(codes(await wish('DELETE', url, { token })), [404, 'no_session']);
  });

  it('[E8] OPTIONS say what may be posted and who may ask, without a token', async () => {
    const asked = {
      origin: 'https://app.example.com',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    };
    const { status, headers } = await wish('OPTIONS', endpoint(), { headers: asked });
    assert.deepEqual([status, headers.get('accept-post')], [200, SDP]);
    assert.equal(headers.get('access-control-allow-origin'), 'https://app.example.com');
    assert.match(headers.get('access-control-allow-methods') ?? '', /POST.*PATCH.*DELETE/);
    assert.ok(headers.get('access-control-expose-headers')?.includes('Location'));
    const { headers: ofSession } = await wish('OPTIONS', (await session()).url);
    assert.equal(ofSession.get('accept-patch'), `${SDP}, ${FRAGMENT}`);
  });

  it('[E9] another type of PATCH, and a broken fragment, are refused with 4xx', async () => {
    const { url, token, etag } = await session();
    const json = await patch(url, token, '{}', etag, 'application/json');
    assert.deepEqual(codes(json), [415, 'unsupported_media_type']);
    assert.deepEqual(codes(await patch(url, token, 'a=ice-ufrag:x', etag)), [400, 'bad_request']);
  });

  it('[E10] the ICE session has a strong entity tag of its own; a PATCH without it is 428, with another 412', async () => {
    const { url, token, etag, sent } = await session();
    assert.match(etag, /^"[\w-]+"$/);
    assert.notEqual((await session()).etag, etag);
    const same = fragment(...credentials(sent));
    assert.deepEqual(codes(await patch(url, token, same)), [428, 'precondition_required']);
    assert.deepEqual(codes(await patch(url, token, same, '"xyzzy"')), [412, 'precondition_failed']);
  });

  it('[E11] the answer has all candidates; those of the player are 204 without ETag, and passed over where they cannot be used', async () => {
    const { url, token, etag, sent, answer } = await session();
    assert.match(answer.text, /^a=candidate:\d+ 1 udp \d+ 127\.0\.0\.1 \d+ typ host\r$/m);
    assert.match(answer.text, /^a=end-of-candidates\r$/m);
    const { status, headers, text } = await patch(url, token, fragment(...credentials(sent)), etag);
    assert.deepEqual([status, headers.get('etag'), text], [204, null, '']);
  });

  it('[E12] other credentials restart ICE: 200, new ones, candidates, ICE lite as before, a new ETag', async () => {
    const { url, token, etag, answer } = await session();
    const restarted = await patch(url, token, NEW, '*');
    assert.deepEqual([restarted.status, restarted.headers.get('content-type')], [200, FRAGMENT]);
    assert.notEqual(restarted.headers.get('etag') ?? etag, etag);
    assert.notEqual(credentials(restarted.text)[0], credentials(answer.text)[0]);
    assert.match(restarted.text, /^a=candidate:/m);
    for (const text of [answer.text, restarted.text]) assert.match(text, /^a=ice-lite\r$/m);
  });

  it('[E13] a restart that cannot be done is an error, and the session goes on with the ICE that it has', async () => {
    const { url, token, etag, sent } = await session();
    assert.equal((await patch(url, token, NEW, '"of another one"')).status, 412);
    assert.equal((await patch(url, token, 'a=ice-ufrag:NeW1\r\n', '*')).status, 400);
    assert.equal((await patch(url, token, fragment(...credentials(sent)), etag)).status, 204);
    assert.equal((await wish('DELETE', url, { token })).status, 200);
  });

  it('[E14] each m-section is bundled, with RTP and RTCP over one port alone', async (t) => {
    for (const { text } of [(await session()).answer, (await counterOffer(t)).answer]) {
      assert.match(text, /^a=group:BUNDLE \S+\r$/m);
      assert.equal(text.match(/^a=rtcp-mux-only\r$/gm)?.length, text.match(/^m=/gm)?.length);
    }
  });

  it('[E15] there is one stream with one track: each m-section names the same, and who wants two tracks of audio is refused', async (t) => {
    for (const { text } of [(await session()).answer, (await counterOffer(t)).answer]) {
      const named = [...text.matchAll(/^a=msid:(\S+)/gm)].map(([, id]) => id);
      assert.equal(named.length, text.match(/^m=/gm)?.length);
      assert.equal(new Set(named).size, 1);
    }
    const offer = await aPlayersOffer();
    const twice = offer + offer.slice(offer.indexOf('m=audio')).replace(/^a=mid:.*$/m, 'a=mid:7');
    assert.deepEqual(codes(await offerTo(endpoint(), somebody(), twice)), [422, 'sdp_invalid']);
  });

  it('[E16] an endpoint that takes nobody says 503 and when to come back, and never 301 or 302', async (t) => {
    const other = await WishRelay.start();
    t.after(() => other.close());
    other.relay.server.drain();
    const refused = await offerTo(`${other.url}/whep/nobody`, somebody(), await aPlayersOffer());
    assert.deepEqual(codes(refused), [503, 'draining']);
    assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
  });

  it('[E17] STUN and TURN servers come as Link, with credentials', async () => {
    const links = (await session()).answer.headers.get('link') ?? '';
    assert.match(links, /<stun:stun\.example\.com:3478>; rel="ice-server"/);
    assert.match(links, /rel="ice-server"; username="[^"]+"; credential="[^"]+"; credential-type="password"/);
  });

  it('[E18] every request but OPTIONS and those that say nothing needs a Bearer token, and a 401 says so', async () => {
    const { url } = await session();
    const none = await wish('POST', endpoint(), { type: SDP, body: await aPlayersOffer() });
    assert.deepEqual([...codes(none), none.headers.get('www-authenticate')], [401, 'token_missing', 'Bearer']);
    assert.equal((await wish('PATCH', url, { type: FRAGMENT, body: NEW })).status, 401);
    assert.equal((await wish('DELETE', url)).status, 401);
  });
});
