import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { waitUntil } from '../../../test/harness/wait.ts';
import { admin, commercial } from '../../streams/testing/scene.ts';
import { BUS_PROTOCOL } from '../bus-protocol.ts';
import { info } from '../testing/bus-scene.ts';
import { ClusterScene, rest } from '../testing/cluster-scene.ts';

let scene: ClusterScene;
beforeEach(() => {
  scene = new ClusterScene();
});
afterEach(() => scene.close());

describe('commercials of other nodes', () => {
  it('stand in the roster of every admin of their team, wherever both are', async () => {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    const early = b.scene.join(admin('ada'));
    const other = c.scene.join(admin('otto', ['Sud']));
    await rest();
    await a.scene.live(commercial('cleo'));
    await rest();
    const late = c.scene.join(admin('lena'));
    await rest();
    await new Promise((resolve) => setTimeout(resolve, 150));
    const [row] = early.peer.last('roster:delta').changed;
    assert.deepEqual([row?.id, row?.status, row?.name], ['cleo', 'live', 'CLEO']);
    assert.equal(late.peer.last('roster:delta').changed[0]?.status, 'live');
    assert.equal(other.peer.all('roster:delta').length, 0);
  });

  it('are not seen of a node that speaks another version of the bus, neither in snapshots nor in rows', async () => {
    const other = new ClusterScene({
      infoOf: (id) => (id === 'b' ? { ...info, busProtocol: BUS_PROTOCOL + 1 } : info),
    });
    try {
      const [a, b, c] = await other.start('a', 'b', 'c');
      for (const node of [b, c]) await node.scene.live(commercial(`early-${node.id}`));
      const ada = await a.scene.listening(admin('ada'));
      await rest();
      for (const node of [b, c]) await node.scene.live(commercial(`late-${node.id}`));
      await rest();
      const seen = (peer: typeof ada.peer) => {
        const full = peer.all('roster:snapshot').flatMap(({ commercials }) => commercials);
        const changed = peer.all('roster:delta').flatMap((delta) => delta.changed);
        return [...new Set([...full, ...changed].map(({ id }) => id))].sort();
      };
      // c goes live after b: what b told has come to a before.
      await waitUntil('the last of c', () => seen(ada.peer).includes('late-c'));
      assert.deepEqual(seen(ada.peer), ['early-c', 'late-c']);
      assert.equal(a.scene.registry.listening.select(ada.session, 'early-b').status, 'waiting');
      await rest();
      assert.deepEqual(b.given, []);
    } finally {
      await other.close();
    }
  });

  it('are heard once their page has acknowledged, and by nobody before', async () => {
    const [a, b] = await scene.start('a', 'b');
    const ada = await b.scene.listening(admin('ada'));
    const cleo = await a.scene.live(commercial('cleo'));
    let acknowledge = (): void => {};
    const acknowledgeNow = cleo.peer.onDemand;
    cleo.peer.onDemand = (version) => {
      acknowledge = () => acknowledgeNow(version);
    };
    await rest();
    assert.equal(b.scene.registry.listening.select(ada.session, 'cleo').status, 'joining');
    await rest();
    assert.deepEqual(cleo.peer.listeners, [{ id: 'ada', name: 'ADA' }]);
    assert.deepEqual(a.given, []);
    assert.equal(ada.session.links.listen?.hearing, null);
    acknowledge();
    await rest();
    assert.deepEqual(a.given, ['b']);
    assert.ok(ada.session.links.listen?.hearing);
    assert.equal(ada.peer.last('listen:changed').status, 'live');
  });

  it('are waited for, and heard when they go live elsewhere', async () => {
    const [a, b] = await scene.start('a', 'b');
    const ada = await b.scene.listening(admin('ada'));
    assert.equal(b.scene.registry.listening.select(ada.session, 'cleo').status, 'waiting');
    await rest();
    await a.scene.live(commercial('cleo'));
    await rest();
    assert.ok(ada.session.links.listen?.hearing);
  });

  it('are heard no more from the moment of a pause, a stop, or when the listener leaves', async () => {
    const [a, b] = await scene.start('a', 'b');
    const ada = await b.scene.listening(admin('ada'));
    const cleo = await a.scene.live(commercial('cleo'));
    await rest();
    b.scene.registry.listening.select(ada.session, 'cleo');
    await rest();
    const pausing = a.scene.registry.publishing.pause(cleo.session, true);
    assert.deepEqual(a.given, [], 'taken back before anything is awaited');
    await pausing;
    await rest();
    assert.equal(ada.session.links.listen?.hearing, null);
    assert.equal(ada.peer.last('listen:changed').status, 'paused');
    await a.scene.registry.publishing.pause(cleo.session, false);
    await rest();
    assert.ok(ada.session.links.listen?.hearing);
    b.scene.registry.listening.stop(ada.session);
    await rest();
    assert.deepEqual([a.given, cleo.peer.listeners], [[], []]);
    b.scene.registry.listening.select(ada.session, 'cleo');
    await rest();
    assert.deepEqual(a.given, ['b']);
    a.scene.registry.publishing.stop(cleo.session);
    await rest();
    assert.deepEqual([a.given, ada.peer.last('listen:changed').status], [[], 'waiting']);
    const ended = b.scene.trail.filter(({ event }) => event === 'hearing_ended').map((entry) => Object(entry).cause);
    assert.deepEqual(ended, ['asked', 'stream_stopped']);
  });

  it('of another team are never heard, and never told of who waits', async () => {
    const [a, b] = await scene.start('a', 'b');
    const otto = await b.scene.listening(admin('otto', ['Sud']));
    const cleo = await a.scene.live(commercial('cleo'));
    b.scene.registry.listening.select(otto.session, 'cleo');
    await rest();
    assert.deepEqual([a.given, cleo.peer.listeners], [[], []]);
    otto.session.refresh({ user: admin('otto', ['Sud', 'Nord']), expiresAt: Date.now() + 60_000 });
    await rest();
    assert.deepEqual(a.given, ['b']);
    otto.session.refresh({ user: admin('otto', ['Sud']), expiresAt: Date.now() + 60_000 });
    await rest();
    assert.deepEqual([a.given, cleo.peer.listeners], [[], []]);
    assert.equal(otto.peer.last('listen:ended').reason, 'forbidden');
  });
});

