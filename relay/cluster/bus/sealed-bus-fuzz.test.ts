/** Whatever somebody does who may write to the message server: nothing of it is taken, all of it is counted, nothing breaks. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { BusScene, info, OTHER_SECRET, SECRET, settled } from '../testing/bus-scene.ts';
import type { BusCounts } from './cluster-bus.ts';
import { ClusterKeys } from './cluster-keys.ts';
import { MAX_MESSAGE_BYTES } from './envelope.ts';
import type { SealedBus } from './sealed-bus.ts';
import { namespaceOf } from './sealed-bus.ts';
import { Sealer } from './sealer.ts';

interface Recorded {
  readonly channel: string;
  readonly text: string;
}

let scene: BusScene;
let a: SealedBus;
let b: SealedBus;
let heard: number[];
let recorded: Recorded[];
beforeEach(async () => {
  scene = new BusScene();
  [a, b] = [scene.node('a'), scene.node('b')];
  b.follow('x');
  await scene.meet(a, b);
  heard = [];
  b.on('hello', (_from, { streams }) => heard.push(streams));
  b.answer('meet', (_from, body) => body);
  recorded = [];
  scene.hub.tap((channel, text) => recorded.push({ channel, text }));
});
afterEach(() => scene.close());

const total = ({ taken, refused }: BusCounts) => taken + Object.values(refused).reduce((sum, count) => sum + count, 0);
const say = (streams: number) => {
  a.publish('x', 'hello', { ...info, streams });
  a.send(b.self, 'hello', { ...info, streams: streams + 1_000 });
};

/** How a recorded message comes back. */
const attack = fc.oneof(
  fc.record({ kind: fc.constant('again' as const) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(400) }),
  fc.record({ kind: fc.constant('grown' as const), tail: fc.string({ minLength: 1 }) }),
  fc.record({ kind: fc.constant('changed' as const), at: fc.nat(400), by: fc.integer({ min: 1, max: 63 }) }),
  fc.record({ kind: fc.constant('moved' as const) }),
  fc.record({ kind: fc.constant('joined' as const), other: fc.nat(9) }),
);

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function forge(what: typeof attack extends fc.Arbitrary<infer T> ? T : never, { channel, text }: Recorded): Recorded {
  const [head = '', key = '', body = ''] = text.split('.');
  const sealed = (changed: string) => `${head}.${key}.${changed}`;
  switch (what.kind) {
    case 'again':
      return { channel, text };
    case 'cut':
      return { channel, text: text.slice(0, what.at % text.length) };
    case 'grown':
      return { channel, text: text + what.tail };
    case 'changed': {
      // Not the last letter, of which a few bits say nothing.
      const at = what.at % (body.length - 1);
      const letter = LETTERS[(LETTERS.indexOf(body[at] ?? '') + what.by) % 64];
      return { channel, text: sealed(body.slice(0, at) + letter + body.slice(at + 1)) };
    }
    case 'moved':
      return { channel: channel.includes(':node:') ? channelOf('x') : `${namespaceOf('test')}node:b`, text };
    case 'joined':
      return { channel, text: sealed(body.slice(0, 40) + (recorded[what.other]?.text.split('.')[2] ?? '').slice(40)) };
  }
}

/** The channel of a topic, as nodes compute it. */
function channelOf(topic: string): string {
  return `${namespaceOf('test')}topic:${new ClusterKeys(SECRET).current.hash('topic', topic)}`;
}

const toB = ({ channel }: Recorded) => channel.endsWith(':node:b') || channel === channelOf('x');

