import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type Audience, changedAudience, NOBODY } from '../../streams/audience.ts';
import { admin, commercial, type FakePage } from '../../streams/testing/scene.ts';
import { Clock } from '../testing/clock.ts';
import { type ClusterNode, ClusterScene } from '../testing/cluster-scene.ts';

let clock: Clock;
let scene: ClusterScene;
beforeEach(() => {
  clock = new Clock();
  scene = new ClusterScene({ clock });
});
afterEach(async () => {
  await scene.close();
  clock.stop();
});

/** Everything that is under way has arrived. */
const rest = (): Promise<void> => clock.advance(300);

const names = ({ peer }: FakePage): string[] =>
  [
    ...peer
      .all('listen:others')
      .reduce<Audience>((list, change) => changedAudience(list, change), NOBODY)
      .keys(),
  ].sort();

async function select(at: ClusterNode, id: string, equipes = ['Nord']): Promise<FakePage> {
  const page = await at.scene.listening(admin(id, equipes));
  await rest();
  at.scene.registry.listening.select(page.session, 'cleo');
  await rest();
  return page;
}

describe('the others who hear a commercial of another node', () => {
  it('are named wherever they are, to those alone who may hear, and no more when they left or their node is gone', async () => {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    await a.scene.live(commercial('cleo'));
    const ada = await select(a, 'ada');
    const ben = await select(b, 'ben');
    const cora = await select(c, 'cora');
    const sue = await select(b, 'sue', ['Sud']);
    assert.deepEqual(
      [names(ada), names(ben), names(cora), names(sue)],
      [['ben', 'cora'], ['ada', 'cora'], ['ada', 'ben'], []],
    );
    a.scene.registry.listening.stop(ada.session);
    await rest();
    assert.deepEqual([names(ben), names(cora)], [['cora'], ['ben']]);
    await c.die();
    await clock.advance(10_000);
    assert.deepEqual(names(ben), []);
  });

  it('of a stream that began anew are told anew', async () => {
    const [a, b] = await scene.start('a', 'b');
    const cleo = await a.scene.live(commercial('cleo'));
    const ben = await select(b, 'ben');
    await select(a, 'ada');
    assert.deepEqual(names(ben), ['ada']);
    a.scene.registry.publishing.stop(cleo.session);
    await rest();
    assert.deepEqual(names(ben), []);
    await a.scene.publish(cleo);
    await rest();
    assert.deepEqual(names(ben), ['ada']);
  });
});
