import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admin, commercial, Scene, settle } from './testing/scene.ts';

test('without room a stream that is new is refused and leaves nothing; what runs starts anew, moves and stops', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  scene.media.places = 0;
  const hugo = scene.join(commercial('hugo'));
  await assert.rejects(scene.publish(hugo), { code: 'capacity' });
  assert.equal(scene.registry.publishing.size, 1);
  await scene.registry.publishing.start(cleo.session);
  const other = scene.join(commercial('cleo'));
  await scene.publish(other);
  assert.deepEqual(cleo.peer.last('stream:ended'), { reason: 'replaced' });
  // A page that goes on after the relay was restarted, or comes from another one.
  await scene.registry.publishing.start(hugo.session, true);
  assert.equal(scene.registry.publishing.size, 2);
  scene.registry.publishing.stop(hugo.session);
  scene.media.places = 1;
  await scene.publish(hugo);
  assert.equal(scene.media.places, 0);
  scene.registry.close();
});

test('without room an admin who is new is refused and leaves nothing; who listens hears on, switches and goes on', async () => {
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  await scene.live(commercial('hugo'));
  const ada = await scene.listening(admin('ada'));
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  scene.media.places = 0;
  const ben = await scene.listening(admin('ben'));
  assert.throws(() => scene.registry.listening.select(ben.session, 'cleo'), { code: 'capacity' });
  assert.equal(scene.registry.listening.size, 1);
  assert.deepEqual(cleo.peer.listeners, [{ id: 'ada', name: 'ADA' }]);
  scene.registry.listening.select(ada.session, 'hugo');
  const elsewhere = await scene.listening(admin('ada'));
  scene.registry.listening.select(elsewhere.session, 'cleo');
  scene.registry.listening.select(ben.session, 'cleo', true);
  await settle();
  assert.equal(scene.registry.listening.size, 2);
  scene.registry.close();
});