describe('the bus, attacked by somebody who may read and write the message server', () => {
  it('takes no changed, cut, grown, joined, moved or repeated message', async () => {
    say(1);
    say(2);
    await settled();
    const originals = recorded.filter(toB);
    assert.equal(originals.length, 4);
    assert.deepEqual(heard, [1, 1_001, 2, 1_002]);
    let injected = 0;
    const before = total(b.counts());
    await fc.assert(
      fc.asyncProperty(fc.nat(3), attack, async (index, what) => {
        const original = originals[index];
        assert.ok(original);
        const forged = forge(what, original);
        injected += 1;
        scene.hub.inject(forged.channel, forged.text);
        await settled();
        assert.deepEqual(heard, [1, 1_001, 2, 1_002]);
        assert.equal(total(b.counts()), before + injected);
      }),
      { numRuns: 500 },
    );
    assert.equal(b.counts().failedHandlers, 0);
    say(3);
    await settled();
    assert.deepEqual(heard.slice(4), [3, 1_003]);
  });

  it('takes no text of any kind', async () => {
    const parts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      fc.json(),
      fc.constantFrom('', '.', 'p1', 'p1..', 'p2.'),
    );
    const key = new ClusterKeys(SECRET).current.id;
    const text = fc.oneof(
      parts,
      fc.tuple(parts, parts, parts).map((list) => list.join('.')),
      fc.base64String({ maxLength: 4_000 }).map((body) => `p1.${key}.${body.replace(/[+/=]/g, '_')}`),
    );
    const before = total(b.counts());
    let injected = 0;
    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), async (sent, direct) => {
        injected += 1;
        scene.hub.inject(direct ? `${namespaceOf('test')}node:b` : channelOf('x'), sent);
        await settled();
        assert.deepEqual(heard, []);
        assert.equal(total(b.counts()), before + injected);
      }),
      { numRuns: 500 },
    );
  });

  it('opens nothing that is longer than any message, and goes on after a flood', async () => {
    const body = 'A'.repeat(MAX_MESSAGE_BYTES);
    for (let i = 0; i < 50; i++) scene.hub.inject(channelOf('x'), `p1.${new ClusterKeys(SECRET).current.id}.${body}`);
    for (let i = 0; i < 5_000; i++) scene.hub.inject(channelOf('x'), 'p1.xxxxxxxx.AAAA');
    await settled();
    assert.equal(b.counts().refused.oversized, 50);
    say(1);
    await settled();
    assert.deepEqual(heard, [1, 1_001]);
  });

  it('whatever order, loss and repetition it chooses: each message at most once, and never after a later one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(19), { minLength: 1, maxLength: 60 }), async (order) => {
        const [sender, receiver] = [scene.node(`s${recorded.length}`), scene.node(`r${recorded.length}`)];
        await scene.meet(sender, receiver);
        const taken: number[] = [];
        const gaps: string[] = [];
        receiver.on('hello', (_from, { streams }) => taken.push(streams));
        receiver.onGap((_from, topic) => gaps.push(topic));
        receiver.follow('y');
        const start = recorded.length;
        scene.hub.drop = ({ from }) => from === sender.self.id;
        for (let i = 0; i < 20; i++) sender.publish('y', 'hello', { ...info, streams: i });
        await settled();
        scene.hub.drop = () => false;
        const messages = recorded.slice(start);
        for (const index of order) scene.hub.inject(messages[index]?.channel ?? '', messages[index]?.text ?? '');
        await settled();
        const expected = order.filter((index, place) => order.slice(0, place).every((earlier) => earlier < index));
        assert.deepEqual(taken, expected);
        const missing = expected.filter((index, place) => place > 0 && index !== (expected[place - 1] ?? 0) + 1);
        assert.equal(gaps.length, missing.length);
        await sender.close();
        await receiver.close();
      }),
      { numRuns: 60 },
    );
  });

  it('learns nothing from a request of its own, and no answer is taken that was not asked for', async () => {
    const stranger = scene.node('c', { secret: OTHER_SECRET });
    await assert.rejects(stranger.request(b.self, 'meet', info, 50), /did not answer/);
    const answer = a.request(b.self, 'meet', { ...info, streams: 7 }, 1_000);
    assert.equal((await answer).streams, 7);
    const answers = recorded.filter(({ channel }) => channel.endsWith(':node:a'));
    for (const { channel, text } of answers) scene.hub.inject(channel, text);
    await settled();
    assert.equal(a.counts().asked.answered, 1);
    assert.equal(a.counts().refused.replayed, answers.length);
  });
});

describe('the bus, of a node with the secret that is broken or newer', () => {
  it('takes nothing that is not as the protocol says', async () => {
    const sealer = new Sealer(new ClusterKeys(SECRET));
    const good = { from: 'z', epoch: 5, to: 'b', toEpoch: b.self.epoch, seq: 1, kind: 'hello', body: info };
    const wrong = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .tuple(fc.constantFrom(...Object.keys(good), 'id', 're', 'refusal', '__proto__', 'more'), fc.jsonValue())
        .map(([field, value]) => JSON.stringify({ ...good, [field]: value })),
      fc.jsonValue().map((body) => JSON.stringify({ ...good, body })),
      fc
        .constantFrom('constructor', 'toString', '__proto__', 'nothing')
        .map((kind) => JSON.stringify({ ...good, kind })),
    );
    const before = total(b.counts());
    let injected = 0;
    await fc.assert(
      fc.asyncProperty(wrong, async (text) => {
        injected += 1;
        const channel = `${namespaceOf('test')}node:b`;
        scene.hub.inject(channel, sealer.seal(channel, text));
        await settled();
        assert.equal(total(b.counts()), before + injected);
        assert.equal(b.counts().failedHandlers, 0);
      }),
      { numRuns: 500 },
    );
    assert.ok(b.counts().refused.malformed > 200);
    assert.ok(heard.every((streams) => Number.isInteger(streams)));
    assert.equal(({} as Record<string, unknown>).more, undefined);
  });
});
