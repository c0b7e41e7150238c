import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deferred, settle } from './testing/fake-relay.ts';
import { live, mockTime, pass } from './testing/streaming-scene.ts';

const LISTENERS = [{ id: 'a1', name: 'Ada' }];

describe('demand of a streaming session', () => {
  mockTime();

  it('sends nothing until somebody listens, at once then, and stops after the linger', async () => {
    const { relay, session, peers } = await live();
    assert.equal(peers.last.sent, null);
    relay.tellListeners(1, LISTENERS);
    assert.equal(session.getState().sending, true);
    await settle();
    assert.equal(peers.last.sent, 'track1');
    assert.deepEqual(session.getState().listeners, LISTENERS);
    relay.tellListeners(2, []);
    await pass(2_900);
    assert.equal(peers.last.sent, 'track1');
    await pass(200);
    assert.equal(peers.last.sent, null);
    assert.equal(session.getState().sending, false);
  });

  it('acknowledges the listeners once they are rendered, and not before', async () => {
    const { relay, rendering } = await live();
    const { promise, resolve } = deferred<void>();
    rendering.done = promise;
    relay.tellListeners(6, LISTENERS);
    relay.tellListeners(7, []);
    await settle();
    assert.deepEqual(relay.seen, []);
    resolve();
    await settle();
    assert.deepEqual(relay.seen, [7]);
  });

  it('acknowledges nothing while no stream is shown', async () => {
    const { relay, session } = await live();
    await session.stop();
    relay.tellListeners(8, LISTENERS);
    await settle();
    assert.deepEqual(relay.seen, []);
  });

  it('goes on sending when a listener comes back within the linger', async () => {
    const { relay, peers } = await live();
    relay.tellListeners(3, LISTENERS);
    relay.tellListeners(4, []);
    await pass(2_000);
    relay.tellListeners(5, LISTENERS);
    await pass(5_000);
    assert.equal(peers.last.sent, 'track1');
  });
});
