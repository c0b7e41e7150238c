/** WHEP at a whole relay: a player is a named listener like any other, and cut by all that cuts one. */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { HearingEnd } from '../../relay/audit/audit-entries.ts';
import { RtpPages } from '../../relay/media/testing/rtp-pages.ts';
import { admin, commercial } from '../../relay/streams/testing/scene.ts';
import { eventually, type RealRelay, realToken } from '../harness/relay/real-relay.ts';
import { WeriftPlayer } from '../harness/wish/werift-peers.ts';
import {
  aPlayersOffer,
  hears,
  hearsNothing,
  listenWithPlayer,
  streamFromDevice,
  streamFromPage,
} from '../harness/wish/wish-people.ts';
import { DEVICES_HEARD, WishRelay } from '../harness/wish/wish-relay.ts';
import { offerTo, sessionUrl, type WishAnswer, wish } from '../harness/wish/wish-request.ts';

const SDP = 'application/sdp';
/** Where Firefox has Opus. */
const OTHER_TYPE = 109;

let host: WishRelay;
let pages: RtpPages;
let people = 0;

before(async () => {
  host = await WishRelay.start();
  pages = await RtpPages.start();
});
after(async () => {
  await pages.close();
  await host.close();
});

/** A commercial of whom nothing was seen before, who streams from a page. */
async function streaming(t: TestContext, relay: RealRelay = host.relay) {
  people += 1;
  const user = commercial(`rep-${people}`);
  return { user, ...(await streamFromPage(t, relay, pages, user)) };
}

function playing(t: TestContext, commercialId: string, who = admin(`ada-${people}`), relay = host) {
  return listenWithPlayer(t, relay.url, commercialId, who);
}

function endOf(commercialId: string, relay = host): HearingEnd | undefined {
  const end = relay.relay.trail.findLast((e) => e.event === 'hearing_ended' && e.commercial === commercialId);
  return end?.event === 'hearing_ended' ? end.cause : undefined;
}

