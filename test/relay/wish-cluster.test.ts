/** WHIP and WHEP over two nodes: whoever publishes or listens at one of them is to the other what a page would be. */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { AuditEntry } from '../../relay/audit/audit-entries.ts';
import { RtpPages } from '../../relay/media/testing/rtp-pages.ts';
import type { SessionUser } from '../../relay/protocol/messages.ts';
import { admin, commercial } from '../../relay/streams/testing/scene.ts';
import { skipWithout } from '../harness/ensure-program.ts';
import { eventually, type RealRelay, realToken } from '../harness/relay/real-relay.ts';
import { FRAGMENT, fragment, OBS_OFFER } from '../harness/wish/whip-host.ts';
import { WishNodes } from '../harness/wish/wish-nodes.ts';
import {
  aPlayersOffer,
  hears,
  hearsNothing,
  listenWithPlayer,
  streamFromDevice,
  streamFromPage,
} from '../harness/wish/wish-people.ts';
import { DEVICES_HEARD } from '../harness/wish/wish-relay.ts';
import { offerTo, sessionUrl, type WishAnswer, wish } from '../harness/wish/wish-request.ts';

const skip = await skipWithout('redis-server');

let nodes: WishNodes;
let pages: RtpPages;
let people = 0;

before(async () => {
  if (skip) return;
  nodes = await WishNodes.start({ JWT_CLOCK_TOLERANCE: '0s' });
  pages = await RtpPages.start();
});
after(async () => {
  await pages?.close();
  await nodes?.close();
});

/** A commercial and an admin of whom nothing was seen before. */
function pair() {
  people += 1;
  return { rep: commercial(`rep-${people}`), ada: admin(`ada-${people}`) };
}

/** A page at node a, and a player at node b that hears it. */
async function heardAcross(t: TestContext) {
  const { rep, ada } = pair();
  const stream = await streamFromPage(t, nodes.a, pages, rep);
  const listening = await listenWithPlayer(t, nodes.b.url, rep.id, ada);
  await hears(listening.player);
  return { rep, ada, ...stream, ...listening };
}

function ends(relay: RealRelay, commercialId: string): string[] {
  const ended = (e: AuditEntry) => e.event === 'hearing_ended' && e.commercial === commercialId && [e.cause];
  return relay.trail.flatMap((e) => ended(e) || []);
}

function streamEnds(relay: RealRelay, commercialId: string): string[] {
  const ended = (e: AuditEntry) => e.event === 'stream_ended' && e.commercial === commercialId && [e.cause];
  return relay.trail.flatMap((e) => ended(e) || []);
}

/** The session is over, as its owner finds when asking its node for an end. */
async function isOver(url: string, token: string): Promise<boolean> {
  const { status } = await wish('PATCH', url, { token, type: FRAGMENT, body: 'x', headers: { 'if-match': '"none"' } });
  return status === 404;
}

function codes({ status, code }: WishAnswer): [number, string | null] {
  return [status, code];
}

/** Goes live from a page, as far as the relay is asked. */
async function goLive(t: TestContext, relay: RealRelay, user: SessionUser) {
  const page = await relay.join(user);
  t.after(() => void page.socket.disconnect());
  const voice = await pages.publisher();
  t.after(() => voice.close());
  const { sdp } = await page.request('publish:offer', { mode: 'connect', sdp: await voice.offer() });
  await voice.speak(sdp);
  await page.request('stream:start');
  return page;
}

