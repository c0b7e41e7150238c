import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { CommercialStatus, ResultOf, RosterEntry } from '../../relay/protocol/messages.ts';
import { ProspectError } from '../shared/fault.ts';
import { admin, commercial, deferred, type FakeRelay, settle } from './testing/fake-relay.ts';
import { listeningScene } from './testing/listening-scene.ts';
import { pass } from './testing/streaming-scene.ts';

const row = (id: string, status: CommercialStatus = 'live'): RosterEntry => ({
  id,
  name: `Name ${id}`,
  equipe: 'nord',
  status,
  interruption: null,
  liveForMs: status === 'live' ? 5_000 : null,
  level: 0,
  listenerCount: 0,
  helpForMs: null,
});

const cleanUp: (() => void)[] = [];

function setUp() {
  const parts = listeningScene();
  cleanUp.push(() => parts.session.close());
  return parts;
}

async function listening() {
  const parts = setUp();
  parts.relay.ready(admin('a1'));
  parts.relay.emit('roster:snapshot', { commercials: [row('c1'), row('c2')] });
  await settle();
  await parts.session.listen('c1');
  parts.relay.drain();
  return parts;
}

/** Takes the requests so far, and gives those for a selection. */
const selections = (relay: FakeRelay) => relay.drain().filter((request) => request.startsWith('listen:select'));

