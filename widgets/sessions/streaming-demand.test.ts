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
    relay.emit('demand:changed', { version: 1, listeners: LISTENERS });
    assert.equal(session.getState().sending, true);
    await settle();
    assert.equal(peers.last.sent, 'track1');
    assert.deepEqual(session.getState().listeners, LISTENERS);
    relay.emit('demand:changed', { version: 2, listeners: [] });
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
    relay.emit('demand:changed', { version: 6, listeners: LISTENERS });
    relay.emit('demand:changed', { version: 7, listeners: [] });
    await settle();
    assert.deepEqual(relay.seen, []);
    resolve();
    await settle();
    assert.deepEqual(relay.seen, [7]);
  });

  it('acknowledges nothing while no stream is shown', async () => {
    const { relay, session } = await live();
    await session.stop();
    relay.emit('demand:changed', { version: 8, listeners: LISTENERS });
    await settle();
    assert.deepEqual(relay.seen, []);
  });

  it('goes on sending when a listener comes back within the linger', async () => {
    const { relay, peers } = await live();
    relay.emit('demand:changed', { version: 3, listeners: LISTENERS });
    relay.emit('demand:changed', { version: 4, listeners: [] });
    await pass(2_000);
    relay.emit('demand:changed', { version: 5, listeners: LISTENERS });
    await pass(5_000);
    assert.equal(peers.last.sent, 'track1');
  });
});
