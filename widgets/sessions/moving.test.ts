import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { ParamsOf, RequestName, ResultOf } from '../../relay/protocol/messages.ts';
import type { NextSession } from '../relay-client/relay-link.ts';
import { FakePage } from '../shared/testing/fake-page.ts';
import { ListeningSession } from './listening-session.ts';
import { FakePeers, FakePlayer } from './testing/fake-media.ts';
import { admin, FakeRelay, settle } from './testing/fake-relay.ts';
import { live, mockTime, pass } from './testing/streaming-scene.ts';

/** The other node: a relay that is asked beside the page's own. */
function nextTo(relay: FakeRelay) {
  const other = new FakeRelay();
  other.ready(relay.session?.user ?? assert.fail());
  const request = <N extends RequestName>(name: N, params: ParamsOf<N>): Promise<ResultOf<N>> =>
    other.request(name, params);
  const next: NextSession = { session: other.session ?? assert.fail(), request, commit: request };
  return { other, next };
}

describe('a stream that goes over to another node', () => {
  mockTime();

  it('sends the same track over both until nobody hears the older one, and asks for no microphone', async () => {
    const { relay, peers, microphones, session, statuses } = await live();
    relay.tellListeners(1, [{ id: 'a1', name: 'Ada' }]);
    await settle();
    const older = peers.last;
    const { other, next } = nextTo(relay);
    await relay.prepareMove?.(next);
    assert.deepEqual(other.drain(), ['publish:offer connect', 'stream:start again']);
    assert.deepEqual(
      peers.all.map(({ sent }) => sent),
      ['track1', 'track1'],
    );
    const before = statuses.length;
    relay.emit('moved', undefined);
    assert.notEqual(older.state, 'closed');
    relay.tellListeners(1, [{ id: 'a2', name: 'Ben' }]);
    await settle();
    assert.deepEqual(relay.seen, [1, 1], 'of each session');
    assert.deepEqual(
      session.getState().listeners.map(({ id }) => id),
      ['a1', 'a2'],
      'both are heard by somebody',
    );
    await pass(2_100);
    assert.equal(older.state, 'closed');
    assert.deepEqual(
      session.getState().listeners.map(({ id }) => id),
      ['a2'],
    );
    assert.equal(peers.last.sent, 'track1');
    assert.equal(microphones.asked, 1);
    assert.deepEqual(statuses.slice(before), []);
  });

  it('is silent over both in a pause, and tells the other node of it', async () => {
    const { relay, peers, session } = await live();
    relay.tellListeners(1, [{ id: 'a1', name: 'Ada' }]);
    await settle();
    const { next } = nextTo(relay);
    await relay.prepareMove?.(next);
    await session.setPaused(true);
    assert.deepEqual(
      peers.all.map(({ sent }) => sent),
      [null, null],
    );
    relay.drain();
    relay.emit('moved', undefined);
    await settle();
    assert.ok(relay.drain().includes('stream:pause true'));
    assert.deepEqual(
      peers.all.map(({ sent }) => sent),
      [null, null],
    );
  });

  it('stays where it is when the other node refuses, and shows nothing', async () => {
    const { relay, peers, session } = await live();
    const { other, next } = nextTo(relay);
    other.answers['stream:start'] = () => Promise.reject(new Error('full'));
    await assert.rejects(async () => relay.prepareMove?.(next));
    assert.deepEqual(
      peers.all.map(({ state }) => state),
      ['connected', 'closed'],
    );
    assert.deepEqual([session.getState().status, session.getState().fault], ['live', null]);
  });

  it('is stopped at both when it ends in the midst of it', async () => {
    const { relay, peers, session } = await live();
    const { other, next } = nextTo(relay);
    const { promise, resolve } = Promise.withResolvers<ResultOf<'stream:start'>>();
    other.answers['stream:start'] = () => promise;
    const moving = relay.prepareMove?.(next);
    await settle();
    void session.stop();
    assert.ok(relay.drain().includes('stream:stop'));
    assert.ok(other.drain().includes('stream:stop'), 'not before the page is gone');
    resolve({ streamId: 's', liveForMs: 0 });
    await moving;
    relay.emit('moved', undefined);
    await settle();
    assert.equal(peers.open, 0);
    assert.equal(session.getState().status, 'ready');
  });
});

describe('a selection that goes over to another node', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 });
    mock.method(performance, 'now', () => Date.now());
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  async function hearing() {
    const relay = new FakeRelay();
    const player = new FakePlayer();
    const peers = new FakePeers();
    const onTracks: ((track: string) => void)[] = [];
    const session = new ListeningSession<string>({
      relay,
      createPeer: (servers, onState, onTrack) => {
        onTracks.push(onTrack);
        return peers.create(servers, onState);
      },
      player,
      volume: 1,
      rememberVolume: () => {},
      page: new FakePage(),
      log: () => {},
    });
    relay.ready(admin('a1'));
    await session.listen('c1');
    onTracks[0]?.('older');
    await settle();
    assert.equal(session.getState().status, 'listening');
    relay.drain();
    return { relay, player, peers, onTracks, session };
  }

  it('plays what comes from there once it has come, and lets go of the other then', async () => {
    const { relay, player, peers, onTracks, session } = await hearing();
    const statuses: string[] = [];
    session.subscribe(() => statuses.push(session.getState().status));
    const { other, next } = nextTo(relay);
    let ready = false;
    const moving = relay.prepareMove?.(next).then(() => {
      ready = true;
    });
    await pass(1_100);
    onTracks[1]?.('newer');
    assert.deepEqual(other.drain(), ['listen:connect connect', 'listen:answer', 'listen:select c1 again']);
    await pass(500);
    assert.deepEqual([ready, player.track], [false, 'older'], 'nothing has come yet');
    peers.last.counters = { packetsReceived: 1 };
    await pass(100);
    await moving;
    assert.equal(player.track, 'older');
    relay.emit('moved', undefined);
    assert.equal(player.track, 'newer');
    assert.deepEqual(
      peers.all.map(({ state }) => state),
      ['closed', 'connected'],
    );
    assert.ok(statuses.every((status) => status === 'listening'));
    session.close();
  });

  it('follows what the user chooses meanwhile', async () => {
    const { relay, peers, session } = await hearing();
    const { other, next } = nextTo(relay);
    const moving = relay.prepareMove?.(next);
    await pass(1_100);
    peers.last.counters = { packetsReceived: 1 };
    void session.listen('c2');
    await pass(200);
    await moving;
    assert.deepEqual(other.drain().slice(-2), ['listen:select c1 again', 'listen:select c2 again']);
    relay.emit('moved', undefined);
    assert.equal(session.getState().selectedId, 'c2');
    session.close();
  });
});
