import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { admin, commercial, Scene } from './testing/scene.ts';

let scene: Scene;
afterEach(() => scene.registry.close());

describe('that part of the service may be missing', () => {
  it('is told to admins when it begins and when it ends, once each', () => {
    scene = new Scene();
    const ada = scene.join(admin('ada'));
    const cleo = scene.join(commercial('cleo'));
    for (const complete of [true, false, false, true, true]) scene.registry.covered(complete);
    assert.deepEqual(ada.peer.all('roster:coverage'), [{ complete: false }, { complete: true }]);
    assert.deepEqual(cleo.peer.all('roster:coverage'), []);
  });

  it('is told at connect and at resume while it is so, and not a word of it otherwise', () => {
    scene = new Scene();
    const before = scene.join(admin('ada'));
    assert.deepEqual(before.peer.all('roster:coverage'), []);
    scene.registry.covered(false);
    const late = scene.join(admin('otto'));
    assert.deepEqual(late.peer.all('roster:coverage'), [{ complete: false }]);
    late.session.detach(late.peer);
    assert.deepEqual(scene.join(admin('otto'), late.session).peer.all('roster:coverage'), [{ complete: false }]);
    scene.registry.covered(true);
    assert.deepEqual(scene.join(admin('lena')).peer.all('roster:coverage'), []);
  });
});
