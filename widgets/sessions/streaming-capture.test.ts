import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MicrophoneError } from '../audio/microphone-failure.ts';
import { deferred, settle } from './testing/fake-relay.ts';
import { live, mockTime, pass } from './testing/streaming-scene.ts';

const LISTENERS = [{ id: 'a1', name: 'Ada' }];

describe('microphone of a streaming session', () => {
  mockTime();

  it('takes an ended microphone again by itself', async () => {
    const { relay, session, microphones, peers, statuses } = await live();
    relay.tellListeners(1, LISTENERS);
    microphones.last.break('ended');
    assert.equal(session.getState().status, 'interrupted');
    assert.equal(session.getState().interruption, 'microphone');
    assert.equal(session.getState().needsTap, false);
    assert.equal(peers.last.sent, null);
    await pass(100);
    assert.equal(session.getState().status, 'live');
    assert.equal(peers.last.sent, 'track2');
    assert.deepEqual(statuses.slice(-2), ['interrupted', 'live']);
    assert.deepEqual(
      relay.drain().filter((name) => name.startsWith('stream:capture')),
      ['stream:capture microphone', 'stream:capture'],
    );
    assert.equal(microphones.live, 1);
  });

  it('asks for a tap when the microphone does not come back, and the tap brings it', async () => {
    const { session, microphones } = await live();
    microphones.gate = async () => {
      throw new MicrophoneError('microphone_in_use');
    };
    microphones.last.break('ended');
    await pass(100);
    assert.equal(session.getState().status, 'interrupted');
    assert.equal(session.getState().needsTap, true);
    assert.equal(session.getState().fault?.code, 'microphone_in_use');
    microphones.gate = async () => {};
    await session.recover();
    assert.equal(session.getState().status, 'live');
    assert.equal(session.getState().fault, null);
    assert.equal(session.getState().needsTap, false);
  });

  it('stops with stop() while the microphone is being taken again', async () => {
    const { session, microphones } = await live();
    const question = deferred<void>();
    microphones.gate = () => question.promise;
    microphones.last.break('ended');
    await pass(100);
    await session.stop();
    question.resolve();
    await settle();
    assert.equal(session.getState().status, 'ready');
    assert.equal(microphones.live, 0);
  });

  it('takes the microphone anew when sound goes in and nothing comes out', async () => {
    const { relay, microphones, peers } = await live();
    relay.tellListeners(2, LISTENERS);
    await pass(10_000);
    assert.equal(microphones.asked, 1, 'silence proves nothing');
    microphones.rms = 0.2;
    for (let second = 0; second < 8; second += 1) {
      peers.last.bytesSent += 4_000;
      await pass(1_000);
    }
    assert.equal(microphones.asked, 1, 'bytes leave');
    await pass(7_000);
    assert.equal(microphones.asked, 2);
  });

  it('takes the chosen microphone when it comes back, over the same connection', async () => {
    const { relay, session, peers, microphones } = await live();
    relay.tellListeners(1, [{ id: 'a1', name: 'Ada' }]);
    await settle();
    relay.drain();
    const [first] = microphones.all;
    assert.ok(first);
    first.onEvent('devices');
    await settle();
    assert.equal(microphones.asked, 1, 'nothing better came');
    first.isBetterThere = true;
    first.onEvent('devices');
    await settle();
    assert.equal(microphones.asked, 2);
    assert.deepEqual([first.closed, peers.last.sent, session.getState().status], [true, 'track2', 'live']);
    assert.ok(!relay.drain().some((request) => request.startsWith('publish:offer')));
  });
});
