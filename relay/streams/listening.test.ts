import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GATHER_MS } from './demand-notice.ts';
import { admin, commercial, Scene, settle } from './testing/scene.ts';

test('an admin hears a live commercial, and the commercial learns who listens', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  const result = scene.registry.listening.select(ada.session, 'cleo');
  assert.equal(result.status, 'joining');
  assert.equal(typeof result.liveForMs, 'number');
  await settle();
  assert.equal(ada.peer.last('listen:changed').status, 'live');
  assert.equal(scene.media.listen().heard, scene.media.publish().source);
  assert.deepEqual(cleo.peer.all('demand:changed'), [
    { version: 1, since: null, joined: [], left: [] },
    { version: 2, since: 1, joined: [{ id: 'ada', name: 'ADA' }], left: [] },
  ]);
  scene.registry.listening.stop(ada.session);
  scene.registry.listening.stop(ada.session);
  await settle();
  assert.equal(scene.media.listen().heard, null);
  assert.deepEqual(cleo.peer.listeners, []);
  scene.registry.close();
});

test('a selection without a transport is heard as soon as there is one, and on the next transport too', async () => {
  const scene = new Scene();
  await scene.live(commercial('cleo'));
  const ada = scene.join(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  await scene.registry.listening.connect(ada.session, 'connect');
  await scene.registry.listening.answer(ada.session, 'an answer');
  await settle();
  const first = scene.media.listen();
  assert.equal(first.heard, scene.media.publish().source);
  await scene.registry.listening.connect(ada.session, 'connect');
  assert.equal(first.state, 'closed');
  await scene.registry.listening.answer(ada.session, 'an answer');
  await settle();
  assert.equal(scene.media.listen().heard, scene.media.publish().source);
  assert.equal(await scene.registry.listening.connect(ada.session, 'restart-ice'), 'restart offer listen 2');
  scene.registry.listening.disconnect(ada.session);
  scene.registry.listening.disconnect(ada.session);
  assert.equal(scene.media.gauges().transports, 1);
  await assert.rejects(scene.registry.listening.connect(ada.session, 'restart-ice'), { code: 'not_connected' });
  await assert.rejects(scene.registry.listening.answer(ada.session, 'an answer'), { code: 'not_connected' });
  scene.registry.close();
});

test('a commercial who is not there yet is waited for, and the audio starts by itself', async () => {
  const scene = new Scene();
  const ada = await scene.listening(admin('ada'));
  assert.deepEqual(scene.registry.listening.select(ada.session, 'cleo'), { status: 'waiting', liveForMs: null });
  const cleo = scene.join(commercial('cleo'));
  assert.equal(ada.peer.all('listen:changed').length, 0);
  await scene.publish(cleo);
  await settle();
  assert.equal(ada.peer.last('listen:changed').status, 'live');
  assert.equal(scene.media.listen().heard, scene.media.publish().source);
  assert.deepEqual(cleo.peer.listeners, [{ id: 'ada', name: 'ADA' }]);
  scene.registry.publishing.stop(cleo.session);
  await settle();
  assert.deepEqual(ada.peer.last('listen:changed'), { commercialId: 'cleo', status: 'waiting', liveForMs: null });
  assert.equal(scene.media.listen().heard, null);
  scene.registry.close();
});

test('switching swaps what is heard on the same transport', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const first = scene.media.publish().source;
  await scene.live(commercial('hugo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  assert.equal(scene.media.listen().heard, first);
  scene.registry.listening.select(ada.session, 'hugo');
  await settle();
  assert.equal(scene.media.listen().heard, scene.media.publish().source);
  assert.deepEqual(cleo.peer.listeners, []);
  assert.equal(scene.media.listening.length, 1);
  assert.equal(ada.peer.all('listen:ended').length, 0);
  scene.registry.close();
});

test('several admins hear one commercial; one admin hears one, and the newest page wins', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  const ben = await scene.listening(admin('ben'));
  scene.registry.listening.select(ada.session, 'cleo');
  scene.registry.listening.select(ben.session, 'cleo');
  assert.equal(scene.registry.totalListeners(), 2);
  assert.equal(cleo.peer.listeners.length, 2);
  const tab = await scene.listening(admin('ada'));
  scene.registry.listening.select(tab.session, 'cleo');
  await settle();
  assert.deepEqual(ada.peer.last('listen:ended'), { commercialId: 'cleo', reason: 'replaced' });
  assert.equal(scene.registry.totalListeners(), 2);
  const heard = scene.media.listening.map((transport) => transport.heard);
  assert.deepEqual(heard, [null, scene.media.publish().source, scene.media.publish().source]);
  scene.registry.listening.stop(ada.session); // the older page no longer has a say
  assert.equal(scene.registry.totalListeners(), 2);
  scene.registry.close();
});

test('a commercial of another team is waited for like an id that nobody has, whatever they do', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene();
  const hugo = await scene.live(commercial('hugo', 'Sud'));
  const ada = await scene.listening(admin('ada', ['Nord']));
  const sue = scene.join(admin('sue', ['Sud']));
  assert.deepEqual(scene.registry.listening.select(ada.session, 'hugo'), { status: 'waiting', liveForMs: null });
  await settle();
  assert.equal(scene.media.listen().heard, null);
  assert.deepEqual(hugo.peer.listeners, []);
  assert.equal(sue.peer.last('roster:snapshot').commercials[0]?.listenerCount, 0);
  scene.registry.publishing.stop(hugo.session);
  hugo.session.end('refused');
  await settle();
  t.mock.timers.tick(60_000);
  t.mock.timers.tick(200);
  assert.deepEqual(sue.peer.last('roster:delta').removed, ['hugo'], 'a foreign admin keeps nobody in a roster');
  const back = await scene.live(commercial('hugo', 'Sud'));
  await settle();
  assert.deepEqual(back.peer.listeners, []);
  const told = ada.peer.heard.filter(({ name }) => name !== 'roster:snapshot');
  assert.deepEqual(told, []);
  back.session.refresh({ user: commercial('hugo', 'Nord'), expiresAt: Date.now() + 60_000 });
  await settle();
  assert.equal(scene.media.listen().heard, scene.media.publish().source, 'of the admin’s team by now');
  scene.registry.close();
});

