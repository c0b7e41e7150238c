import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { admin, commercial } from '../../streams/testing/scene.ts';
import { info } from '../testing/bus-scene.ts';
import { ClusterScene, rest } from '../testing/cluster-scene.ts';

let scene: ClusterScene;
beforeEach(() => {
  scene = new ClusterScene();
});
afterEach(() => scene.close());

describe('who is there in a team', () => {
  it('is told at every node, followed there or not, with who listens', async () => {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    await a.scene.live(commercial('cleo'));
    b.scene.join(commercial('remy'));
    await b.scene.live(commercial('sami', 'Sud'));
    const ada = await b.scene.listening(admin('ada'));
    await rest();
    b.scene.registry.listening.select(ada.session, 'cleo');
    await rest();
    for (const node of [a, b, c]) {
      const { complete, commercials } = await node.cluster.detail(['Nord', 'Nord', 'Ouest']);
      assert.equal(complete, true);
      const rows = commercials
        .map(({ id, status, listenerCount, listeners }) => ({ id, status, listenerCount, listeners }))
        .sort((x, y) => x.id.localeCompare(y.id));
      assert.deepEqual(
        rows,
        [
          { id: 'cleo', status: 'live', listenerCount: 1, listeners: [{ id: 'ada', name: 'ADA' }] },
          { id: 'remy', status: 'ready', listenerCount: 0, listeners: [] },
        ],
        node.id,
      );
      assert.ok((commercials.find(({ id }) => id === 'cleo')?.liveForMs ?? -1) >= 0);
    }
    assert.equal(c.cluster.gauges().mirrors, 0, 'to be asked is not to be followed');
  });

  it('is what the newest stream’s node says of one who has pages at two', async () => {
    const [a, b] = await scene.start('a', 'b');
    a.scene.join(commercial('cleo'));
    await b.scene.live(commercial('cleo'));
    await rest();
    for (const node of [a, b]) {
      const { commercials } = await node.cluster.detail(['Nord']);
      assert.deepEqual(
        commercials.map(({ id, status }) => [id, status]),
        [['cleo', 'live']],
      );
    }
  });

  it('is not complete when a node does not answer, and is told of the others all the same', async () => {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    await a.scene.live(commercial('cleo'));
    await b.scene.live(commercial('remy'));
    await c.scene.live(commercial('sami'));
    await rest();
    await c.die();
    const ids = async () => {
      const { complete, commercials } = await a.cluster.detail(['Nord']);
      return [complete, ...commercials.map(({ id }) => id).sort()];
    };
    const together = await Promise.all([ids(), ids()]);
    assert.deepEqual(together, [
      [false, 'cleo', 'remy'],
      [false, 'cleo', 'remy'],
    ]);
  });

  it('comes in pages, however many they are and however many listen', async () => {
    const [a, b] = await scene.start('a', 'b');
    for (let i = 0; i < 1_201; i += 1) a.scene.join(commercial(`c${String(i).padStart(4, '0')}`));
    for (let i = 0; i < 90; i += 1) {
      const page = await a.scene.listening(admin(`ada${i}`, ['Nord'], 'a'.repeat(200)));
      a.scene.registry.listening.select(page.session, i % 2 ? 'c0003' : 'c0900');
    }
    await rest();
    const { complete, commercials } = await b.cluster.detail(['Nord']);
    assert.equal(complete, true);
    assert.equal(new Set(commercials.map(({ id }) => id)).size, 1_201);
    assert.equal(commercials.length, 1_201);
    const named = commercials.filter(({ listeners }) => listeners.length > 0);
    assert.deepEqual(
      named.map(({ id, listeners }) => [id, listeners.length]),
      [
        ['c0003', 45],
        ['c0900', 45],
      ],
    );
  });

  it('is nobody of a team that was not asked for, whatever a node answers', async () => {
    const [a] = await scene.start('a');
    const liar = scene.buses.node('z');
    const row = { version: 1, name: 'S', present: true, listenerCount: 0, helpForMs: null, stream: null, ended: null };
    liar.answer('meet', (_from, body) => body);
    liar.answer('snapshot', () => ({
      asOf: 1,
      rows: [
        { ...row, id: 'sami', equipe: 'Sud' },
        { ...row, id: 'nina', equipe: 'Nord' },
      ],
      listeners: [],
      more: true,
    }));
    liar.publish('nodes', 'hello', info);
    await rest();
    assert.equal(a.membership.peers().length, 1);
    const { commercials } = await a.cluster.detail(['Nord']);
    assert.deepEqual(
      commercials.map(({ id }) => id),
      ['nina'],
      'and it does not ask for ever',
    );
  });
});