describe('a player', () => {
  it('is answered where it has Opus as 111: sendonly, with what it may do; it hears the commercial', async (t) => {
    const { user } = await streaming(t);
    const { player, answer, url, token } = await playing(t, user.id);
    assert.equal(answer.headers.get('content-type'), SDP);
    assert.match(answer.headers.get('location') ?? '', /^\/whep\/sessions\/[\w-]{22}$/);
    assert.match(answer.headers.get('etag') ?? '', /^"[\w-]+"$/);
    assert.match(answer.text, /^a=sendonly\r$/m);
    assert.match(answer.text, /^a=rtcp-mux-only\r$/m);
    await hears(player);
    assert.deepEqual([...player.types], [111]);
    assert.equal((await wish('DELETE', url, { token })).status, 200);
    assert.equal(endOf(user.id), 'asked');
    await hearsNothing(player);
    assert.equal((await wish('DELETE', url, { token })).status, 404);
  });

  it('is made an offer where it has not: 406 with a Location, and 204 for the answer to that, once', async (t) => {
    const { user } = await streaming(t);
    const token = realToken(admin('bea'));
    const endpoint = `${host.url}/whep/${user.id}`;
    const first = new WeriftPlayer(OTHER_TYPE);
    t.after(() => first.close());
    const counter = await offerTo(endpoint, token, await first.offer());
    assert.equal(counter.status, 406);
    assert.equal(counter.headers.get('content-type'), SDP);
    assert.match(counter.text, /^a=sendonly\r$/m);
    const player = new WeriftPlayer();
    t.after(() => player.close());
    const url = sessionUrl(endpoint, counter);
    const patch = (body: string): Promise<WishAnswer> => wish('PATCH', url, { token, type: SDP, body });
    assert.deepEqual([(await patch('hello')).status, (await patch('hello')).code], [422, 'sdp_invalid']);
    const answer = await player.answer(counter.text);
    assert.equal((await patch(answer)).status, 204);
    await hears(player);
    const twice = await patch(answer);
    assert.deepEqual([twice.status, twice.code], [409, 'answered']);
    await wish('DELETE', url, { token });
  });

  it('is found by its type: HEAD', async () => {
    const { status, headers, text } = await wish('HEAD', `${host.url}/whep/cleo`);
    assert.deepEqual([status, headers.get('content-type'), text], [200, SDP, '']);
  });

  it('is shown to the commercial by name, and hears nothing before their page has said so', async (t) => {
    const { user, page, joined } = await streaming(t);
    page.showsListeners = false;
    const { player, who } = await playing(t, user.id);
    await eventually('the page is told', () => joined().some(({ id, name }) => id === who.id && name === who.name));
    await hearsNothing(player);
    assert.equal(player.received, 0, 'not one packet');
    page.showsListeners = true;
    await page.request('demand:seen', { version: page.all('demand:changed').at(-1)?.version });
    await hears(player);
  });

  it('is silent while the commercial pauses, and hears again after it', async (t) => {
    const { user, page } = await streaming(t);
    const { player } = await playing(t, user.id);
    await hears(player);
    await page.request('stream:pause', { paused: true });
    await hearsNothing(player);
    await page.request('stream:pause', { paused: false });
    await hears(player);
  });

  it('waits for who is of another team as for nobody: without a word or a packet', async (t) => {
    const { user, joined } = await streaming(t);
    const { player, who } = await playing(t, user.id, admin('eve', ['Sud']));
    await hearsNothing(player);
    assert.equal(player.received, 0);
    assert.ok(!joined().some(({ id }) => id === who.id));
    const nobody = await playing(t, 'nobody-at-all', admin('eve-2', ['Sud']));
    assert.equal(nobody.answer.status, 201);
  });

  it('ends with the policy: the one that forbids listening, and a limit on how many', async (t) => {
    const other = await WishRelay.start({ ...DEVICES_HEARD, limits: { maxListeners: 1 } });
    t.after(() => other.close());
    const { user } = await streaming(t, other.relay);
    const first = await playing(t, user.id, admin('one'), other);
    await hears(first.player);
    const full = await offerTo(`${other.url}/whep/${user.id}`, realToken(admin('two')), await aPlayersOffer());
    assert.deepEqual([full.status, full.code], [403, 'policy_full']);
    other.setPolicy({ nobodyMayHear: [user.id] });
    await eventually('the hearing ends', () => endOf(user.id, other) === 'policy_protected');
    await hearsNothing(first.player);
    assert.equal((await wish('DELETE', first.url, { token: first.token })).status, 404);
  });

  it('says why where the policy asks, and the commercial is told', async (t) => {
    const purposes = [{ id: 'training', label: { en: 'Training' } }];
    const other = await WishRelay.start({ purposes });
    t.after(() => other.close());
    const { user, joined } = await streaming(t, other.relay);
    const offer = await aPlayersOffer();
    const without = await offerTo(`${other.url}/whep/${user.id}`, realToken(admin('ada')), offer);
    assert.deepEqual([without.status, without.code], [403, 'purpose_required']);
    const given = await offerTo(`${other.url}/whep/${user.id}?purpose=training`, realToken(admin('ada')), offer);
    assert.equal(given.status, 201);
    await eventually('the page is told why', () => joined().some(({ purpose }) => purpose === 'training'));
    const odd = await offerTo(`${other.url}/whep/${user.id}?purpose=%20`, realToken(admin('ada')), offer);
    assert.deepEqual([odd.status, odd.code], [400, 'bad_request']);
  });

  it('never takes over from a panel; the panel does from it', async (t) => {
    const { user } = await streaming(t);
    const ada = admin('panel-ada');
    const { url, token } = await playing(t, user.id, ada);
    const panel = await host.relay.join(ada);
    t.after(() => void panel.socket.disconnect());
    await panel.request('listen:select', { commercialId: user.id });
    await eventually('the player is gone', async () => (await wish('DELETE', url, { token })).status === 404);
    const busy = await offerTo(`${host.url}/whep/${user.id}`, token, await aPlayersOffer());
    assert.deepEqual([busy.status, busy.code], [409, 'page_active']);
  });

  it('takes over from another player of the same admin', async (t) => {
    const { user } = await streaming(t);
    const ada = admin('two-players');
    const older = await playing(t, user.id, ada);
    const newer = await playing(t, user.id, ada);
    await hears(newer.player);
    await hearsNothing(older.player);
    assert.equal((await wish('DELETE', older.url, { token: older.token })).status, 404);
    assert.equal(endOf(user.id), 'replaced');
  });

  it('that is refused takes over from nobody', async (t) => {
    const purposes = [{ id: 'coaching', label: { en: 'Coaching' } }];
    const other = await WishRelay.start({ purposes });
    t.after(() => other.close());
    const { user } = await streaming(t, other.relay);
    const token = realToken(admin('clumsy'));
    const player = new WeriftPlayer();
    t.after(() => player.close());
    const endpoint = `${other.url}/whep/${user.id}`;
    await player.answered((await offerTo(`${endpoint}?purpose=coaching`, token, await player.offer())).text);
    await hears(player);
    const { status, code } = await offerTo(endpoint, token, await aPlayersOffer());
    assert.deepEqual([status, code], [403, 'purpose_required']);
    await hears(player);
  });

  it('is not passed a sealed stream', async (t) => {
    const { user, page } = await streaming(t);
    await page.request('stream:start', { again: true, e2ee: { salt: 'AAAAAAAAAAAAAAAAAAAAAA', tag: 7 } });
    const { status, code } = await offerTo(
      `${host.url}/whep/${user.id}`,
      realToken(admin('ada')),
      await aPlayersOffer(),
    );
    assert.deepEqual([status, code], [409, 'e2ee_required']);
  });

  it('whose token asks for sealed streams is refused', async (t) => {
    const { user } = await streaming(t);
    const token = realToken(Object.assign(admin('sealed'), { e2ee: 'required' }));
    const { status, code } = await offerTo(`${host.url}/whep/${user.id}`, token, await aPlayersOffer());
    assert.deepEqual([status, code], [409, 'e2ee_required']);
  });

  it('ends with its token', async (t) => {
    const other = await WishRelay.start(DEVICES_HEARD, { JWT_CLOCK_TOLERANCE: '0s' });
    t.after(() => other.close());
    const { user } = await streaming(t, other.relay);
    const token = realToken(admin('short'), 4);
    const player = new WeriftPlayer();
    t.after(() => player.close());
    const answer = await offerTo(`${other.url}/whep/${user.id}`, token, await player.offer());
    await player.answered(answer.text);
    await eventually('the hearing ends', () => endOf(user.id, other) === 'token_expired');
    await hearsNothing(player);
  });

  it('is for admins: 403', async () => {
    const { status, code } = await offerTo(
      `${host.url}/whep/cleo`,
      realToken(commercial('cleo')),
      await aPlayersOffer(),
    );
    assert.deepEqual([status, code], [403, 'forbidden']);
  });

  it('restarts ICE by PATCH, and hears on', async (t) => {
    const { user } = await streaming(t);
    const { url, token } = await playing(t, user.id);
    const body = `a=ice-ufrag:NeW1\r\na=ice-pwd:${'b'.repeat(22)}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n`;
    const restarted = await wish('PATCH', url, {
      token,
      type: 'application/trickle-ice-sdpfrag',
      body,
      headers: { 'if-match': '*' },
    });
    assert.equal(restarted.status, 200);
    assert.match(restarted.text, /^a=ice-ufrag:/m);
  });
});

describe('a device and a player', () => {
  it('hear each other through the relay, packet by packet, and the device’s audio flows only while somebody listens', async (t) => {
    people += 1;
    const user = commercial(`device-${people}`);
    const device = await streamFromDevice(t, host.url, user);
    const { player, url, token } = await playing(t, user.id);
    await hears(player);
    assert.deepEqual([...player.types], [111]);
    await wish('DELETE', url, { token });
    await hearsNothing(player);
    const again = await playing(t, user.id);
    await hears(again.player);
    await wish('DELETE', device.url, { token: device.token });
    await eventually('the hearing ends with the stream', () => endOf(user.id) === 'stream_stopped');
    await hearsNothing(again.player);
  });
});