test('a page that goes on with its selection does not take the listening from another page', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const older = await scene.listening(admin('ada'));
  const newer = await scene.listening(admin('ada'));
  scene.registry.listening.select(newer.session, 'hugo');
  assert.throws(() => scene.registry.listening.select(older.session, 'cleo', true), { code: 'not_listening' });
  assert.deepEqual(older.peer.all('listen:ended'), [{ commercialId: 'cleo', reason: 'replaced' }]);
  assert.equal(newer.peer.all('listen:ended').length, 0);
  assert.deepEqual(cleo.peer.all('demand:changed'), [{ version: 1, since: null, joined: [], left: [] }]);
  // Its own selection, or none of another page: it goes on.
  assert.equal(scene.registry.listening.select(newer.session, 'cleo', true).status, 'joining');
  scene.registry.listening.stop(newer.session);
  assert.equal(scene.registry.listening.select(older.session, 'cleo', true).status, 'joining');
  assert.equal(scene.registry.totalListeners(), 1);
  scene.registry.close();
});

test('changed teams of either side cut the audio at once', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo', 'Nord'));
  const ada = await scene.listening(admin('ada', ['Nord']));
  const ben = await scene.listening(admin('ben', ['Nord', 'Sud']));
  scene.registry.listening.select(ada.session, 'cleo');
  scene.registry.listening.select(ben.session, 'cleo');
  const expiresAt = Date.now() + 3_600_000;
  cleo.session.refresh({ user: commercial('cleo', 'Sud'), expiresAt });
  assert.deepEqual(ada.peer.last('listen:ended'), { commercialId: 'cleo', reason: 'forbidden' });
  assert.equal(ben.peer.all('listen:ended').length, 0);
  ben.session.refresh({ user: admin('ben', ['Nord']), expiresAt });
  assert.deepEqual(ben.peer.last('listen:ended'), { commercialId: 'cleo', reason: 'forbidden' });
  t.mock.timers.tick(GATHER_MS);
  assert.deepEqual(cleo.peer.listeners, []);
  await settle();
  assert.deepEqual(
    scene.media.listening.map((transport) => transport.heard),
    [null, null],
  );
  scene.registry.close();
});

test('lost listening media is told, and the next transport hears the selection', async () => {
  const scene = new Scene();
  await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  scene.media.listen().lose('worker_died');
  assert.deepEqual(ada.peer.last('media:lost'), { reason: 'worker_died' });
  assert.equal(ada.session.hasMedia, false);
  await scene.registry.listening.connect(ada.session, 'connect');
  await scene.registry.listening.answer(ada.session, 'an answer');
  await settle();
  assert.equal(scene.media.listen().heard, scene.media.publish().source);
  scene.registry.close();
});

test('listeners above the limit are refused, a switch is not', () => {
  const scene = new Scene({ limits: { maxListeners: 1 } });
  const ada = scene.join(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  scene.registry.listening.select(ada.session, 'hugo');
  const ben = scene.join(admin('ben'));
  assert.throws(() => scene.registry.listening.select(ben.session, 'cleo'), { code: 'capacity' });
  scene.registry.listening.stop(ada.session);
  scene.registry.listening.select(ben.session, 'cleo');
  scene.registry.close();
});
