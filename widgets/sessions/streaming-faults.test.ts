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

  it('a live page whose token was refused holds the microphone for ten seconds, then is idle', async () => {
    const { relay, session, microphones, peers, locks } = await live();
    relay.set('refused', { code: 'token_expired', message: 'expired' });
    await pass(9_000);
    assert.equal(session.getState().status, 'reconnecting');
    await pass(1_100);
    assert.equal(session.getState().status, 'idle');
    assert.equal(session.getState().fault?.code, 'token_expired');
    assert.deepEqual([microphones.live, microphones.metersOpen, peers.open, locks.held], [0, 0, 0, 0]);
    // The refusal is over with a token that is let in: nothing says any more that access was refused.
    relay.ready(commercial('c1'));
    assert.deepEqual([session.getState().status, session.getState().fault], ['ready', null]);
  });

  it('gains no time by one bad token after the other, but by one that is let in', async () => {
    const { relay, session, microphones } = await live();
    const refuse = () => relay.set('refused', { code: 'token_expired', message: 'expired' });
    refuse();
    await pass(9_000);
    relay.ready(commercial('c1'), { resumed: true, hasMedia: true });
    await settle();
    for (let second = 0; second < 9; second += 1) {
      refuse();
      await pass(900);
      relay.set('connecting');
      await pass(100);
    }
    assert.equal(microphones.live, 1);
    refuse();
    await pass(1_100);
    assert.equal(microphones.live, 0);
    assert.equal(session.getState().status, 'idle');
  });

  it('waits for a token that is being tried when the time is up, and not for ever', async () => {
    const { relay, microphones } = await live();
    relay.set('refused', { code: 'token_expired', message: 'expired' });
    await pass(9_000);
    relay.set('connecting');
    await pass(10_000);
    assert.equal(microphones.live, 1);
    await pass(7_000);
    assert.equal(microphones.live, 0);
  });

  it('releases the microphone when no sound could leave for five minutes', async () => {
    const { relay, session, microphones, peers } = await live();
    relay.set('offline', { code: 'relay_unreachable', message: 'no answer' });
    peers.last.set('failed');
    await pass(4 * 60_000);
    assert.deepEqual([session.getState().status, microphones.live], ['reconnecting', 1]);
    await pass(61_000);
    assert.deepEqual([session.getState().status, microphones.live], ['connecting', 0]);
    assert.equal(session.getState().fault?.code, 'relay_unreachable');
    relay.ready(commercial('c1'), { resumed: true, hasMedia: false });
    assert.deepEqual(relay.drain().slice(-1), ['stream:stop']);
    assert.deepEqual([session.getState().status, session.getState().fault], ['ready', null]);
  });

  it('holds it for as long as sound can leave, with the relay away or not', async () => {
    const { relay, session, microphones } = await live();
    relay.set('offline');
    await pass(6 * 60_000);
    assert.deepEqual([session.getState().status, microphones.live], ['live', 1]);
  });

  it('every end that the relay tells of releases the microphone', async () => {
    for (const reason of ['replaced', 'time_limit', 'policy_hours'] as const) {
      const { relay, session, microphones } = await live();
      relay.emit('stream:ended', { reason });
      assert.deepEqual([session.getState().status, microphones.live], ['ready', 0], reason);
    }
    for (const code of ['token_expired', 'origin_not_allowed', 'protocol_outdated', 'forbidden']) {
      const { relay, session, microphones } = await live();
      relay.set('refused', { code, message: code });
      await pass(10_100);
      assert.deepEqual([session.getState().status, microphones.live], ['idle', 0], code);
      assert.equal(session.getState().fault?.code, code);
    }
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
    assert.match(session.getState().fault?.message ?? '', / \(trace 0af7651916cd43dd8448eb211c80319c\)$/);
    peers.last.set('connected');
    await settle();
    assert.equal(session.getState().fault, null);
    assert.equal(session.getState().status, 'live');
  });

  it('waits longer before it says so where round trips take two seconds', async () => {
    const { relay, session, peers } = setUp();
    peers.connectsAtOnce = false;
    relay.slowMs = 8_000;
    relay.ready(commercial('c1'));
    await session.start();
    await pass(39_000);
    assert.equal(session.getState().fault, null);
    await pass(1_500);
    assert.equal(session.getState().fault?.code, 'media_failed');
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
