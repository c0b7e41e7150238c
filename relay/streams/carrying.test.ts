/** What an admin is told while the relay cannot carry what is wanted: never `live`, and it is tried again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admin, commercial, Scene, settle } from './testing/scene.ts';

test('an admin whose audio cannot be carried is told so, and hears as soon as it can', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const scene = new Scene();
  const cleo = await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  let tries = 0;
  scene.media.slow = async (step) => {
    if (step !== 'hear') return;
    tries += 1;
    if (tries <= 3) throw new Error('too many open files');
  };
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  assert.equal(ada.peer.last('listen:changed').status, 'interrupted');
  assert.equal(scene.media.listen().heard, null);
  const told = ada.peer.all('listen:changed').length;
  for (const pause of [1_000, 2_000]) {
    t.mock.timers.tick(pause);
    await settle();
    // Whatever else happens, it is not tried in a storm.
    cleo.session.refresh({ user: commercial('cleo', 'Nord', `CLEO ${pause}`), expiresAt: Date.now() + 3_600_000 });
    await settle();
  }
  assert.equal(tries, 3);
  assert.equal(ada.peer.all('listen:changed').length, told, 'told once');
  t.mock.timers.tick(4_000);
  await settle();
  assert.equal(ada.peer.last('listen:changed').status, 'live');
  assert.equal(scene.media.listen().heard, scene.media.publish().source);
  scene.registry.close();
});

test('who selects somebody else, or nobody, is not tried for any more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const scene = new Scene();
  await scene.live(commercial('cleo'));
  const ada = await scene.listening(admin('ada'));
  let tries = 0;
  scene.media.slow = async (step) => {
    if (step !== 'hear') return;
    tries += 1;
    throw new Error('too many open files');
  };
  scene.registry.listening.select(ada.session, 'cleo');
  await settle();
  scene.registry.listening.stop(ada.session);
  t.mock.timers.tick(60_000);
  await settle();
  assert.equal(tries, 1);
  scene.registry.close();
});
