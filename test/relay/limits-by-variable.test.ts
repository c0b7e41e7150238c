/** Every limit, set by its variable at a whole relay: whoever goes beyond is told so at once, and the others go on. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { variables } from '../../relay/config/variables.ts';
import { OFFER } from '../../relay/media/testing/media-fixtures.ts';
import type { LivePage } from '../../relay/signalling/testing/live-page.ts';
import { admin, commercial } from '../../relay/streams/testing/scene.ts';
import { eventually, RealRelay, realToken } from '../harness/relay/real-relay.ts';

/** The variables that have a test here. */
const tested = new Set<string>();
let relay: RealRelay | null = null;
afterEach(async () => {
  await relay?.close();
  relay = null;
});

function limit(name: string, value: number, what: string, run: (running: RealRelay) => Promise<void>): void {
  tested.add(name);
  it(`${name}=${value}: ${what}`, async () => {
    relay = await RealRelay.start({ env: { [name]: String(value) } });
    await run(relay);
    assert.deepEqual(relay.errors, []);
    assert.equal((await fetch(`${relay.url}/health`)).status, 200);
  });
}

async function negotiated(running: RealRelay, id: string): Promise<LivePage> {
  const page = await running.join(commercial(id));
  await page.request('publish:offer', { mode: 'connect', sdp: OFFER });
  return page;
}

/** So many pages of this address get in, one more gets no connection, and the next one a place again. */
async function socketsEnd(running: RealRelay, most: number): Promise<void> {
  const pages: LivePage[] = [];
  for (let i = 0; i < most; i += 1) pages.push(await running.join(commercial(`c${i}`)));
  const { socket } = running.dial({ token: realToken(commercial('more')) });
  await new Promise<void>((resolve, reject) => {
    socket.on('connect_error', () => resolve());
    socket.on('connect', () => reject(new Error('one more got in')));
  });
  for (const { socket: held } of pages) held.disconnect();
  // The request that asks has a connection of its own, which is idle afterwards and gives way.
  await eventually('their sockets are closed', async () => {
    const metrics = await fetch(`${running.url}/metrics`).then(
      (answer) => answer.text(),
      () => 'refused, since the places are still taken',
    );
    return /^prospect_relay_sockets 1$/m.test(metrics);
  });
  await running.join(commercial('more'));
}

describe('limits', () => {
  limit('SOCKETS_PER_ADDRESS', 3, 'a fourth connection of an address is refused', (running) => socketsEnd(running, 3));

  limit('MAX_SOCKETS', 10, 'no address has more than half of all', (running) => socketsEnd(running, 5));

  limit('MAX_STREAMS', 1, 'one more is refused with `capacity`, until there is room again', async (running) => {
    const first = await negotiated(running, 'cleo');
    const second = await negotiated(running, 'hugo');
    await first.request('stream:start');
    assert.equal(await second.refused('stream:start', {}), 'capacity');
    await first.request('stream:start');
    await first.request('stream:stop');
    await second.request('stream:start');
  });

  limit('MAX_LISTENERS', 1, 'one more is refused with `capacity`, until there is room again', async (running) => {
    const [first, second] = [await running.join(admin('ada')), await running.join(admin('ben'))];
    await first.request('listen:select', { commercialId: 'cleo' });
    assert.equal(await second.refused('listen:select', { commercialId: 'cleo' }), 'capacity');
    await first.request('listen:select', { commercialId: 'hugo' });
    await first.request('listen:stop');
    await second.request('listen:select', { commercialId: 'cleo' });
  });

  limit('MAX_LOAD', 0.1, 'a crowd that comes at once is refused with `capacity`, and let in later', async (running) => {
    const pages = await Promise.all(Array.from({ length: 150 }, (_, index) => running.join(admin(`a${index}`))));
    const [inside, ...crowd] = pages;
    const letIn = async (page: (typeof pages)[number] | undefined) => {
      await wait(250); // less often than what is taken for a flood
      return (await page?.raw('listen:select', { commercialId: 'cleo' }))?.ok === true;
    };
    await eventually('what it took to connect is over', () => letIn(inside));
    const answers = await Promise.all(crowd.map((page) => page.raw('listen:select', { commercialId: 'cleo' })));
    const outside = crowd[answers.findLastIndex((ack) => !ack.ok && ack.error.code === 'capacity')];
    assert.ok(outside, 'the whole crowd was let in');
    await inside?.request('listen:select', { commercialId: 'hugo' });
    await eventually('there is room again', () => letIn(outside));
  });

  limit('MAX_MESSAGE_BYTES', 20_000, 'a larger message ends the connection, not the session', async (running) => {
    const page = await running.join(commercial('cleo'));
    assert.equal(await page.refused('publish:offer', { mode: 'connect', sdp: 'x'.repeat(19_000) }), 'bad_request');
    page.socket.emit('publish:offer', { mode: 'connect', sdp: 'x'.repeat(20_000) });
    await eventually('the connection is closed', () => page.disconnected);
    const { sessions, attached } = (await running.report()).signalling;
    assert.deepEqual([sessions, attached], [1, 0]);
  });

  limit('MESSAGES_PER_SECOND', 2, 'twice as many at once pass, then `rate_limited`', async (running) => {
    const page = await running.join(commercial('cleo'));
    const answers = await Promise.all(Array.from({ length: 8 }, () => page.raw('stream:stop', {})));
    const codes = answers.map((ack) => (ack.ok ? 'ok' : ack.error.code));
    assert.deepEqual(codes.slice(0, 4), ['ok', 'ok', 'ok', 'ok']);
    assert.equal(codes[7], 'rate_limited');
    const other = await running.join(commercial('hugo'));
    await other.request('stream:stop');
  });

  limit('CONNECTIONS_PER_USER', 1, 'a second page is refused with `rate_limited`', async (running) => {
    await running.join(commercial('cleo'));
    assert.equal(await running.refusal({ token: realToken(commercial('cleo')) }), 'rate_limited');
    await running.join(commercial('hugo'));
  });

  limit('CONNECTIONS_PER_ADDRESS', 2, 'a third page of an address is refused with `rate_limited`', async (running) => {
    const first = await running.join(commercial('cleo'));
    await running.join(commercial('hugo'));
    assert.equal(await running.refusal({ token: realToken(commercial('lea')) }), 'rate_limited');
    first.socket.disconnect();
    await eventually('it is gone', async () => (await running.report()).signalling.connections === 1);
    await running.join(commercial('lea'));
  });

  it('has a test for every variable of its group', () => {
    // Needs a slow key server, which is in the other file.
    tested.add('PENDING_HANDSHAKES');
    const all = Object.entries(variables).filter(([, { group }]) => group === 'Limits');
    assert.deepEqual(all.map(([name]) => name).sort(), [...tested].sort());
  });
});
