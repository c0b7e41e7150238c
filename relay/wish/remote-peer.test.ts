import assert from 'node:assert/strict';
import { beforeEach, describe, it, type TestContext } from 'node:test';
import { TimerSet } from '../streams/timers.ts';
import { CONNECT_WITHIN_MS, RemotePeer, type StreamEnded } from './remote-peer.ts';

const GRACE_MS = 20_000;

describe('the far end of a device’s or player’s session', () => {
  const gone: string[] = [];
  let ended = 0;
  beforeEach(() => {
    gone.length = 0;
    ended = 0;
  });

  function start(t: TestContext): RemotePeer {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    return new RemotePeer(new TimerSet(), GRACE_MS, {
      onGone: (why: string, end: StreamEnded | null) => gone.push(end ? `${why} ${end.why} ${end.byDevice}` : why),
      onEnded: () => {
        ended += 1;
      },
    });
  }

  async function pass(t: TestContext, ms: number): Promise<void> {
    t.mock.timers.tick(ms);
    await Promise.resolve();
  }

  it('has 30 s for its media, so long is the relay’s own offer good', async (t) => {
    start(t);
    assert.equal(CONNECT_WITHIN_MS, 30_000);
    await pass(t, CONNECT_WITHIN_MS - 1);
    assert.deepEqual(gone, []);
    await pass(t, 1);
    assert.deepEqual(gone, ['lost']);
  });

  it('is waited for when its media is lost, and there again when that is', async (t) => {
    const peer = start(t);
    peer.media('connected');
    await pass(t, 10 * CONNECT_WITHIN_MS);
    peer.media('disconnected');
    await pass(t, GRACE_MS - 1);
    peer.media('connected');
    await pass(t, GRACE_MS);
    assert.deepEqual(gone, []);
    peer.media('disconnected');
    await pass(t, GRACE_MS);
    assert.deepEqual(gone, ['lost']);
  });

  it('is given up once, in a moment: with its stream, its selection, its media or its node', async (t) => {
    const peer = start(t);
    peer.notify('relay:move', { withinMs: 1_000 });
    peer.streamEnded('replaced', true);
    assert.deepEqual(gone, [], 'not from within');
    await pass(t, 0);
    assert.deepEqual(gone, ['moved']);
  });

  it('says how the stream ended with which it is given up', async (t) => {
    start(t).streamEnded('replaced', true);
    await pass(t, 0);
    assert.deepEqual(gone, ['stream_ended replaced true']);
  });

  it('is told of no more once it has ended, which is said once', async (t) => {
    const peer = start(t);
    peer.notify('media:lost', { reason: 'transport_failed' });
    peer.drop();
    peer.end();
    await pass(t, CONNECT_WITHIN_MS);
    assert.deepEqual([gone, ended], [[], 1]);
  });
});
