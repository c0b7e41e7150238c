import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admin, commercial, Scene, settle } from './testing/scene.ts';

test('a start needs media, and repeating it changes nothing', async () => {
  const scene = new Scene();
  const cleo = scene.join(commercial('cleo'));
  await assert.rejects(scene.registry.publishing.start(cleo.session), { code: 'not_connected' });
  const id = await scene.publish(cleo);
  const again = await scene.registry.publishing.start(cleo.session);
  assert.equal(again.streamId, id);
  assert.equal(scene.registry.activeStreams(), 1);
  assert.equal(scene.media.gauges().producers, 1);
  scene.registry.publishing.stop(cleo.session);
  scene.registry.publishing.stop(cleo.session);
  assert.equal(scene.registry.activeStreams(), 0);
  assert.deepEqual(scene.media.gauges(), { workers: 1, transports: 0, producers: 0, consumers: 0 });
  scene.registry.close();
});

test('a page that publishes anew keeps its stream and its listeners', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const first = await scene.registry.publishing.start(cleo.session);
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  const told = ada.peer.all('listen:changed').length;
  const older = scene.media.publish();
  await scene.registry.publishing.offer(cleo.session, 'connect', 'another offer');
  assert.equal(older.state, 'closed');
  const second = await scene.registry.publishing.start(cleo.session, true);
  assert.equal(second.streamId, first.streamId);
  assert.deepEqual(cleo.peer.listeners, [{ id: 'ada', name: 'ADA' }]);
  await settle();
  assert.equal(scene.media.listen().heard, scene.media.publish().source);
  assert.notEqual(scene.media.publish().source, older.source);
  assert.equal(ada.peer.all('listen:changed').length, told); // it was live all along
  scene.registry.close();
});

test('an offer that cannot be read leaves the older media alone', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  await assert.rejects(scene.registry.publishing.offer(cleo.session, 'connect', 'broken'), { code: 'sdp_invalid' });
  await assert.rejects(scene.registry.publishing.offer(cleo.session, 'restart-ice', 'broken'), { code: 'sdp_invalid' });
  assert.equal(await scene.registry.publishing.offer(cleo.session, 'restart-ice', 'fine'), 'restarted publish 1');
  assert.deepEqual(scene.media.gauges(), { workers: 1, transports: 1, producers: 1, consumers: 0 });
  scene.registry.close();
});

test('the newest start wins, and listeners go over to it', async () => {
  const scene = new Scene();
  const older = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  const newer = await scene.live(commercial('cleo'));
  assert.deepEqual(older.peer.all('stream:ended'), [{ reason: 'replaced' }]);
  assert.equal(newer.peer.all('stream:ended').length, 0);
  assert.equal(scene.registry.activeStreams(), 1);
  assert.deepEqual(newer.peer.listeners, [{ id: 'ada', name: 'ADA' }]);
  await settle();
  assert.equal(scene.media.listen().heard, scene.media.publish().source);
  assert.deepEqual(
    ada.peer.all('listen:changed').map(({ status }) => status),
    ['live', 'joining', 'live'],
    'the newer page is told of the listener before it is heard',
  );
  assert.equal(scene.media.gauges().transports, 2); // the newer page's and the admin's
  scene.registry.publishing.stop(older.session);
  assert.equal(scene.registry.activeStreams(), 1);
  scene.registry.close();
});

test('a page that goes on with its stream does not take it from another page', async () => {
  const scene = new Scene();
  const older = scene.join(commercial('cleo'));
  const newer = await scene.live(commercial('cleo'));
  await scene.registry.publishing.offer(older.session, 'connect', 'an offer');
  await assert.rejects(scene.registry.publishing.start(older.session, true), { code: 'not_streaming' });
  assert.deepEqual(older.peer.all('stream:ended'), [{ reason: 'replaced' }]);
  assert.equal(older.session.hasMedia, false);
  assert.equal(newer.peer.all('stream:ended').length, 0);
  assert.equal(scene.media.gauges().transports, 1);
  // Nobody else streams: it goes on, as often as it says so.
  scene.registry.publishing.stop(newer.session);
  await scene.registry.publishing.offer(older.session, 'connect', 'an offer');
  const { streamId } = await scene.registry.publishing.start(older.session, true);
  assert.equal((await scene.registry.publishing.start(older.session, true)).streamId, streamId);
  // A new wish wins.
  await scene.publish(newer);
  assert.equal(older.peer.all('stream:ended').length, 2);
  scene.registry.close();
});

