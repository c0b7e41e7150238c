import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { admin, commercial, type FakePage } from '../../streams/testing/scene.ts';
import { Clock } from '../testing/clock.ts';
import { type ClusterNode, ClusterScene } from '../testing/cluster-scene.ts';

let clock: Clock;
let scene: ClusterScene;
beforeEach(() => {
  clock = new Clock();
  scene = new ClusterScene({ clock, session: { graceMs: 30_000 } });
});
afterEach(async () => {
  await scene.close();
  clock.stop();
});

/** An admin at `b` hears a commercial at `a`. */
async function heard(a: ClusterNode, b: ClusterNode): Promise<{ ada: FakePage; cleo: FakePage }> {
  const ada = await b.scene.listening(admin('ada'));
  const cleo = await a.scene.live(commercial('cleo'));
  await clock.advance(300);
  b.scene.registry.listening.select(ada.session, 'cleo');
  await clock.advance(300);
  assert.ok(ada.session.links.listen?.hearing, 'ada hears cleo');
  return { ada, cleo };
}

const rowAt = (node: ClusterNode): unknown => node.scene.registry.find('cleo')?.row()?.status ?? null;

describe('when the home dies', () => {
  it('its commercials are interrupted, and leave after the grace time; nobody is heard meanwhile', async () => {
    const [a, b] = await scene.start('a', 'b');
    const { ada } = await heard(a, b);
    await a.die();
    await clock.advance(7_000);
    assert.deepEqual([rowAt(b), b.scene.registry.find('cleo')?.row()?.interruption], ['interrupted', 'relay']);
    assert.equal(ada.session.links.listen?.hearing, null);
    assert.equal(ada.peer.last('listen:changed').status, 'interrupted');
    await clock.advance(35_000);
    assert.equal(rowAt(b), null);
    assert.equal(ada.peer.last('listen:changed').status, 'waiting');
  });

  it('its page goes on elsewhere at once, and is heard there before the death is known', async () => {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    const { ada, cleo } = await heard(a, b);
    await a.die();
    const again = c.scene.join(commercial('cleo'), cleo.session);
    await c.scene.registry.publishing.offer(again.session, 'connect', 'an offer');
    await c.scene.registry.publishing.start(again.session, true);
    await clock.advance(500);
    assert.deepEqual([rowAt(b), c.given], ['live', ['b']]);
    assert.ok(ada.session.links.listen?.hearing);
  });
});

describe('when the listener’s node dies', () => {
  it('the page shows them no more, and nothing goes there', async () => {
    const [a, b] = await scene.start('a', 'b');
    const { cleo } = await heard(a, b);
    await b.die();
    await clock.advance(7_000);
    assert.deepEqual([a.given, cleo.peer.listeners], [[], []]);
  });
});

describe('when the message server is frozen', () => {
  it('what flows goes on, a pause holds at once, and nobody new is let in; then all is right again', async () => {
    const [a, b] = await scene.start('a', 'b');
    const { ada, cleo } = await heard(a, b);
    scene.buses.hub.freeze();
    await clock.advance(10_000);
    assert.deepEqual([a.given, rowAt(b)], [['b'], 'live']);
    assert.ok(ada.session.links.listen?.hearing);
    assert.deepEqual(ada.peer.all('roster:coverage'), [{ complete: false }]);
    const ben = await b.scene.listening(admin('ben'));
    assert.deepEqual(ben.peer.all('roster:coverage'), [{ complete: false }]);
    b.scene.registry.listening.select(ben.session, 'cleo');
    await clock.advance(300);
    assert.equal(ben.session.links.listen?.hearing, null);
    const pausing = a.scene.registry.publishing.pause(cleo.session, true);
    assert.deepEqual(a.given, []);
    await pausing;
    await a.scene.registry.publishing.pause(cleo.session, false);
    scene.buses.hub.thaw();
    await clock.advance(2_000);
    assert.deepEqual(cleo.peer.listeners.map(({ id }) => id).sort(), ['ada', 'ben']);
    assert.ok(ada.session.links.listen?.hearing);
    assert.ok(ben.session.links.listen?.hearing);
    for (const { peer } of [ada, ben]) assert.deepEqual(peer.last('roster:coverage'), { complete: true });
  });

  it('a node that starts meanwhile says so to its admins, and one that starts as usual says nothing', async () => {
    const [a] = await scene.start('a');
    const ada = a.scene.join(admin('ada'));
    await clock.advance(6_000);
    assert.deepEqual(ada.peer.all('roster:coverage'), []);
    scene.buses.hub.freeze();
    const [b] = await scene.start('b');
    const ben = b.scene.join(admin('ben'));
    await clock.advance(6_000);
    assert.deepEqual(ben.peer.all('roster:coverage'), [{ complete: false }]);
    scene.buses.hub.thaw();
    await clock.advance(3_000);
    assert.deepEqual(ben.peer.last('roster:coverage'), { complete: true });
  });

  it('for longer than the grace time, nothing goes to other nodes any more', async () => {
    const [a, b] = await scene.start('a', 'b');
    const { ada, cleo } = await heard(a, b);
    scene.buses.hub.freeze();
    await clock.advance(40_000);
    assert.deepEqual([a.given, cleo.peer.listeners], [[], []]);
    assert.equal(ada.session.links.listen?.hearing, null);
    scene.buses.hub.thaw();
    await clock.advance(8_000);
    assert.deepEqual(a.given, ['b']);
    assert.ok(ada.session.links.listen?.hearing);
  });
});

describe('when the message server restarts empty', () => {
  it('what flows is not interrupted, and the roster is right two seconds later', async () => {
    const [a, b] = await scene.start('a', 'b');
    const { ada } = await heard(a, b);
    scene.buses.hub.stop();
    await clock.advance(10_000);
    assert.ok(ada.session.links.listen?.hearing);
    await a.scene.live(commercial('hugo'));
    scene.buses.hub.restart();
    await clock.advance(2_000);
    assert.ok(ada.session.links.listen?.hearing);
    assert.equal(b.scene.registry.find('hugo')?.row()?.status, 'live');
  });
});

describe('when one node is cut off', () => {
  it('nothing goes to it soon, and its listeners are back when it is', async () => {
    const [a, b] = await scene.start('a', 'b');
    const { ada, cleo } = await heard(a, b);
    scene.buses.hub.cutOff('b');
    await clock.advance(8_000);
    assert.deepEqual([a.given, cleo.peer.listeners], [[], []]);
    scene.buses.hub.heal('b');
    await clock.advance(8_000);
    assert.deepEqual([a.given, cleo.peer.listeners], [['b'], [{ id: 'ada', name: 'ADA' }]]);
    assert.ok(ada.session.links.listen?.hearing);
  });

  it('of two streams that were started on both sides the newest is left', async () => {
    const [a, b] = await scene.start('a', 'b');
    scene.buses.hub.cutOff('b');
    const older = await a.scene.live(commercial('cleo'));
    await clock.advance(4_000);
    await b.scene.live(commercial('cleo'));
    await clock.advance(1_000);
    scene.buses.hub.heal('b');
    await clock.advance(25_000);
    assert.deepEqual([a.scene.registry.publishing.size, b.scene.registry.publishing.size], [0, 1]);
    assert.equal(older.peer.last('stream:ended').reason, 'replaced');
  });
});