describe('a device at one node', { skip }, () => {
  it('is heard at the other, by a panel and by a player, where its row says that it is a device', async (t) => {
    const { rep, ada } = pair();
    const { url, token, answer } = await streamFromDevice(t, nodes.a.url, rep);
    assert.match(answer.headers.get('location') ?? '', /^\/n\/a\/whip\/[\w-]{22}$/);
    const ben = await nodes.b.join(admin(`ben-${people}`));
    const ear = await pages.listener();
    t.after(() => {
      ben.socket.disconnect();
      ear.close();
    });
    await ben.untilRow(rep.id, ({ device, status }) => device === true && status === 'live');
    const offer = await ben.request('listen:connect', { mode: 'connect' });
    await ben.request('listen:answer', { sdp: await ear.answer(offer.sdp) });
    await ben.request('listen:select', { commercialId: rep.id });
    await eventually('the panel hears', () => ear.received > 5);
    const { player } = await listenWithPlayer(t, nodes.b.url, rep.id, ada);
    await hears(player);
    assert.equal((await wish('DELETE', url, { token })).status, 200);
    await ben.untilRow(rep.id, ({ status }) => status === 'offline');
    await hearsNothing(player);
    assert.deepEqual(ends(nodes.b, rep.id), ['stream_stopped', 'stream_stopped']);
  });

  it('gives way to a device of the same person at the other, which nobody keeps out afterwards', async (t) => {
    const { rep, ada } = pair();
    const older = await streamFromDevice(t, nodes.a.url, rep);
    const newer = await streamFromDevice(t, nodes.b.url, rep);
    await eventually('the older session is over', () => isOver(older.url, older.token));
    assert.deepEqual(streamEnds(nodes.a, rep.id), ['replaced']);
    const { player } = await listenWithPlayer(t, nodes.a.url, rep.id, ada);
    await hears(player);
    const back = await streamFromDevice(t, nodes.a.url, rep);
    await eventually('the newer session is over', () => isOver(newer.url, newer.token));
    await hears(player);
    await wish('DELETE', back.url, { token: back.token });
  });

  it('is refused where a page of the same person streams at the other, though nobody watches the team here', async (t) => {
    const { rep } = pair();
    await streamFromPage(t, nodes.a, pages, rep);
    assert.deepEqual(codes(await offerTo(`${nodes.b.url}/whip`, realToken(rep), OBS_OFFER)), [409, 'page_active']);
    assert.deepEqual(streamEnds(nodes.a, rep.id), []);
  });

  it('whom a page at the other stops, or takes over from, is kept out at every node', async (t) => {
    for (const how of ['stops', 'takes over']) {
      const { rep } = pair();
      const { url, token } = await streamFromDevice(t, nodes.a.url, rep);
      if (how === 'stops') {
        const page = await nodes.b.join(rep);
        t.after(() => void page.socket.disconnect());
        await page.until('stream:elsewhere', ({ status }) => status !== null);
        await page.request('stream:stop-elsewhere');
      } else {
        const page = await goLive(t, nodes.b, rep);
        await eventually('the device is gone', () => isOver(url, token));
        await page.request('stream:stop');
      }
      await eventually('the device is gone', () => isOver(url, token));
      for (const { url: at } of [nodes.a, nodes.b]) {
        const kept = () => offerTo(`${at}/whip`, token, OBS_OFFER);
        await eventually(`it is kept out (${how})`, async () => (await kept()).code === 'stopped_by_page');
      }
      const anew = await offerTo(`${nodes.b.url}/whip`, realToken(rep, 599), OBS_OFFER);
      assert.equal(anew.status, 201, 'another token lets it in');
    }
  });
});

describe('a player at the other node', { skip }, () => {
  it('is a named listener of the page, heard by nobody’s leave, counted, and in the audit trail', async (t) => {
    const { rep, ada } = pair();
    const { page, joined, left } = await streamFromPage(t, nodes.a, pages, rep);
    page.showsListeners = false;
    const { player, url, token, answer } = await listenWithPlayer(t, nodes.b.url, rep.id, ada);
    assert.match(answer.headers.get('location') ?? '', /^\/n\/b\/whep\/sessions\/[\w-]{22}$/);
    await eventually('the page is told', () => joined().some(({ id, name }) => id === ada.id && name === ada.name));
    await hearsNothing(player);
    assert.equal(player.received, 0, 'not one packet before the page shows it');
    await page.request('demand:seen', { version: page.all('demand:changed').at(-1)?.version });
    await hears(player);
    const headers = { authorization: `Bearer ${realToken(admin('statistician'))}` };
    for (const relay of [nodes.a, nodes.b]) {
      const status = await (await fetch(`${relay.url}/api/streaming/status?detail=1`, { headers })).text();
      assert.match(status, new RegExp(`"${ada.name}"`), `the status of ${relay.url}`);
    }
    const began = nodes.b.trail.find((e) => e.event === 'hearing_began' && e.commercial === rep.id);
    assert.ok(began?.event === 'hearing_began' && began.admin === ada.id);
    assert.equal((await wish('DELETE', url, { token })).status, 200);
    await eventually('the page is told that it has left', () => left().includes(ada.id));
    assert.deepEqual(ends(nodes.b, rep.id), ['asked']);
  });

  it('is silent while the commercial pauses, and hears again after it', async (t) => {
    const { page, player } = await heardAcross(t);
    await page.request('stream:pause', { paused: true });
    await hearsNothing(player);
    await page.request('stream:pause', { paused: false });
    await hears(player);
  });

  it('is cut when the commercial goes to another team', async (t) => {
    const { rep, page, player, url, token } = await heardAcross(t);
    await page.request('session:refresh', { token: realToken(commercial(rep.id, 'Sud')) });
    await eventually('its session is over', () => isOver(url, token));
    await hearsNothing(player);
    // What the home takes back and what the list says of the team come at the same time.
    const [end, ...more] = ends(nodes.b, rep.id);
    assert.ok((end === 'forbidden' || end === 'not_shown') && more.length === 0, String([end, ...more]));
  });

  it('is cut by the policy: whom nobody may hear, and how many may listen', async (t) => {
    t.after(() => nodes.setPolicy(DEVICES_HEARD));
    const first = await heardAcross(t);
    nodes.setPolicy({ ...DEVICES_HEARD, limits: { maxListeners: 1 } });
    const second = await offerTo(
      `${nodes.a.url}/whep/${first.rep.id}`,
      realToken(admin('too-many')),
      await aPlayersOffer(),
    );
    assert.deepEqual(codes(second), [403, 'policy_full']);
    await hears(first.player);
    nodes.setPolicy({ nobodyMayHear: [first.rep.id] });
    await eventually('its session is over', () => isOver(first.url, first.token));
    await hearsNothing(first.player);
    assert.deepEqual(ends(nodes.b, first.rep.id), ['policy_protected']);
  });

  it('ends with its token', async (t) => {
    const { rep, ada } = pair();
    const { left } = await streamFromPage(t, nodes.a, pages, rep);
    const { player } = await listenWithPlayer(t, nodes.b.url, rep.id, ada, realToken(ada, 3));
    await eventually('the hearing ends', () => ends(nodes.b, rep.id).includes('token_expired'));
    await hearsNothing(player);
    await eventually('the page is told that it has left', () => left().includes(ada.id));
  });

  it('gives way to a panel and to another player of the same admin, and takes over from no panel', async (t) => {
    const { rep, ada, player, url, token } = await heardAcross(t);
    const other = await listenWithPlayer(t, nodes.a.url, rep.id, ada);
    await eventually('the older player is gone', () => isOver(url, token));
    await hears(other.player);
    await hearsNothing(player);
    const panel = await nodes.b.join(ada);
    t.after(() => void panel.socket.disconnect());
    await panel.request('listen:select', { commercialId: rep.id });
    await eventually('the newer player is gone', () => isOver(other.url, token));
    const refused = await offerTo(`${nodes.a.url}/whep/${rep.id}`, token, await aPlayersOffer());
    assert.deepEqual(codes(refused), [409, 'page_active']);
    assert.equal(panel.all('listen:ended').length, 0);
  });
});

