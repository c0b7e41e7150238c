import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { z } from 'zod';
import { nodePlace } from '../protocol/messages.ts';
import { commercial } from '../streams/testing/scene.ts';
import { eventually, type LivePage } from './testing/live-page.ts';
import { LiveRelay, tokenOf } from './testing/live-relay.ts';
import { nodeOfSession, placeOfNode } from './whereabouts.ts';

/** Two nodes that know of each other. */
async function twoNodes(t: TestContext) {
  /** Those that live and take pages. */
  const alive = new Set(['one', 'two']);
  const node = (id: string) =>
    LiveRelay.start(t, {
      whereabouts: {
        self: { id, place: placeOfNode(id, id === 'two' ? 'https://two.example' : null) },
        placeOf: (other) =>
          other !== id && alive.has(other) ? placeOfNode(other, other === 'two' ? 'https://two.example' : null) : null,
      },
    });
  return { one: await node('one'), two: await node('two'), alive };
}

/** Everything that a refused handshake says. */
async function dataOf(page: LivePage): Promise<z.infer<typeof refusalData>> {
  return refusalData.parse((await page.refusal()).data);
}

const refusalData = z.strictObject({
  code: z.string(),
  message: z.string(),
  traceId: z.string(),
  place: nodePlace.optional(),
});

const cleo = commercial('cleo');
const token = tokenOf(cleo);

test('a session names its node, and where that is', async (t) => {
  const { one, two } = await twoNodes(t);
  const first = await (await one.join(cleo)).until('session:ready');
  assert.match(first.sessionId, /^one\.[\w-]{32}$/);
  assert.deepEqual(first.place, { path: '/n/one' });
  const second = await (await two.join(cleo)).until('session:ready');
  assert.equal(nodeOfSession(second.sessionId), 'two');
  assert.deepEqual(second.place, { path: '/n/two', url: 'https://two.example' });
});

test('a single relay says nothing of nodes, and has no paths of any', async (t) => {
  const relay = await LiveRelay.start(t);
  const ready = await (await relay.join(cleo)).until('session:ready');
  assert.equal(nodeOfSession(ready.sessionId), null);
  assert.equal('place' in ready, false);
  const { socket } = relay.dial({ token }, { path: '/n/one/socket.io', transports: ['websocket'] });
  const error = await new Promise<Error & { data?: unknown }>((resolve) => socket.on('connect_error', resolve));
  assert.equal(error.data, undefined);
});

test('the path of any node leads in, over WebSocket and polling; what only looks like one does not', async (t) => {
  const { one } = await twoNodes(t);
  const { sessionId } = await (await one.join(cleo)).until('session:ready');
  for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
    for (const node of ['one', 'two', 'nobody-knows']) {
      const page = one.dial({ token, sessionId }, { path: `/n/${node}/socket.io`, transports });
      assert.equal((await page.until('session:ready')).resumed, true, `${node} ${transports}`);
    }
  }
  const refused = ['/n/One/socket.io/', '/n//socket.io/', '/n/one/../socket.io/', `/n/${'x'.repeat(33)}/socket.io/`];
  for (const path of [...refused, '/n/one%2f/socket.io/', '/n/one/n/one/socket.io/', '/n/one/health']) {
    // Without an app behind it, nobody answers what Engine.IO leaves alone.
    const answer = fetch(`http://127.0.0.1:${one.ports[0]}${path}?EIO=4&transport=polling`, {
      signal: AbortSignal.timeout(150),
    });
    await assert.rejects(answer, path);
  }
});

test('a session of a node that lives is looked for there; the page is told where', async (t) => {
  const { one, two } = await twoNodes(t);
  const ofTwo = await (await two.join(cleo)).until('session:ready');
  const { code, place } = await dataOf(one.dial({ token, sessionId: ofTwo.sessionId }));
  assert.equal(code, 'elsewhere');
  assert.deepEqual(place, { path: '/n/two', url: 'https://two.example' });
  assert.equal(await one.refusal({ token: 'garbage', sessionId: ofTwo.sessionId }), 'token_malformed');
  await eventually(() => one.signalling.gauges().connections === 0, 'refused connections stay open');
  assert.equal(one.signalling.gauges().sessions, 0);
  const back = two.dial({ token, sessionId: ofTwo.sessionId }, { path: `${place?.path}/socket.io` });
  assert.equal((await back.until('session:ready')).resumed, true);
});

test('a new session at once when its node is gone, when the path led here, and when the page has looked already', async (t) => {
  const { one, two, alive } = await twoNodes(t);
  const { sessionId } = await (await two.join(cleo)).until('session:ready');
  const pages = [
    () => one.dial({ token, sessionId }, { path: '/n/two/socket.io' }),
    () => one.dial({ token, sessionId, sought: true }),
    () => {
      alive.delete('two');
      return one.dial({ token, sessionId });
    },
    // Ids of no node, of this one, and none at all.
    () => one.dial({ token, sessionId: `one.${'x'.repeat(32)}` }),
    () => one.dial({ token, sessionId: 'x'.repeat(32) }),
    () => one.dial({ token, sessionId: `two.${'x'.repeat(9_999)}` }),
  ];
  for (const dial of pages) {
    const page = dial();
    const ready = await page.until('session:ready');
    assert.equal(ready.resumed, false);
    assert.equal(nodeOfSession(ready.sessionId), 'one');
    page.socket.disconnect();
  }
  // The path of another node than the session's says nothing of that one.
  alive.add('two');
  const other = await dataOf(one.dial({ token, sessionId }, { path: '/n/three/socket.io' }));
  assert.equal(other.code, 'elsewhere');
});

test('a place has the path of the node’s URL before its own', () => {
  assert.deepEqual(placeOfNode('a-1', null), { path: '/n/a-1' });
  assert.deepEqual(placeOfNode('a-1', 'https://a.example:8443/'), { path: '/n/a-1', url: 'https://a.example:8443' });
  assert.deepEqual(placeOfNode('a-1', 'https://a.example/live/'), { path: '/live/n/a-1', url: 'https://a.example' });
});
