import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SessionUser } from '../protocol/messages.ts';
import type { StreamSeal } from '../protocol/stream-seal.ts';
import { admin, commercial, type FakePage, Scene, settle } from './testing/scene.ts';

const SEAL: StreamSeal = { salt: 'AAAAAAAAAAAAAAAAAAAAAA', tag: 7 };
const OTHER: StreamSeal = { salt: 'BBBBBBBBBBBBBBBBBBBBBB', tag: 8 };

async function publish(scene: Scene, page: FakePage, seal: StreamSeal | null, again = false): Promise<void> {
  await scene.registry.publishing.offer(page.session, 'connect', 'an offer');
  await scene.registry.publishing.start(page.session, again, seal);
  await settle();
}

const required = (user: SessionUser) => ({ user, expiresAt: Date.now() + 3_600_000, e2ee: 'required' }) as const;

describe('a stream that is sealed from end to end', () => {
  it('is told to who can open it, with the answer and at each change, and again when it is sealed anew', async () => {
    const scene = new Scene();
    const ada = await scene.listening(admin('ada'));
    assert.deepEqual(scene.registry.listening.select(ada.session, 'cleo', false, null, true), {
      status: 'waiting',
      liveForMs: null,
    });
    const cleo = scene.join(commercial('cleo'));
    await publish(scene, cleo, SEAL);
    assert.deepEqual(
      ada.peer.all('listen:changed').map(({ status, e2ee }) => [status, e2ee]),
      [
        ['joining', SEAL],
        ['live', SEAL],
      ],
    );
    assert.equal(scene.media.listen().heard, scene.media.publish().source);
    await publish(scene, cleo, OTHER, true);
    assert.deepEqual(ada.peer.last('listen:changed').e2ee, OTHER);
    assert.deepEqual(scene.registry.listening.select(ada.session, 'cleo', false, null, true).e2ee, OTHER);
    await publish(scene, cleo, null, true);
    assert.equal(ada.peer.last('listen:changed').e2ee, undefined);
    scene.registry.close();
  });

  it('is passed on to no page that cannot open it: refused, or ended when it begins', async () => {
    const scene = new Scene();
    const ada = await scene.listening(admin('ada'));
    scene.registry.listening.select(ada.session, 'cleo');
    const cleo = scene.join(commercial('cleo'));
    await publish(scene, cleo, SEAL);
    assert.deepEqual(ada.peer.last('listen:ended'), { commercialId: 'cleo', reason: 'e2ee_required' });
    assert.equal(scene.media.listen().heard, null);
    assert.deepEqual(cleo.peer.listeners, []);
    assert.throws(() => scene.registry.listening.select(ada.session, 'cleo'), { code: 'e2ee_required' });
    // Nobody learns from it who of another team is there.
    const eve = await scene.listening(admin('eve', ['Sud']));
    assert.equal(scene.registry.listening.select(eve.session, 'cleo').status, 'waiting');
    scene.registry.close();
  });
});

describe('a listener whose page says that it cannot open the sound', () => {
  it('is told of on the commercial’s page, and no more once it can', async () => {
    const scene = new Scene();
    const { listening } = scene.registry;
    const ada = await scene.listening(admin('ada'));
    listening.select(ada.session, 'cleo', false, null, true);
    const cleo = scene.join(commercial('cleo'));
    await publish(scene, cleo, SEAL);
    const listed = (): unknown => cleo.peer.listeners[0];
    assert.deepEqual(listed(), { id: 'ada', name: 'ADA' });
    listening.opening(ada.session, 'hugo', 'e2ee_key_missing');
    assert.deepEqual(listed(), { id: 'ada', name: 'ADA' }, 'of somebody else it means nothing');
    listening.opening(ada.session, 'cleo', 'e2ee_cannot_decrypt');
    assert.deepEqual(listed(), { id: 'ada', name: 'ADA', cannotOpen: 'e2ee_cannot_decrypt' });
    assert.equal(scene.media.listen().heard, scene.media.publish().source, 'what is passed on goes on');
    const told = cleo.peer.all('demand:changed').length;
    listening.opening(ada.session, 'cleo', 'e2ee_cannot_decrypt');
    assert.equal(cleo.peer.all('demand:changed').length, told, 'told once');
    listening.opening(ada.session, 'cleo', null);
    assert.deepEqual(listed(), { id: 'ada', name: 'ADA' });
    scene.registry.close();
  });

  it('begins anew with each selection', async () => {
    const scene = new Scene();
    const { listening } = scene.registry;
    const ada = await scene.listening(admin('ada'));
    listening.select(ada.session, 'cleo', false, null, true);
    const cleo = scene.join(commercial('cleo'));
    await publish(scene, cleo, SEAL);
    listening.opening(ada.session, 'cleo', 'e2ee_key_missing');
    listening.stop(ada.session);
    listening.select(ada.session, 'cleo', false, null, true);
    await settle();
    assert.deepEqual(cleo.peer.listeners, [{ id: 'ada', name: 'ADA' }]);
    scene.registry.close();
  });
});

describe('a token that asks for sealed streams', () => {
  it('of a commercial: no other stream is taken', async () => {
    const scene = new Scene();
    const cleo = scene.join(commercial('cleo'));
    cleo.session.refresh(required(commercial('cleo')));
    await scene.registry.publishing.offer(cleo.session, 'connect', 'an offer');
    await assert.rejects(scene.registry.publishing.start(cleo.session), { code: 'e2ee_required' });
    assert.equal(scene.registry.publishing.streamOf('cleo'), null);
    await scene.registry.publishing.start(cleo.session, false, SEAL);
    assert.equal(scene.registry.publishing.streamOf('cleo')?.status, 'live');
    scene.registry.close();
  });

  it('of a commercial, that comes while a stream in the clear begins: it does not begin', async () => {
    const scene = new Scene();
    const cleo = scene.join(commercial('cleo'));
    await scene.registry.publishing.offer(cleo.session, 'connect', 'an offer');
    const starting = scene.registry.publishing.start(cleo.session);
    cleo.session.refresh(required(commercial('cleo')));
    await assert.rejects(starting, { code: 'e2ee_required' });
    assert.equal(scene.registry.publishing.streamOf('cleo'), null);
    scene.registry.close();
  });

  it('of a commercial who streams in the clear: it ends, with the reason', async () => {
    const scene = new Scene();
    const cleo = await scene.live(commercial('cleo'));
    cleo.session.refresh(required(commercial('cleo')));
    assert.deepEqual(cleo.peer.last('stream:ended'), { reason: 'e2ee_required' });
    assert.equal(scene.registry.publishing.streamOf('cleo'), null);
    scene.registry.close();
  });

  it('of an admin: no other stream is passed on, also when the token comes later', async () => {
    const scene = new Scene();
    await scene.live(commercial('cleo'));
    const ada = await scene.listening(admin('ada'));
    scene.registry.listening.select(ada.session, 'cleo', false, null, true);
    await settle();
    assert.notEqual(scene.media.listen().heard, null);
    ada.session.refresh(required(admin('ada')));
    await settle();
    assert.deepEqual(ada.peer.last('listen:ended'), { commercialId: 'cleo', reason: 'e2ee_required' });
    assert.equal(scene.media.listen().heard, null);
    assert.throws(() => scene.registry.listening.select(ada.session, 'cleo', false, null, true), {
      code: 'e2ee_required',
    });
    scene.registry.close();
  });
});
