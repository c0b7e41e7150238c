/** One commercial's pages at several nodes know of each other's stream, whoever watches the team. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { waitUntil } from '../../../test/harness/wait.ts';
import { commercial, type FakePage } from '../../streams/testing/scene.ts';
import { ClusterScene, rest } from '../testing/cluster-scene.ts';

let scene: ClusterScene;
beforeEach(() => {
  scene = new ClusterScene();
});
afterEach(() => scene.close());

function elsewhere({ peer }: FakePage): string | null {
  return peer.all('stream:elsewhere').at(-1)?.status ?? null;
}

describe('a commercial’s pages at several nodes', () => {
  it('are told of the stream, whichever came first, and of its end', async () => {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    const early = b.scene.join(commercial('cleo'));
    const stranger = b.scene.join(commercial('dora'));
    await rest();
    const live = await a.scene.live(commercial('cleo'));
    await rest();
    const late = c.scene.join(commercial('cleo'));
    await rest();
    assert.deepEqual([early, late, live, stranger].map(elsewhere), ['live', 'live', null, null]);
    await a.scene.registry.publishing.pause(live.session, true);
    await rest();
    assert.deepEqual([early, late].map(elsewhere), ['paused', 'paused']);
    a.scene.registry.publishing.stop(live.session);
    await rest();
    assert.deepEqual([early, late].map(elsewhere), [null, null]);
  });

  it('may stop it from another node, which is acknowledged once it has ended', async () => {
    const [a, b] = await scene.start('a', 'b');
    const live = await a.scene.live(commercial('cleo'));
    const other = b.scene.join(commercial('cleo'));
    await rest();
    await b.scene.registry.publishing.stopElsewhere(other.session);
    assert.equal(a.scene.registry.publishing.streamOf('cleo'), null);
    assert.equal(live.peer.last('stream:ended').reason, 'stopped');
    await rest();
    assert.equal(elsewhere(other), null);
    await b.scene.registry.publishing.stopElsewhere(other.session);
  });

  it('are told of nothing any more when the node is gone, and a stop that it cannot answer is refused', async () => {
    const [a, b] = await scene.start('a', 'b');
    await a.scene.live(commercial('cleo'));
    const other = b.scene.join(commercial('cleo'));
    await rest();
    await a.die();
    await assert.rejects(b.scene.registry.publishing.stopElsewhere(other.session), { code: 'internal' });
    await waitUntil('the node is missed', () => elsewhere(other) === null);
  });

  it('hear what was lost on the way, once the next message shows it', async () => {
    const [a, b] = await scene.start('a', 'b');
    const other = b.scene.join(commercial('cleo'));
    let met = false;
    b.bus.on('hello', ({ id }) => {
      met ||= id === 'a';
    });
    await waitUntil('b follows what a says', () => met);
    scene.buses.hub.drop = ({ from, to }) => from === 'a' && to === 'b';
    const live = await a.scene.live(commercial('cleo'));
    await rest();
    assert.equal(elsewhere(other), null);
    scene.buses.hub.drop = () => false;
    await waitUntil('the next word of a shows the loss', () => elsewhere(other) === 'live');
    assert.ok(live.session.peer);
  });

  it('leave nothing behind', async () => {
    const [a, b] = await scene.start('a', 'b');
    const live = await a.scene.live(commercial('cleo'));
    const other = b.scene.join(commercial('cleo'));
    await rest();
    assert.equal(b.cluster.gauges().own, 1);
    a.scene.registry.publishing.stop(live.session);
    for (const { session } of [live, other]) session.end('superseded');
    await rest();
    assert.deepEqual([a.cluster.gauges().own, b.cluster.gauges().own], [0, 0]);
  });
});
