import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commercial, settle } from './testing/fake-relay.ts';
import { live, mockTime, pass, setUp } from './testing/streaming-scene.ts';

const LISTENERS = [{ id: 'a1', name: 'Ada' }];
const voices = (requests: readonly string[]) => requests.filter((name) => name.startsWith('stream:voice'));

describe('speaking levels of a streaming session', () => {
  mockTime();

  it('stay in the page while nobody listens', async () => {
    const { relay, session, microphones } = await live();
    microphones.rms = 0.2;
    await pass(2_000);
    assert.ok(session.getState().level > 0, 'the commercial sees that the microphone hears');
    microphones.rms = 0.001;
    await pass(2_000);
    relay.set('offline');
    relay.ready(commercial('c1'), { resumed: true, hasMedia: true });
    await settle();
    assert.deepEqual(voices(relay.drain()), []);
    assert.equal(session.getState().voiceShown, false);
  });

  it('are told from the first listener on, with the present one, until the last one leaves', async () => {
    const { relay, microphones } = await live();
    microphones.rms = 0.2;
    await pass(1_000);
    relay.tellListeners(1, LISTENERS);
    assert.deepEqual(voices(relay.drain()), ['stream:voice 4']);
    relay.tellListeners(2, [...LISTENERS, { id: 'a2', name: 'Bea' }]);
    assert.deepEqual(voices(relay.drain()), [], 'once');
    microphones.rms = 0.001;
    await pass(1_000);
    assert.deepEqual(voices(relay.drain()), ['stream:voice 0']);
    relay.tellListeners(3, []);
    microphones.rms = 0.2;
    await pass(1_000);
    assert.deepEqual(voices(relay.drain()), [], 'not even in the linger');
  });

  it('are told always where the host wants it, and the commercial is told so', async () => {
    const { relay, session, microphones } = setUp();
    relay.voiceWithoutListeners = true;
    relay.ready(commercial('c1'));
    await session.start();
    microphones.rms = 0.2;
    await pass(1_000);
    assert.deepEqual(voices(relay.drain()), ['stream:voice 4']);
    assert.equal(session.getState().voiceShown, true);
  });

  it('want an answer once in two seconds: a connection that is dead shows by it, and the others are soon past', async () => {
    const { relay, microphones } = await live();
    relay.tellListeners(1, LISTENERS);
    for (let i = 0; i < 8; i += 1) {
      microphones.rms = i % 2 === 0 ? 0.2 : 0.001;
      await pass(500);
    }
    const told = voices(relay.drain()).length;
    assert.equal(told, 8);
    assert.equal(told - relay.sent, 2, 'in four seconds');
  });
});
