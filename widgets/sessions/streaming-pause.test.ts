import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProspectError } from '../shared/fault.ts';
import { commercial, deferred, settle } from './testing/fake-relay.ts';
import { live, mockTime, pass, setUp } from './testing/streaming-scene.ts';

const LISTENERS = [{ id: 'a1', name: 'Ada' }];

describe('pause of a streaming session', () => {
  mockTime();

  it('pauses here before the relay knows, and goes on only when the relay has agreed', async () => {
    const { relay, session, peers, microphones } = await live();
    relay.tellListeners(1, LISTENERS);
    microphones.rms = 0.2;
    await pass(500);
    assert.ok(session.getState().level > 0);
    relay.drain();
    const pausing = session.setPaused(true);
    assert.equal(peers.last.sent, null);
    assert.equal(session.getState().status, 'paused');
    await pausing;
    await pass(1_000);
    assert.equal(session.getState().level, 0);
    assert.deepEqual(relay.drain(), ['stream:voice 0', 'stream:pause true']);
    const ack = deferred<Record<string, never>>();
    relay.answers['stream:pause'] = () => ack.promise;
    const going = session.setPaused(false);
    assert.equal(session.getState().status, 'paused');
    ack.resolve({});
    await going;
    assert.equal(session.getState().status, 'live');
    assert.equal(peers.last.sent, 'track1');
  });

  it('keeps a pause over a lost socket and a rebuilt connection', async () => {
    const { relay, session, peers } = await live();
    relay.tellListeners(2, LISTENERS);
    relay.set('offline');
    await session.setPaused(true);
    assert.equal(session.getState().status, 'paused');
    relay.ready(commercial('c1'));
    await settle();
    assert.ok(relay.requests.includes('stream:pause true'));
    assert.equal(peers.last.sent, null);
  });

  it('the newest wish holds: a pause pressed while going on is under way stays', async () => {
    const { relay, session, peers } = await live();
    relay.tellListeners(3, LISTENERS);
    await session.setPaused(true);
    relay.drain();
    await Promise.all([session.setPaused(false), session.setPaused(true)]);
    assert.equal(session.getState().status, 'paused');
    assert.equal(peers.last.sent, null);
    assert.deepEqual(relay.drain(), ['stream:pause false', 'stream:pause true']);
  });

  it('holds over a track that the browser is slow to send', async () => {
    const { relay, session, peers } = await live();
    const { promise, resolve } = deferred<void>();
    peers.last.sendGate = () => promise;
    relay.tellListeners(4, LISTENERS);
    await session.setPaused(true);
    resolve();
    await settle();
    assert.equal(peers.last.sent, null);
    await session.setPaused(false);
    await settle();
    assert.equal(peers.last.sent, 'track1');
  });

  it('a track that comes only after the stop is sent by nobody, and is no fault', async () => {
    const { relay, session, peers, microphones } = await live();
    const { promise, resolve } = deferred<void>();
    peers.last.sendGate = () => promise;
    relay.tellListeners(5, LISTENERS);
    await session.stop();
    resolve();
    await settle();
    assert.equal(peers.last.sent, null);
    assert.equal(microphones.live, 0);
    assert.deepEqual([session.getState().status, session.getState().fault], ['ready', null]);
  });

  it('a pause pressed while the stream is starting holds from its first moment', async () => {
    const { relay, session, peers } = setUp();
    relay.answers['stream:start'] = () => {
      relay.tellListeners(1, LISTENERS);
      return { streamId: 's', liveForMs: 0 };
    };
    relay.ready(commercial('c1'));
    const started = session.start();
    await session.setPaused(true);
    await started;
    await settle();
    assert.equal(session.getState().status, 'paused');
    assert.equal(peers.last.sent, null);
    assert.ok(relay.requests.includes('stream:pause true'));
    await session.setPaused(false);
    assert.equal(session.getState().status, 'live');
    assert.equal(peers.last.sent, 'track1');
  });

  it('says that going on failed, and forgets it when it works', async () => {
    const { relay, session } = await live();
    await session.setPaused(true);
    relay.answers['stream:pause'] = () => Promise.reject(new ProspectError('request_timeout', 'no answer'));
    await session.setPaused(false);
    assert.equal(session.getState().status, 'paused');
    assert.equal(session.getState().fault?.code, 'request_timeout');
    relay.answers['stream:pause'] = () => ({});
    await session.setPaused(false);
    assert.equal(session.getState().status, 'live');
    assert.equal(session.getState().fault, null);
  });
});
