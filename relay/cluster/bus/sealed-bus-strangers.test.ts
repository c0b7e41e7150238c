/** Who is not of the cluster, and what was said before: nothing of it is taken, all of it is counted. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { DIRECT } from '../bus-protocol.ts';
import { BusScene, info, OTHER_SECRET, SECRET, settled } from '../testing/bus-scene.ts';
import type { SealedBus } from './sealed-bus.ts';

let scene: BusScene;
beforeEach(() => {
  scene = new BusScene();
});
afterEach(() => scene.close());

/** What of `kind` hello reaches a node: sender, number of streams (which tells the messages apart), topic. */
function hellos(bus: SealedBus): string[] {
  const heard: string[] = [];
  bus.on('hello', (from, body, topic) => heard.push(`${from.id} ${body.streams} ${topic}`));
  return heard;
}

const hello = (streams: number) => ({ ...info, streams });

describe('SealedBus: who is not one of us', () => {
  let recorded: { channel: string; text: string }[];
  beforeEach(() => {
    recorded = [];
    scene.hub.tap((channel, text) => recorded.push({ channel, text }));
  });

  const replay = async (message: { channel: string; text: string } | undefined, channel = message?.channel ?? '') => {
    scene.hub.inject(channel, message?.text ?? '');
    await settled();
  };

  it('a repeated message is refused', async () => {
    const [a, b] = [scene.node('a'), scene.node('b')];
    const heard = hellos(b);
    a.send(b.self, 'hello', info);
    await settled();
    await replay(recorded[0]);
    assert.equal(heard.length, 1);
    assert.equal(b.counts().refused.replayed, 1);
  });

  it('a message is good in its own channel only', async () => {
    const [a, b, c] = [scene.node('a'), scene.node('b'), scene.node('c')];
    const heard = hellos(c);
    a.send(b.self, 'hello', info);
    c.send(a.self, 'hello', info);
    await settled();
    await replay(recorded[0], recorded[1]?.channel.replace(/a$/, 'c'));
    assert.deepEqual(heard, []);
    assert.equal(c.counts().refused.foreign, 1);
  });

  it('a message for an earlier life is refused', async () => {
    const [a, b] = [scene.node('a'), scene.node('b')];
    a.send(b.self, 'hello', info);
    await settled();
    await b.close();
    const later = scene.node('b');
    const heard = hellos(later);
    await replay(recorded[0]);
    assert.deepEqual(heard, []);
    assert.equal(later.counts().refused.late, 1);
  });

  it('an earlier life of a node says nothing once a later one was heard', async () => {
    const [old, b] = [scene.node('a'), scene.node('b')];
    const later = scene.node('a');
    const heard = hellos(b);
    later.send(b.self, 'hello', hello(2));
    await settled();
    old.send(b.self, 'hello', hello(1));
    await settled();
    assert.deepEqual(heard, [`a 2 ${DIRECT}`]);
    assert.equal(b.counts().refused.replayed, 1);
  });

  it('what a node published before it was met is a hint (hello), or nothing', async () => {
    const [a, b] = [scene.node('a'), scene.node('b')];
    b.follow('x');
    const heard = hellos(b);
    let byes = 0;
    b.on('bye', () => byes++);
    a.publish('x', 'hello', info);
    a.publish('x', 'bye', {});
    await settled();
    assert.equal(heard.length, 1);
    assert.equal(byes, 0);
    assert.equal(b.counts().refused.unmet, 1);
    await scene.meet(a, b);
    const before = byes;
    // Recordings of before the meeting, although their numbers are new to b in that channel.
    await replay(recorded[0]);
    await replay(recorded[1]);
    assert.deepEqual([heard.length, byes], [1, before]);
    a.publish('x', 'bye', {});
    await settled();
    assert.equal(byes, before + 1);
  });

  it('nobody speaks in this node’s name', async () => {
    const a = scene.node('a');
    a.follow('x');
    const namesake = scene.node('a');
    const heard = hellos(a);
    namesake.publish('x', 'hello', info);
    await settled();
    assert.deepEqual(heard, []);
    assert.equal(a.counts().refused.foreign, 1);
  });

  it('another secret, another cluster on the same server: not understood, not heard', async () => {
    const a = scene.node('a');
    a.follow('x');
    const heard = hellos(a);
    const stranger = scene.node('b', { secret: OTHER_SECRET });
    const neighbour = scene.node('c', { cluster: 'other' });
    stranger.send(a.self, 'hello', info);
    neighbour.send(a.self, 'hello', info);
    stranger.publish('x', 'hello', info);
    await settled();
    assert.deepEqual(heard, []);
    assert.equal(a.counts().refused.foreign, 1);
  });
});

describe('SealedBus: changing the secret', () => {
  it('nodes understand each other at every step', async () => {
    const steps = [
      [{ secret: SECRET }, { secret: SECRET, previous: OTHER_SECRET }],
      [
        { secret: SECRET, previous: OTHER_SECRET },
        { secret: OTHER_SECRET, previous: SECRET },
      ],
      [{ secret: OTHER_SECRET, previous: SECRET }, { secret: OTHER_SECRET }],
    ] as const;
    for (const [one, two] of steps) {
      const [a, b] = [scene.node('a', one), scene.node('b', two)];
      const [atA, atB] = [hellos(a), hellos(b)];
      a.follow('x');
      b.follow('x');
      await scene.meet(a, b);
      a.publish('x', 'hello', info);
      b.publish('x', 'hello', info);
      await settled();
      assert.deepEqual([atA, atB], [['b 0 x'], ['a 0 x']]);
      await a.close();
      await b.close();
    }
  });
});
