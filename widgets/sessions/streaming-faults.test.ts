import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admin, commercial, settle } from './testing/fake-relay.ts';
import { live, mockTime, pass, setUp } from './testing/streaming-scene.ts';

describe('faults of a streaming session', () => {
  mockTime();

  it('an admin’s token leaves it idle, and a click asks for no microphone', async () => {
    const { relay, session, microphones } = setUp();
    relay.ready(admin('a1'));
    assert.equal(session.getState().status, 'idle');
    await session.start();
    assert.equal(microphones.asked, 0);
    assert.equal(session.getState().fault?.code, 'forbidden');
  });

  it('a live page whose token was refused holds the microphone for a minute, then ends', async () => {
    const { relay, session, microphones } = await live();
    relay.set('refused', { code: 'token_expired', message: 'expired' });
    await pass(59_000);
    assert.equal(session.getState().status, 'reconnecting');
    await pass(2_000);
    assert.equal(session.getState().status, 'idle');
    assert.equal(session.getState().fault?.code, 'token_expired');
    assert.ok(microphones.all.every(({ closed }) => closed));
  });

  it('says that the screen may lock while live, and no longer afterwards', async () => {
    const { session, locks } = await live();
    locks.tell(false);
    assert.equal(session.getState().screenMayLock, true);
    locks.tell(true);
    assert.equal(session.getState().screenMayLock, false);
    locks.tell(false);
    await session.stop();
    assert.equal(session.getState().screenMayLock, false);
  });

  it('says when the relay is within reach and the audio is not, until it is', async () => {
    const { relay, session, peers } = setUp();
    peers.connectsAtOnce = false;
    relay.ready(commercial('c1'));
    await session.start();
    await pass(14_000);
    assert.equal(session.getState().fault, null);
    await pass(1_500);
    assert.equal(session.getState().fault?.code, 'media_failed');
    peers.last.set('connected');
    await settle();
    assert.equal(session.getState().fault, null);
    assert.equal(session.getState().status, 'live');
  });

  it('does not blame the media ports for a network that is away as a whole', async () => {
    const { relay, session, peers } = await live();
    relay.set('offline');
    peers.last.set('failed');
    await pass(40_000);
    assert.notEqual(session.getState().fault?.code, 'media_failed');
    assert.equal(session.getState().status, 'reconnecting');
  });

  it('knows at once that a relay which stopped on purpose took the media with it', async () => {
    const { relay, session } = await live();
    relay.emit('relay:draining', { reconnectAfterMs: 1_000 });
    assert.equal(session.getState().status, 'live');
    relay.set('offline');
    assert.equal(session.getState().status, 'reconnecting');
    relay.ready(commercial('c1'));
    await settle();
    assert.equal(session.getState().status, 'live');
  });
});
