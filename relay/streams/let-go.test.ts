/** Commercials that the relay has let go of: nothing of theirs touches a successor of the same id. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admin, commercial, Scene, settle } from './testing/scene.ts';

test('a commercial who was let go by a change of the listener’s teams leaves no timer for the next one of that id', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const scene = new Scene({ session: { offlineKeepMs: 3_000, graceMs: 1_000 } });
  const before = scene.join(commercial('cleo'));
  const ada = scene.join(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  before.session.detach(before.peer);
  // Longer than a commercial who left is kept: only Ada's selection keeps her.
  t.mock.timers.tick(5_500);
  ada.session.refresh({ user: admin('ada', ['Sud']), expiresAt: Date.now() + 3_600_000 });
  assert.equal(scene.registry.gauges().commercials, 0);

  const cleo = await scene.live(commercial('cleo'));
  const ben = await scene.listening(admin('ben'));
  scene.registry.listening.select(ben.session, 'cleo');
  await settle();
  assert.equal(scene.media.listen().heard, scene.media.publish().source);
  t.mock.timers.tick(10_000);
  await scene.registry.publishing.pause(cleo.session, true);
  assert.equal(scene.media.listen().heard, null);
  scene.registry.publishing.stop(cleo.session);
  assert.equal(scene.registry.activeStreams(), 0);
  scene.registry.close();
});

test('a change that comes about in the midst of another is looked at after it', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  // The commercial's connection turns out to be stuck just as the list is written into it.
  const { notify } = cleo.peer;
  cleo.peer.notify = (name, payload) => {
    notify.call(cleo.peer, name, payload);
    if (name === 'demand:changed') cleo.session.detach(cleo.peer);
  };
  assert.equal(scene.registry.listening.select(ada.session, 'cleo').status, 'interrupted');
  await settle();
  assert.equal(scene.media.listen().heard, null);
  assert.equal(scene.registry.detail(() => true)[0]?.listeners.length, 1);
  scene.registry.close();
});
