import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MicrophoneError } from '../audio/microphone-failure.ts';
import { ProspectError } from '../shared/fault.ts';
import { admin, commercial, deferred, settle } from './testing/fake-relay.ts';
import { live, mockTime, pass, setUp } from './testing/streaming-scene.ts';

const LISTENERS = [{ id: 'a1', name: 'Ada' }];

describe('streaming session', () => {
  mockTime();

  it('is ready with the relay, and live only when the relay has said so', async () => {
    const { relay, session, statuses, microphones } = setUp();
    assert.equal(session.getState().status, 'connecting');
    relay.ready(commercial('c1'));
    assert.equal(session.getState().status, 'ready');
    assert.equal(microphones.asked, 0);
    assert.deepEqual(relay.requests, []);
    const ack = deferred<{ streamId: string; liveForMs: number }>();
    relay.answers['stream:start'] = () => ack.promise;
    const started = session.start();
    assert.equal(session.getState().status, 'starting');
    await settle();
    assert.equal(session.getState().status, 'starting');
    ack.resolve({ streamId: 's', liveForMs: 0 });
    await started;
    assert.deepEqual(statuses, ['ready', 'starting', 'live']);
    assert.deepEqual(relay.requests, ['publish:offer connect', 'stream:start']);
    assert.equal(session.getState().startedAt, 1_000_000);
  });

  it('asks for the microphone within the click, side by side with the media', () => {
    const { relay, session, microphones } = setUp();
    relay.ready(commercial('c1'));
    void session.start();
    assert.equal(microphones.asked, 1);
  });

  it('starts once, however often it is asked', async () => {
    const { relay, session, microphones } = setUp();
    relay.ready(commercial('c1'));
    await Promise.all([session.start(), session.start()]);
    await session.start();
    assert.equal(microphones.asked, 1);
    assert.equal(relay.requests.filter((name) => name === 'stream:start').length, 1);
  });

  it('releases microphone, meter, connection and wake lock at stop', async () => {
    const { relay, session, peers, microphones, locks, statuses } = await live();
    assert.equal(locks.held, 1);
    await session.stop();
    assert.deepEqual(relay.drain(), ['stream:stop']);
    assert.deepEqual([microphones.live, microphones.metersOpen, peers.open, locks.held], [0, 0, 0, 0]);
    assert.deepEqual(statuses.slice(-2), ['stopping', 'ready']);
    await session.stop();
    assert.deepEqual(relay.drain(), []);
  });

  it('says why the microphone failed, and tells the relay to forget the media', async () => {
    const { relay, session, microphones, peers } = setUp();
    relay.ready(commercial('c1'));
    microphones.gate = async () => {
      throw new MicrophoneError('microphone_denied');
    };
    await session.start();
    assert.equal(session.getState().status, 'ready');
    assert.equal(session.getState().fault?.code, 'microphone_denied');
    await settle();
    assert.equal(peers.open, 0);
    assert.ok(relay.requests.includes('stream:stop'));
    microphones.gate = async () => {};
    await session.start();
    assert.equal(session.getState().status, 'live');
    assert.equal(session.getState().fault, null);
  });

  it('stops during the browser’s question: a microphone given later is closed at once', async () => {
    const { relay, session, microphones } = setUp();
    relay.ready(commercial('c1'));
    const question = deferred<void>();
    microphones.gate = () => question.promise;
    const started = session.start();
    await settle();
    await session.stop();
    assert.equal(session.getState().status, 'ready');
    question.resolve();
    await started;
    await settle();
    assert.equal(microphones.live, 0);
    assert.equal(microphones.metersOpen, 0);
    assert.equal(session.getState().status, 'ready');
  });

  it('starts anew while the older start or stop is under way: the newest wins', async () => {
    const { relay, session, microphones, peers } = setUp();
    relay.ready(commercial('c1'));
    const ack = deferred<Record<string, never>>();
    relay.answers['stream:stop'] = () => ack.promise;
    void session.start();
    void session.stop();
    const again = session.start();
    await settle();
    assert.equal(session.getState().status, 'starting');
    ack.resolve({});
    await again;
    assert.equal(session.getState().status, 'live');
    assert.deepEqual([microphones.live, peers.open], [1, 1]);
  });

  it('waits for the relay when clicked early, and says so when it does not come', async () => {
    const { relay, session } = setUp();
    const started = session.start();
    await settle();
    relay.ready(commercial('c1'));
    await started;
    assert.equal(session.getState().status, 'live');

    const second = setUp();
    const late = second.session.start();
    await settle();
    await pass(10_100);
    await late;
    assert.equal(second.session.getState().fault?.code, 'relay_unreachable');
    assert.equal(second.microphones.live, 0);
  });

  it('tries again when the socket is lost in the middle of a start', async () => {
    const { relay, session } = setUp();
    relay.ready(commercial('c1'));
    let lost = false;
    relay.answers['publish:offer'] = () => {
      if (!lost) {
        lost = true;
        relay.set('offline');
        throw new ProspectError('relay_unreachable', 'lost');
      }
      return { sdp: 'answer' };
    };
    const started = session.start();
    await settle();
    relay.ready(commercial('c1'));
    await started;
    assert.equal(session.getState().status, 'live');
  });

  it('needs no microphone to say that there is no token', async () => {
    const { relay, session, microphones } = setUp();
    relay.set('idle');
    await session.start();
    assert.equal(session.getState().fault?.code, 'token_missing');
    assert.equal(session.getState().status, 'idle');
    assert.equal(microphones.asked, 0);
  });

  it('stays live while the audio path holds, and tells the relay what it missed', async () => {
    const { relay, session, statuses, peers } = await live();
    relay.set('offline');
    assert.equal(session.getState().status, 'live');
    assert.equal(session.getState().online, true);
    relay.ready(commercial('c1'), { resumed: true, hasMedia: true });
    await settle();
    assert.deepEqual(relay.drain(), ['stream:capture', 'stream:pause false', 'publish:offer restart-ice']);
    assert.equal(peers.all.length, 1);
    assert.deepEqual(statuses, ['ready', 'starting', 'live']);
  });

  it('restarts ICE when the network changes, although the connection still looks good, and says nothing of it', async () => {
    const { relay, session, peers, statuses } = await live();
    const asked = Promise.withResolvers<{ sdp: string }>();
    relay.answers['publish:offer'] = () => asked.promise;
    relay.emit('network', undefined);
    await settle();
    assert.deepEqual(relay.drain(), ['publish:offer restart-ice']);
    // Once more meanwhile: the answer that is under way may be of the path before.
    relay.emit('network', undefined);
    asked.resolve({ sdp: 'answer' });
    await settle();
    assert.deepEqual(relay.drain(), ['publish:offer restart-ice']);
    await pass(20_000);
    assert.deepEqual(relay.drain(), []);
    assert.equal(session.getState().status, 'live');
    assert.deepEqual(statuses, ['ready', 'starting', 'live']);
    assert.equal(peers.all.length, 1);
  });

  it('has the socket looked at when the relay does not answer', async () => {
    const { relay, session } = await live();
    relay.answers['stream:stop'] = () => {
      throw new ProspectError('request_timeout', 'no answer');
    };
    await session.stop();
    assert.equal(relay.checks, 1);
  });

  it('a network change is told to a relay that comes back later', async () => {
    const { relay, peers } = await live();
    relay.set('offline');
    relay.emit('network', undefined);
    await pass(3_000);
    assert.deepEqual(relay.drain(), []);
    relay.ready(commercial('c1'), { resumed: true, hasMedia: true });
    await settle();
    assert.deepEqual(
      relay.drain().filter((request) => request.startsWith('publish')),
      ['publish:offer restart-ice'],
    );
    assert.equal(peers.all.length, 1);
  });

  it('goes live again by itself after a restart of the relay, without asking for the microphone', async () => {
    const { relay, session, peers, microphones } = await live();
    relay.set('offline');
    relay.answers['stream:start'] = () => {
      relay.tellListeners(1, LISTENERS);
      return { streamId: 's2', liveForMs: 0 };
    };
    await pass(5_000);
    relay.ready(commercial('c1'));
    assert.equal(session.getState().status, 'reconnecting');
    await settle();
    assert.equal(session.getState().status, 'live');
    assert.deepEqual(relay.drain(), ['publish:offer connect', 'stream:start again']);
    assert.equal(peers.open, 1);
    assert.equal(peers.last.sent, 'track1');
    assert.equal(microphones.asked, 1);
    assert.equal(session.getState().startedAt, 1_000_000, 'the person has been live since the click');
  });

  it('does not take the stream back from a newer page after a resume', async () => {
    const { relay, session, peers, microphones } = await live();
    relay.set('offline');
    relay.ready(commercial('c1'), { resumed: true, hasMedia: false });
    relay.emit('stream:ended', { reason: 'replaced' });
    await settle();
    assert.equal(session.getState().status, 'ready');
    assert.equal(session.getState().replaced, true);
    assert.ok(!relay.requests.includes('stream:start'));
    assert.deepEqual([peers.open, microphones.live], [0, 0]);
    await pass(10_100);
    assert.equal(session.getState().replaced, false);
  });

  it('leaves the stream to a newer page after a restart of the relay', async () => {
    const { relay, session, peers, microphones } = await live();
    relay.set('offline');
    relay.answers['stream:start'] = () => {
      relay.emit('stream:ended', { reason: 'replaced' });
      throw new ProspectError('not_streaming', 'another page');
    };
    relay.ready(commercial('c1'));
    await settle();
    assert.deepEqual(relay.drain(), ['publish:offer connect', 'stream:start again']);
    assert.equal(session.getState().status, 'ready');
    assert.equal(session.getState().replaced, true);
    assert.equal(session.getState().fault, null);
    assert.deepEqual([peers.open, microphones.live], [0, 0]);
    await pass(10_100);
    assert.deepEqual(relay.drain(), []);
  });

  it('restarts ICE two seconds after a disconnect, then rebuilds', async () => {
    const { relay, session, peers } = await live();
    peers.connectsAtOnce = false;
    peers.last.set('disconnected');
    assert.equal(session.getState().status, 'live');
    await pass(1_900);
    assert.deepEqual(relay.drain(), []);
    await pass(200);
    assert.deepEqual(relay.drain(), ['publish:offer restart-ice']);
    assert.equal(session.getState().status, 'live', 'the fake connects with the answer');
    const broken = peers.last;
    broken.accept = async () => {};
    broken.set('failed');
    assert.equal(session.getState().status, 'reconnecting');
    await pass(4_200);
    assert.deepEqual(relay.drain(), ['publish:offer restart-ice', 'publish:offer connect', 'stream:start again']);
    peers.last.set('connected');
    assert.equal(session.getState().status, 'live');
    assert.equal(broken.state, 'closed');
    assert.equal(peers.open, 1);
  });

  it('rebuilds at once when the relay lost the media', async () => {
    const { relay, session, peers } = await live();
    relay.emit('media:lost', { reason: 'worker_died' });
    await settle();
    assert.deepEqual(relay.drain(), ['publish:offer connect', 'stream:start again']);
    assert.equal(session.getState().status, 'live');
    assert.equal(peers.open, 1);
  });

  it('refresh in place keeps the stream; another user’s token ends it', async () => {
    const { relay, session, microphones } = await live();
    session.setToken('fresh');
    assert.equal(relay.token, 'fresh');
    assert.equal(session.getState().status, 'live');
    relay.set('offline');
    relay.ready(commercial('c2'));
    await settle();
    assert.equal(session.getState().status, 'ready');
    assert.equal(microphones.live, 0);
  });

  it('a token that ended shows as reconnecting with its fault, and a fresh one goes on', async () => {
    const { relay, session } = await live();
    relay.set('refused', { code: 'token_expired', message: 'past its exp' });
    assert.equal(session.getState().status, 'reconnecting');
    assert.equal(session.getState().online, false);
    assert.equal(session.getState().fault?.code, 'token_expired');
    relay.ready(commercial('c1'), { resumed: true, hasMedia: true });
    assert.equal(session.getState().status, 'live');
    assert.equal(session.getState().fault, null);
  });

  it('no token any more: everything is released', async () => {
    const { session, microphones, peers } = await live();
    session.setToken(null);
    await settle();
    assert.equal(session.getState().status, 'idle');
    assert.deepEqual([microphones.live, peers.open], [0, 0]);
  });

  it('says that an admin’s token does not fit', () => {
    const { relay, session } = setUp();
    relay.ready(admin('a1'));
    assert.equal(session.getState().fault?.code, 'forbidden');
  });

  it('ends at the relay’s time limit, and by its policy, with a fault that says so', async () => {
    for (const reason of ['time_limit', 'policy_hours', 'policy_time', 'consent_required'] as const) {
      const { relay, session } = await live();
      relay.emit('stream:ended', { reason });
      assert.equal(session.getState().status, 'ready');
      assert.equal(session.getState().fault?.code, reason);
    }
  });

  it('a stop that the relay did not hear is told when it is back', async () => {
    const { relay, session } = await live();
    relay.set('offline');
    await session.stop();
    assert.deepEqual(relay.drain(), []);
    relay.ready(commercial('c1'), { resumed: true, hasMedia: false });
    assert.deepEqual(relay.drain(), ['stream:stop']);
  });

  it('close releases everything, at every moment, once and for all', async () => {
    for (const moment of ['ready', 'starting', 'live', 'interrupted', 'stopping'] as const) {
      const { relay, session, microphones, peers, page, locks } = setUp();
      relay.ready(commercial('c1'));
      if (moment !== 'ready') {
        const starting = session.start();
        if (moment !== 'starting') await starting;
      }
      if (moment === 'interrupted') microphones.last.break('ended');
      if (moment === 'stopping') void session.stop();
      session.close();
      session.close();
      await pass(30_000);
      const left = [microphones.live, microphones.metersOpen, peers.open, page.listeners.size, locks.held];
      assert.deepEqual(left, [0, 0, 0, 0, 0], moment);
      assert.equal(relay.status, 'closed');
      await session.start();
      assert.equal(microphones.live, 0);
    }
  });

  it('ends when the page goes away for good', async () => {
    const { relay, page, microphones } = await live();
    page.emit('leaving');
    assert.deepEqual(relay.drain(), ['stream:stop']);
    assert.equal(microphones.live, 0);
  });
});