test('of two starts that overlap the one asked for last wins', async () => {
  const scene = new Scene();
  const [one, two] = [scene.join(commercial('cleo')), scene.join(commercial('cleo'))];
  await scene.registry.publishing.offer(one.session, 'connect', 'an offer');
  await scene.registry.publishing.offer(two.session, 'connect', 'an offer');
  const letGo = scene.media.hold();
  const first = assert.rejects(scene.registry.publishing.start(one.session), { code: 'not_streaming' });
  await settle();
  scene.media.gate = Promise.resolve();
  await scene.registry.publishing.start(two.session);
  letGo();
  await first;
  assert.deepEqual(one.peer.last('stream:ended'), { reason: 'replaced' });
  assert.equal(scene.registry.activeStreams(), 1);
  assert.equal(scene.media.gauges().transports, 1);
  scene.registry.close();
});

test('a stop during negotiation or start leaves nothing behind', async () => {
  const scene = new Scene();
  const cleo = scene.join(commercial('cleo'));
  const letGo = scene.media.hold();
  const offered = assert.rejects(scene.registry.publishing.offer(cleo.session, 'connect', 'o'), {
    code: 'not_connected',
  });
  const started = assert.rejects(scene.registry.publishing.start(cleo.session), { code: 'not_connected' });
  await settle();
  scene.registry.publishing.stop(cleo.session);
  letGo();
  await offered;
  await started;
  assert.equal(scene.media.gauges().transports, 0);
  await scene.publish(cleo); // and a later start works
  scene.registry.close();
});

test('a session that ends during negotiation leaves nothing behind', async () => {
  const scene = new Scene();
  const cleo = scene.join(commercial('cleo'));
  const letGo = scene.media.hold();
  const offered = assert.rejects(scene.registry.publishing.offer(cleo.session, 'connect', 'o'), {
    code: 'not_connected',
  });
  await settle();
  cleo.session.end('token_expired');
  letGo();
  await offered;
  assert.equal(scene.media.gauges().transports, 0);
  scene.registry.close();
});

test('a pause cuts the listeners at once and holds on a new transport too', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  const paused = scene.registry.publishing.pause(cleo.session, true);
  await Promise.resolve();
  assert.equal(ada.peer.last('listen:changed').status, 'paused');
  assert.equal(scene.media.listen().heard, null);
  await paused;
  assert.equal(scene.media.publish().source?.paused, true);
  await scene.publish(cleo);
  assert.equal(scene.media.publish().source?.paused, true);
  assert.equal(scene.media.listen().heard, null);
  await scene.registry.publishing.pause(cleo.session, false);
  assert.equal(scene.media.publish().source?.paused, false);
  await settle();
  assert.equal(scene.media.listen().heard, scene.media.publish().source);
  for (const wishes of [
    [false, true],
    [true, false],
    [true, false, true],
  ]) {
    await Promise.all(wishes.map((wish) => scene.registry.publishing.pause(cleo.session, wish)));
    assert.equal(scene.media.publish().source?.paused, wishes.at(-1));
  }
  scene.registry.close();
});

test('requests about a stream need one of this session', async () => {
  const scene = new Scene();
  const idle = scene.join(commercial('cleo'));
  await scene.live(commercial('cleo'));
  await assert.rejects(scene.registry.publishing.pause(idle.session, true), { code: 'not_streaming' });
  assert.throws(() => scene.registry.publishing.capture(idle.session, 'hidden'), { code: 'not_streaming' });
  assert.throws(() => scene.registry.publishing.voice(idle.session, 1), { code: 'not_streaming' });
  scene.registry.close();
});

test('streams above the limit are refused; a takeover and a repeated start are not', async () => {
  const scene = new Scene({ limits: { maxStreams: 1 } });
  const cleo = await scene.live(commercial('cleo'));
  await scene.registry.publishing.start(cleo.session);
  await assert.rejects(scene.live(commercial('hugo')), { code: 'capacity' });
  const takeover = await scene.live(commercial('cleo'));
  scene.registry.publishing.stop(takeover.session);
  await scene.live(commercial('hugo'));
  scene.registry.close();
});

test('without a media worker the page is told so', async () => {
  const scene = new Scene();
  scene.media.available = false;
  const cleo = scene.join(commercial('cleo'));
  const ada = scene.join(admin('ada'));
  await assert.rejects(scene.registry.publishing.offer(cleo.session, 'connect', 'o'), { code: 'media_unavailable' });
  await assert.rejects(scene.registry.listening.connect(ada.session, 'connect'), { code: 'media_unavailable' });
  scene.registry.close();
});