describe('listening session', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 });
    mock.method(performance, 'now', () => Date.now());
  });
  afterEach(async () => {
    for (const close of cleanUp.splice(0)) close();
    await settle();
    mock.timers.reset();
    mock.restoreAll();
  });

  it('connects the media ahead of the click when there is somebody to hear', async () => {
    const { relay, session } = setUp();
    relay.ready(admin('a1'));
    relay.emit('roster:snapshot', { commercials: [row('c1', 'ready')] });
    await settle();
    assert.deepEqual(relay.drain(), []);
    relay.emit('roster:delta', { changed: [row('c1')], levels: [], removed: [] });
    await settle();
    assert.deepEqual(relay.drain(), ['listen:connect connect', 'listen:answer']);
    session.warm();
    await settle();
    assert.deepEqual(relay.drain(), []);
  });

  it('plays within the click, and selects when the relay has said so', async () => {
    const { relay, session, player, statuses } = setUp();
    relay.ready(admin('a1'));
    relay.emit('roster:snapshot', { commercials: [row('c1')] });
    const ack = deferred<ResultOf<'listen:select'>>();
    relay.answers['listen:select'] = () => ack.promise;
    const listening = session.listen('c1');
    assert.equal(player.playing, true);
    await settle();
    assert.equal(session.getState().selectedId, null);
    ack.resolve({ status: 'live', liveForMs: 5_000 });
    await listening;
    assert.equal(session.getState().selectedId, 'c1');
    assert.equal(session.getState().selected?.name, 'Name c1');
    assert.equal(session.getState().status, 'listening');
    assert.equal(session.getState().listeningSince, 1_000_000);
    assert.deepEqual(statuses, ['ready', 'listening']);
  });

  it('is joining until the media stands', async () => {
    const { relay, session, peers, statuses } = setUp();
    peers.connectsAtOnce = false;
    relay.ready(admin('a1'));
    await session.listen('c1');
    assert.equal(session.getState().status, 'joining');
    peers.last.set('connected');
    assert.equal(session.getState().status, 'listening');
    assert.deepEqual(statuses, ['ready', 'joining', 'listening']);
  });

  it('waits for one who is not streaming, and hears them by itself', async () => {
    const { relay, session } = setUp();
    relay.ready(admin('a1'));
    relay.answers['listen:select'] = () => ({ status: 'waiting', liveForMs: null });
    await session.listen('c7');
    assert.equal(session.getState().status, 'waiting');
    assert.equal(session.getState().selected?.name, 'c7');
    assert.equal(session.getState().listeningSince, null);
    for (const status of ['live', 'paused', 'interrupted', 'live'] as const) {
      relay.emit('listen:changed', { commercialId: 'c7', status, liveForMs: 0 });
      assert.equal(session.getState().status, status === 'live' ? 'listening' : status);
    }
    relay.emit('listen:changed', { commercialId: 'other', status: 'waiting', liveForMs: null });
    assert.equal(session.getState().status, 'listening');
  });

  it('of two clicks the newest wins, in whatever order the answers come', async () => {
    const { relay, session } = setUp();
    relay.ready(admin('a1'));
    const acks = [deferred<ResultOf<'listen:select'>>(), deferred<ResultOf<'listen:select'>>()];
    let next = 0;
    relay.answers['listen:select'] = () => acks[next++]?.promise ?? Promise.reject(new Error('unexpected'));
    void session.listen('c1');
    await settle();
    const second = session.listen('c2');
    await settle();
    acks[1]?.resolve({ status: 'live', liveForMs: 0 });
    await second;
    acks[0]?.resolve({ status: 'live', liveForMs: 0 });
    await settle();
    assert.equal(session.getState().selectedId, 'c2');
  });

  it('a stop while a selection is under way leaves nobody selected', async () => {
    const { relay, session, player } = setUp();
    relay.ready(admin('a1'));
    const ack = deferred<ResultOf<'listen:select'>>();
    relay.answers['listen:select'] = () => ack.promise;
    const listening = session.listen('c1');
    await settle();
    await session.stop();
    ack.resolve({ status: 'live', liveForMs: 0 });
    await listening;
    assert.equal(session.getState().selectedId, null);
    assert.equal(player.playing, false);
    assert.ok(relay.requests.includes('listen:stop'));
  });

  it('is silent at once at stop, and keeps the transport warm for some minutes', async () => {
    const { relay, session, player, peers } = await listening();
    await session.stop();
    assert.equal(player.playing, false);
    assert.equal(session.getState().status, 'ready');
    assert.deepEqual(relay.drain(), ['listen:stop']);
    assert.equal(peers.open, 1);
    await pass(181_000);
    assert.equal(peers.open, 0);
    assert.deepEqual(relay.drain(), ['listen:disconnect']);
  });

  it('a refused selection leaves the older one heard, and says why', async () => {
    const { relay, session } = await listening();
    relay.answers['listen:select'] = () => {
      throw new ProspectError('forbidden', 'another team');
    };
    await session.listen('c9');
    assert.equal(session.getState().selectedId, 'c1');
    assert.equal(session.getState().fault?.code, 'forbidden');
    assert.equal(session.getState().status, 'listening');
  });

  it('asks for a click when the browser blocks the sound', async () => {
    const { relay, session, player } = setUp();
    relay.ready(admin('a1'));
    player.allowed = false;
    await session.listen('c1');
    assert.equal(session.getState().status, 'blocked');
    player.allowed = true;
    await session.enableSound();
    assert.equal(session.getState().status, 'listening');
  });

  it('goes on hearing while only the socket is lost', async () => {
    const { relay, session, statuses, peers } = await listening();
    relay.set('offline');
    assert.equal(session.getState().status, 'listening');
    assert.equal(session.getState().online, true);
    relay.ready(admin('a1'), { resumed: true, hasMedia: true });
    await settle();
    assert.equal(peers.all.length, 1);
    assert.deepEqual(statuses, ['ready', 'listening']);
    // Selecting it again would take the listening back from another tab.
    assert.deepEqual(selections(relay), []);
  });

  it('connects and selects again after a restart of the relay', async () => {
    const { relay, session, peers } = await listening();
    relay.set('offline');
    relay.ready(admin('a1'));
    assert.equal(session.getState().status, 'reconnecting');
    await settle();
    assert.equal(session.getState().status, 'listening');
    assert.deepEqual(relay.drain().sort(), ['listen:answer', 'listen:connect connect', 'listen:select c1 again']);
    assert.equal(peers.open, 1);
  });

  it('leaves the listening to another tab after a restart of the relay', async () => {
    const { relay, session, player } = await listening();
    relay.set('offline');
    relay.answers['listen:select'] = ({ commercialId }) => {
      relay.emit('listen:ended', { commercialId, reason: 'replaced' });
      throw new ProspectError('not_listening', 'another page');
    };
    relay.ready(admin('a1'));
    await settle();
    assert.equal(session.getState().replaced, 'c1');
    assert.equal(session.getState().selectedId, null);
    assert.equal(session.getState().fault, null);
    assert.equal(player.playing, false);
  });

  it('selects what was clicked while the relay was away, and nothing else', async () => {
    const { relay, session } = await listening();
    relay.set('offline');
    const clicked = session.listen('c2');
    relay.ready(admin('a1'), { resumed: true, hasMedia: true });
    await clicked;
    assert.deepEqual(selections(relay), ['listen:select c2']);
    assert.equal(session.getState().selectedId, 'c2');
  });

  it('brings the relay back to what is shown when an acknowledgement was lost', async () => {
    const { relay, session } = await listening();
    relay.answers['listen:select'] = () => {
      relay.set('offline');
      throw new ProspectError('relay_unreachable', 'lost before the answer');
    };
    await session.listen('c2');
    assert.equal(session.getState().selectedId, 'c1');
    relay.answers['listen:select'] = () => ({ status: 'live', liveForMs: 0 });
    relay.drain();
    relay.ready(admin('a1'), { resumed: true, hasMedia: true });
    await settle();
    assert.deepEqual(selections(relay), []);
    relay.emit('listen:changed', { commercialId: 'c2', status: 'live', liveForMs: 0 });
    await settle();
    assert.deepEqual(selections(relay), ['listen:select c1 again']);
    assert.equal(session.getState().selectedId, 'c1');
  });

  it('restarts ICE when the path is lost', async () => {
    const { relay, session, peers } = await listening();
    peers.last.set('failed');
    assert.equal(session.getState().status, 'reconnecting');
    await settle();
    assert.deepEqual(relay.drain(), ['listen:connect restart-ice', 'listen:answer']);
    assert.equal(session.getState().status, 'listening');
    assert.equal(peers.all.length, 1);
  });

  it('tries the media again by itself when no worker runs', async () => {
    const { relay, session } = setUp();
    relay.ready(admin('a1'));
    let failures = 2;
    relay.answers['listen:connect'] = () => {
      if (failures-- > 0) throw new ProspectError('media_unavailable', 'no worker');
      return { sdp: 'offer' };
    };
    await session.listen('c1');
    assert.equal(session.getState().status, 'joining');
    await pass(4_000);
    assert.equal(session.getState().status, 'listening');
    assert.equal(session.getState().fault, null);
  });

  it('shows that another tab took over until that was read, or somebody is chosen here', async () => {
    const { relay, session, player } = await listening();
    relay.emit('listen:ended', { commercialId: 'c1', reason: 'replaced' });
    assert.equal(session.getState().selectedId, null);
    assert.equal(session.getState().replaced, 'c1');
    assert.equal(player.playing, false);
    await pass(60_000);
    assert.equal(session.getState().replaced, 'c1');
    session.dismissReplaced();
    assert.equal(session.getState().replaced, null);
    await session.listen('c1');
    relay.emit('listen:ended', { commercialId: 'c1', reason: 'replaced' });
    await session.listen('c1');
    assert.equal(session.getState().replaced, null);
  });

  it('says that hearing is no longer permitted', async () => {
    for (const reason of ['forbidden', 'policy_time_used', 'purpose_required'] as const) {
      const { relay, session } = await listening();
      relay.emit('listen:ended', { commercialId: 'c1', reason });
      assert.equal(session.getState().fault?.code, reason);
      assert.equal(session.getState().selectedId, null);
    }
  });

  it('measures level and quality of what arrives', async () => {
    const { session, peers } = await listening();
    for (let step = 1; step <= 15; step += 1) {
      peers.last.counters = { packetsReceived: step * 5, energy: step * 0.001, duration: step * 0.1, jitter: 0.005 };
      await pass(100);
    }
    assert.ok(session.getState().level > 0.5);
    assert.equal(session.getState().quality, 'good');
    await session.stop();
    assert.equal(session.getState().level, 0);
    assert.equal(session.getState().quality, 'unknown');
  });

  it('remembers the volume, within bounds', () => {
    const { session, player, remembered } = setUp();
    assert.equal(player.volume, 0.8);
    session.setVolume(3);
    session.setMuted(true);
    assert.deepEqual([player.volume, player.muted, remembered], [1, true, [1]]);
    assert.equal(session.getState().volume, 1);
    assert.equal(session.getState().muted, true);
  });

  it('says what is missing: a token, an admin’s token, the relay', async () => {
    const { relay, session } = setUp();
    const listening = session.listen('c1');
    await settle();
    await pass(10_100);
    await listening;
    assert.equal(session.getState().fault?.code, 'relay_unreachable');
    relay.set('idle');
    await session.listen('c1');
    assert.equal(session.getState().fault?.code, 'token_missing');
    relay.ready(commercial('c1'));
    assert.equal(session.getState().fault?.code, 'forbidden');
  });

  it('close releases everything, at every moment', async () => {
    for (const moment of ['ready', 'selecting', 'listening', 'recovering'] as const) {
      const { relay, session, peers, page, player } = setUp();
      relay.ready(admin('a1'));
      if (moment !== 'ready') {
        const listening = session.listen('c1');
        if (moment !== 'selecting') await listening;
      }
      if (moment === 'recovering') peers.last.set('failed');
      session.close();
      session.close();
      await pass(30_000);
      assert.deepEqual([peers.open, page.listeners.size, player.closed], [0, 0, true], moment);
      await session.listen('c2');
      assert.equal(peers.open, 0);
    }
  });

  it('removed while listening, it says goodbye, so that the commercial sees the listener leave at once', async () => {
    const { relay, session } = await listening();
    session.close();
    assert.deepEqual(relay.drain(), ['listen:stop', 'listen:disconnect']);
  });

  it('a first selection that the relay did not acknowledge is taken back', async () => {
    const { relay, session } = setUp();
    relay.ready(admin('a1'));
    const ack = deferred<ResultOf<'listen:select'>>();
    relay.answers['listen:select'] = () => ack.promise;
    const asked = session.listen('c1');
    await settle();
    relay.drain();
    ack.reject(new ProspectError('request_timeout', 'no answer'));
    await asked;
    assert.equal(session.getState().selectedId, null);
    assert.ok(relay.drain().includes('listen:stop'));
    relay.emit('listen:changed', { commercialId: 'c1', status: 'live', liveForMs: 0 });
    await settle();
    assert.deepEqual(relay.drain(), ['listen:stop']);
    assert.equal(session.getState().selectedId, null);
  });

  it('the end of the one heard until now does not undo the click on the next', async () => {
    const { relay, session } = await listening();
    const ack = deferred<ResultOf<'listen:select'>>();
    relay.answers['listen:select'] = () => ack.promise;
    const asked = session.listen('c2');
    await settle();
    relay.emit('listen:ended', { commercialId: 'c1', reason: 'forbidden' });
    ack.resolve({ status: 'live', liveForMs: 0 });
    await asked;
    assert.equal(session.getState().selectedId, 'c2');
  });
});
