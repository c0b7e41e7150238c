/** Names of the others who hear the same commercial: who is told, of whom, and when no more. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type Audience, changedAudience, MOST_NAMES, NOBODY, ToldAudience } from './audience.ts';
import { admin, commercial, type FakePage, Scene, settle } from './testing/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene.registry.close());

const names = ({ peer }: FakePage): string[] =>
  [
    ...peer
      .all('listen:others')
      .reduce<Audience>((list, change) => changedAudience(list, change), NOBODY)
      .keys(),
  ].sort();

async function select(id: string, equipes = ['Nord']): Promise<FakePage> {
  const page = await scene.listening(admin(id, equipes));
  scene.registry.listening.select(page.session, 'cleo');
  await settle();
  return page;
}

describe('the others who hear the same commercial', () => {
  it('are told by name, as changes, and never oneself', async () => {
    await scene.live(commercial('cleo'));
    const ada = await select('ada');
    const ben = await select('ben');
    assert.deepEqual([names(ada), names(ben)], [['ben'], ['ada']]);
    const cora = await select('cora');
    assert.deepEqual(names(cora), ['ada', 'ben']);
    assert.deepEqual(ada.peer.last('listen:others'), {
      commercialId: 'cleo',
      reset: false,
      joined: [{ id: 'cora', name: 'CORA' }],
      left: [],
    });
    scene.registry.listening.stop(ben.session);
    await settle();
    assert.deepEqual([names(ada), names(cora)], [['cora'], ['ada']]);
  });

  it('are only those whom the commercial’s page has said to show', async () => {
    const cleo = await scene.live(commercial('cleo'));
    const ada = await select('ada');
    const acknowledge = cleo.peer.onDemand;
    let version = 0;
    cleo.peer.onDemand = (newest) => {
      version = newest;
    };
    await select('ben');
    assert.deepEqual(names(ada), []);
    acknowledge(version);
    await settle();
    assert.deepEqual(names(ada), ['ben']);
  });

  it('are told to nobody who may not hear the commercial, nor while they are of another team', async () => {
    const cleo = await scene.live(commercial('cleo'));
    const sue = await select('sue', ['Sud']);
    const ada = await select('ada');
    const both = await select('both', ['Nord', 'Sud']);
    assert.deepEqual([names(sue), names(ada)], [[], ['both']]);
    cleo.session.refresh({ user: commercial('cleo', 'Sud'), expiresAt: Date.now() + 3_600_000 });
    await settle();
    assert.deepEqual(names(sue), ['both']);
    assert.deepEqual(names(both), ['sue']);
  });

  it('are told anew to a page that comes back', async () => {
    await scene.live(commercial('cleo'));
    const ada = await select('ada');
    await select('ben');
    ada.session.detach(ada.peer);
    const back = scene.join(admin('ada'), ada.session);
    await settle();
    assert.deepEqual(names(back), ['ben']);
    assert.equal(back.peer.all('listen:others')[0]?.reset, true);
  });

  it('are so many at most', () => {
    const told = new ToldAudience();
    const crowd = new Map(Array.from({ length: 80 }, (_, i) => [`a${i}`, `A${i}`]));
    assert.equal(told.change(crowd, 'a0')?.joined.length, MOST_NAMES);
    assert.equal(told.change(crowd, 'a0'), null);
    crowd.delete('a3');
    assert.deepEqual(told.change(crowd, 'a0'), { reset: false, joined: [{ id: 'a51', name: 'A51' }], left: ['a3'] });
    crowd.delete('a79');
    assert.equal(told.change(crowd, 'a0'), null, 'one who had no place');
  });
});