describe('one each', () => {
  it('the newest start wins over all nodes', async () => {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    const ada = await c.scene.listening(admin('ada'));
    c.scene.registry.listening.select(ada.session, 'cleo');
    await rest();
    const first = await a.scene.live(commercial('cleo'));
    await rest();
    await b.scene.live(commercial('cleo'));
    await rest();
    assert.equal(first.peer.last('stream:ended').reason, 'replaced');
    assert.equal(a.scene.registry.publishing.size, 0);
    assert.deepEqual([a.given, b.given], [[], ['c']]);
    assert.ok(ada.session.links.listen?.hearing);
  });

  it('the newest selection wins over all nodes', async () => {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    const cleo = await a.scene.live(commercial('cleo'));
    const first = await b.scene.listening(admin('ada'));
    const second = await c.scene.listening(admin('ada'));
    await rest();
    b.scene.registry.listening.select(first.session, 'cleo');
    await rest();
    c.scene.registry.listening.select(second.session, 'cleo');
    await rest();
    assert.equal(first.peer.last('listen:ended').reason, 'replaced');
    assert.deepEqual([a.given, cleo.peer.listeners.length], [['c'], 1]);
  });

  it('of two starts at the same moment exactly one is left', async () => {
    const [a, b] = await scene.start('a', 'b');
    for (let round = 0; round < 20; round += 1) {
      const pages = [a.scene.join(commercial('cleo')), b.scene.join(commercial('cleo'))] as const;
      await Promise.allSettled([a.scene.publish(pages[0]), b.scene.publish(pages[1])]);
      await rest();
      assert.equal(a.scene.registry.publishing.size + b.scene.registry.publishing.size, 1);
      for (const { session } of pages) session.end('refused');
      await rest();
    }
  });

  it('a start that fails leaves the stream of the other page as it was, and its claim', async () => {
    const [a, b] = await scene.start('a', 'b');
    const cleo = await a.scene.live(commercial('cleo'));
    const stream = a.scene.streamOf('cleo');
    const goesOn = async (): Promise<void> => {
      await rest();
      assert.equal(a.scene.streamOf('cleo'), stream);
      assert.equal(cleo.peer.all('stream:ended').length, 0);
      // A third page that only goes on with what it had gives way: the claim still stands.
      const third = b.scene.join(commercial('cleo'));
      await b.scene.registry.publishing.offer(third.session, 'connect', 'an offer');
      await assert.rejects(b.scene.registry.publishing.start(third.session, true), { code: 'not_streaming' });
      third.session.end('refused');
    };
    for (const node of [b, a]) {
      const other = node.scene.join(commercial('cleo'));
      await assert.rejects(node.scene.registry.publishing.start(other.session), { code: 'not_connected' });
      await goesOn();
      await node.scene.registry.publishing.offer(other.session, 'connect', 'an offer');
      const letGo = node.scene.media.hold();
      const starting = node.scene.registry.publishing.start(other.session);
      await rest();
      node.scene.registry.publishing.stop(other.session);
      letGo();
      await assert.rejects(starting);
      await goesOn();
      other.session.end('refused');
      await rest();
      assert.equal(node.cluster.gauges().claims, node === a ? 1 : 0);
    }
  });

  it('a page that goes on gives way to another that holds the claim, and takes it from one that is gone', async () => {
    const [a, b] = await scene.start('a', 'b');
    await a.scene.live(commercial('cleo'));
    const page = b.scene.join(commercial('cleo'));
    await b.scene.registry.publishing.offer(page.session, 'connect', 'an offer');
    await assert.rejects(b.scene.registry.publishing.start(page.session, true), { code: 'not_streaming' });
    await a.die();
    await b.scene.registry.publishing.offer(page.session, 'connect', 'an offer');
    await b.scene.registry.publishing.start(page.session, true);
    assert.equal(b.scene.registry.publishing.size, 1);
  });
});

describe('when everybody has left', () => {
  it('nothing is left at any node', async () => {
    const [a, b] = await scene.start('a', 'b');
    const ada = await b.scene.listening(admin('ada'));
    const cleo = await a.scene.live(commercial('cleo'));
    await rest();
    b.scene.registry.listening.select(ada.session, 'cleo');
    await rest();
    ada.session.end('refused');
    cleo.session.end('refused');
    await rest();
    assert.deepEqual(b.cluster.gauges(), { mirrors: 0, told: 0, wishes: 0, guests: 0, claims: 0, own: 0, whispers: 0 });
    assert.deepEqual(
      { ...a.cluster.gauges(), told: 0 },
      { mirrors: 0, told: 0, wishes: 0, guests: 0, claims: 0, own: 0, whispers: 0 },
    );
    assert.deepEqual(a.pipes.gauges(), { links: 0, given: 0, copies: 0 });
    assert.equal(b.pipes.gauges().copies, 0);
  });
});