describe('a request that a load balancer leads to another node than its path says', { skip }, () => {
  it('is told so, and changes nothing; at its node it is answered', async (t) => {
    const { rep } = pair();
    const { url, token, answer } = await streamFromDevice(t, nodes.a.url, rep);
    const astray = new URL(new URL(url).pathname, nodes.b.url).href;
    const body = fragment('NeW1', 'bbbbbbbbbbbbbbbbbbbbbbbb');
    const headers = { 'if-match': '*' };
    for (const refused of [
      await wish('PATCH', astray, { token, type: FRAGMENT, body, headers }),
      await wish('DELETE', astray, { token }),
    ]) {
      assert.deepEqual(codes(refused), [421, 'other_relay']);
      assert.match(JSON.parse(refused.text).detail, /\/n\/a\//);
    }
    assert.deepEqual(codes(await wish('DELETE', astray, {})), [401, 'token_missing'], 'a stranger is told nothing');
    assert.deepEqual(streamEnds(nodes.a, rep.id), []);
    const etag = answer.headers.get('etag') ?? '';
    assert.equal(
      (await wish('PATCH', url, { token, type: FRAGMENT, body, headers: { 'if-match': etag } })).status,
      200,
    );
    assert.equal((await wish('DELETE', url, { token })).status, 200);
    assert.deepEqual(codes(await wish('DELETE', url, { token })), [404, 'no_session']);
  });

  it('finds no session where that node is none of the cluster: it has ended with it', async () => {
    const { rep } = pair();
    const gone = await wish('DELETE', `${nodes.b.url}/n/z9/whip/AAAAAAAAAAAAAAAAAAAAAA`, { token: realToken(rep) });
    assert.deepEqual(codes(gone), [404, 'no_session']);
  });
});

describe('a node that drains', { skip }, () => {
  it('ends its devices and players, takes no new ones, and both go on at the other', async (t) => {
    const own = await WishNodes.start();
    t.after(() => own.close());
    const { rep, ada } = pair();
    const device = await streamFromDevice(t, own.a.url, rep);
    const player = await listenWithPlayer(t, own.a.url, rep.id, ada);
    await hears(player.player);
    const drain = own.a.server.drain();
    const refused = await offerTo(`${own.a.url}/whip`, device.token, OBS_OFFER);
    assert.deepEqual(codes(refused), [503, 'draining']);
    assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
    await drain.over;
    assert.ok((await isOver(device.url, device.token)) && (await isOver(player.url, player.token)));
    assert.deepEqual([streamEnds(own.a, rep.id).length, ends(own.a, rep.id).length], [1, 1]);
    await own.a.server.close();

    const again = await listenWithPlayer(t, own.b.url, rep.id, ada);
    await streamFromDevice(t, own.b.url, rep, device.token);
    await hears(again.player);
    const gone = new URL(sessionUrl(own.b.url, device.answer));
    assert.deepEqual(codes(await wish('DELETE', gone.href, { token: device.token })), [404, 'no_session']);
  });
});
