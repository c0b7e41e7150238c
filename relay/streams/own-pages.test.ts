/** What one commercial's pages are told of each other's streams, and that they may end them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admin, commercial, type FakePage, Scene, settle } from './testing/scene.ts';

/** What the page knows of a stream elsewhere: null when it was told of none, or that there is none. */
function elsewhere({ peer }: FakePage): string | null {
  return peer.all('stream:elsewhere').at(-1)?.status ?? null;
}

test('every other page of the commercial is told of the stream, and nobody else', async () => {
  const scene = new Scene();
  const early = scene.join(commercial('cleo'));
  const stranger = scene.join(commercial('dora'));
  const ada = scene.join(admin('ada'));
  const live = await scene.live(commercial('cleo'));
  const late = scene.join(commercial('cleo'));
  await settle();
  assert.deepEqual([early, late, live, stranger].map(elsewhere), ['live', 'live', null, null]);
  assert.equal(typeof late.peer.last('stream:elsewhere').liveForMs, 'number');
  assert.equal(ada.peer.all('stream:elsewhere').length, 0);

  await scene.registry.publishing.pause(live.session, true);
  assert.deepEqual([early, late, live].map(elsewhere), ['paused', 'paused', null]);
  scene.registry.publishing.stop(live.session);
  assert.deepEqual([early, late, live].map(elsewhere), [null, null, null]);
  assert.deepEqual(early.peer.last('stream:elsewhere'), { status: null, liveForMs: null });
  scene.registry.close();
});

test('the page that is taken over is told where the stream goes on, the one that takes over of nothing', async () => {
  const scene = new Scene();
  const first = await scene.live(commercial('cleo'));
  const second = scene.join(commercial('cleo'));
  assert.equal(elsewhere(second), 'live');
  await scene.publish(second);
  assert.equal(first.peer.last('stream:ended').reason, 'replaced');
  assert.deepEqual([elsewhere(first), elsewhere(second)], ['live', null]);
  scene.registry.close();
});

test('levels and listeners of the stream are told to no other page, and a new connection is told again', async () => {
  const scene = new Scene();
  const other = scene.join(commercial('cleo'));
  const live = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  scene.registry.publishing.voice(live.session, 3);
  assert.equal(other.peer.all('stream:elsewhere').length, 1);
  other.session.detach(other.peer);
  const back = scene.join(commercial('cleo'), other.session);
  assert.equal(back.peer.all('stream:elsewhere').length, 1);
  assert.equal(elsewhere(back), 'live');
  scene.registry.close();
});

test('another page may end the stream, which is told so, also when it was away; its own stream stays', async () => {
  const scene = new Scene();
  const live = await scene.live(commercial('cleo'));
  const other = scene.join(commercial('cleo'));
  const stranger = await scene.live(commercial('dora'));
  await scene.registry.publishing.stopElsewhere(stranger.session);
  assert.equal(scene.streamOf('dora').closed, false);
  await scene.registry.publishing.stopElsewhere(live.session);
  assert.equal(scene.streamOf('cleo').closed, false);

  live.session.detach(live.peer);
  await scene.registry.publishing.stopElsewhere(other.session);
  assert.equal(scene.registry.publishing.streamOf('cleo'), null);
  assert.equal(elsewhere(other), null);
  const back = scene.join(commercial('cleo'), live.session);
  assert.equal(back.peer.last('stream:ended').reason, 'stopped');
  const [end] = scene.trail.filter(({ event }) => event === 'stream_ended');
  assert.ok(end && 'cause' in end && end.cause === 'stopped');
  await scene.registry.publishing.stopElsewhere(other.session);
  scene.registry.close();
});
