import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admin, commercial, type FakePage, Scene, settle } from './testing/scene.ts';

/** A live commercial and an admin who listens; `state()` is the status that the admin was told last. */
async function listened(scene: Scene): Promise<{ cleo: FakePage; ada: FakePage; state: () => string }> {
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  return { cleo, ada, state: () => ada.peer.all('listen:changed').at(-1)?.status ?? 'live' };
}

test('what the page reports is shown, and a pause hides it', async () => {
  const scene = new Scene();
  const { cleo, state } = await listened(scene);
  scene.registry.publishing.capture(cleo.session, 'microphone');
  scene.registry.publishing.capture(cleo.session, 'microphone');
  assert.equal(state(), 'interrupted');
  await scene.registry.publishing.pause(cleo.session, true);
  assert.equal(state(), 'paused');
  await scene.registry.publishing.pause(cleo.session, false);
  assert.equal(state(), 'interrupted');
  scene.registry.publishing.capture(cleo.session, null);
  assert.equal(state(), 'live');
  scene.registry.close();
});

test('a transport that is lost for less than 2 s is not worth a word', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const { state } = await listened(scene);
  scene.media.publish().become('disconnected');
  t.mock.timers.tick(1_900);
  scene.media.publish().become('connected');
  t.mock.timers.tick(5_000);
  assert.equal(state(), 'live');
  scene.media.publish().become('disconnected');
  t.mock.timers.tick(2_100);
  assert.equal(state(), 'interrupted');
  scene.media.publish().become('connected');
  assert.equal(state(), 'live');
  scene.registry.close();
});

test('a lost socket is no interruption while audio arrives, and is one when none does', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const { cleo, ada, state } = await listened(scene);
  cleo.session.detach(cleo.peer);
  await settle();
  for (let second = 0; second < 8; second += 2) {
    scene.media.publish().bytes += 8_000;
    t.mock.timers.tick(2_000);
    await settle();
    assert.equal(state(), 'live');
  }
  t.mock.timers.tick(2_000);
  await settle();
  assert.equal(state(), 'interrupted');
  assert.equal(scene.media.listen().heard, scene.media.publish().source); // what still comes is still heard
  scene.media.publish().bytes += 8_000;
  t.mock.timers.tick(2_000);
  await settle();
  assert.equal(state(), 'live');
  t.mock.timers.tick(2_000);
  await settle();
  assert.equal(state(), 'interrupted');
  const back = scene.join(commercial('cleo'), cleo.session);
  assert.equal(back.resumed, true);
  assert.equal(back.session.hasMedia, true);
  assert.equal(state(), 'live');
  assert.deepEqual(back.peer.listeners, [{ id: 'ada', name: 'ADA' }]);
  assert.equal(ada.peer.all('listen:ended').length, 0);
  scene.registry.close();
});

test('a dead worker interrupts the stream until the page publishes anew', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const { cleo, ada, state } = await listened(scene);
  scene.media.publish().lose('worker_died');
  assert.deepEqual(cleo.peer.last('media:lost'), { reason: 'worker_died' });
  assert.equal(state(), 'interrupted');
  t.mock.timers.tick(200);
  assert.equal(ada.peer.last('roster:delta').changed[0]?.interruption, 'relay');
  await scene.publish(cleo);
  assert.equal(state(), 'live');
  await settle();
  assert.equal(scene.media.listen().heard, scene.media.publish().source);
  scene.registry.close();
});

test('a stream whose page does not publish anew ends with the grace time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const { cleo, state } = await listened(scene);
  scene.media.publish().lose('transport_failed');
  assert.equal(state(), 'interrupted');
  t.mock.timers.tick(29_000);
  assert.equal(scene.registry.activeStreams(), 1);
  t.mock.timers.tick(2_000);
  assert.deepEqual(cleo.peer.last('stream:ended'), { reason: 'grace_expired' });
  assert.equal(state(), 'waiting');
  scene.registry.close();
});

test('a new transport that never connects, or whose audio is never started, is an interruption', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const { cleo, state } = await listened(scene);
  await scene.registry.publishing.offer(cleo.session, 'connect', 'another offer');
  assert.equal(state(), 'live');
  t.mock.timers.tick(2_100);
  assert.equal(state(), 'interrupted');
  await scene.registry.publishing.start(cleo.session);
  assert.equal(state(), 'live');
  scene.registry.close();
});

test('a stream ends at the time limit, and its page is told', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene({ session: { maxStreamMs: 60_000 } });
  const { cleo, state } = await listened(scene);
  t.mock.timers.tick(61_000);
  assert.deepEqual(cleo.peer.last('stream:ended'), { reason: 'time_limit' });
  assert.equal(state(), 'waiting');
  assert.equal(scene.media.gauges().producers, 0);
  scene.registry.close();
});
