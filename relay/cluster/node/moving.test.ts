import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { FakeRemoteSource } from '../../streams/testing/fake-node-pipes.ts';
import { admin, commercial, type FakePage, settle } from '../../streams/testing/scene.ts';
import { Clock } from '../testing/clock.ts';
import { type ClusterNode, ClusterScene } from '../testing/cluster-scene.ts';
import { HANDOVER_MS } from './claim-book.ts';

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

/** The same page at another node: a second session, while the first one goes on. */
function follow(page: FakePage, to: ClusterNode): FakePage {
  return to.scene.join(page.session.user, page.session);
}

/** As the widgets do: negotiated there, then the stream goes on there. */
async function goOn(page: FakePage, at: ClusterNode): Promise<void> {
  const { publishing } = at.scene.registry;
  await publishing.offer(page.session, 'connect', 'an offer');
  await publishing.start(page.session, true);
}

async function listen(at: ClusterNode, id: string): Promise<FakePage> {
  const page = await at.scene.listening(admin(id));
  at.scene.registry.listening.select(page.session, 'cleo');
  return page;
}

/** Whose audio this page is sent: the node at which the commercial's page has sent it; null: nobody's. */
function heardFrom(page: FakePage, at: ClusterNode): string | null {
  const source = page.session.links.listen?.hearing;
  if (!source || source.closed) return null;
  if (!(source instanceof FakeRemoteSource)) return at.id;
  const home = scene.nodes.find(({ id }) => id === source.node);
  const isGiven = home?.pipes.given.some((given) => given.node === at.id && given.source.id === source.id);
  return isGiven ? source.node : null;
}

describe('a commercial’s page goes over to another node', () => {
  it('and everybody hears the old stream until the page has acknowledged them for the new one, then only that', async () => {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    const old = await a.scene.live(commercial('cleo'));
    const listeners = [await listen(a, 'ada'), await listen(b, 'ben'), await listen(c, 'cora')] as const;
    const heard = (): (string | null)[] =>
      listeners.map((page, index) => heardFrom(page, [a, b, c][index] ?? assert.fail()));
    await rest();
    assert.deepEqual(heard(), ['a', 'a', 'a']);

    const page = follow(old, b);
    let acknowledge = (): void => assert.fail('nothing to acknowledge');
    const { onDemand } = page.peer;
    page.peer.onDemand = (version) => {
      acknowledge = () => onDemand(version);
    };
    await rest();
    await goOn(page, b);
    await rest();
    assert.deepEqual(page.peer.listeners.map(({ id }) => id).sort(), ['ada', 'ben', 'cora']);
    assert.deepEqual(heard(), ['a', 'a', 'a'], 'the new one was heard before it was shown, or the old one ended');
    assert.equal(old.peer.all('stream:ended').length, 0);

    acknowledge();
    await settle();
    await rest();
    assert.deepEqual(heard(), ['b', 'b', 'b']);
    old.session.end('refused');
    await rest();
    assert.deepEqual(heard(), ['b', 'b', 'b']);
    assert.deepEqual([a.given, [...b.given].sort()], [[], ['a', 'c']]);
    for (const listener of listeners) {
      const statuses = listener.peer.all('listen:changed').map(({ status }) => status);
      assert.ok(!statuses.slice(1).some((status) => status === 'interrupted'), String(statuses));
    }
  });

  it('and the stream and who goes over too are counted once, where they are now', async () => {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    const old = await a.scene.live(commercial('cleo'));
    const ada = await listen(a, 'ada');
    await rest();
    const counts = (): number[][] =>
      [a, b, c].map(({ scene: { registry } }) => [registry.activeStreams(), registry.totalListeners()]);
    assert.deepEqual(counts(), [
      [1, 1],
      [0, 0],
      [0, 0],
    ]);
    const page = follow(old, b);
    await goOn(page, b);
    await rest();
    assert.equal(a.scene.registry.publishing.size, 1, 'it goes on here too');
    assert.deepEqual(counts(), [
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
    const adaNow = follow(ada, c);
    await c.scene.registry.listening.connect(adaNow.session, 'connect');
    await c.scene.registry.listening.answer(adaNow.session, 'an answer');
    c.scene.registry.listening.select(adaNow.session, 'cleo', true);
    await rest();
    assert.deepEqual(counts(), [
      [0, 0],
      [1, 0],
      [0, 1],
    ]);
    // And once more, back to where it came from, before anybody has let go.
    const back = follow(page, a);
    old.session.end('refused');
    await goOn(back, a);
    await rest();
    assert.deepEqual(counts(), [
      [1, 0],
      [0, 0],
      [0, 1],
    ]);
    await clock.advance(HANDOVER_MS + 500);
    assert.deepEqual(counts(), [
      [1, 0],
      [0, 0],
      [0, 1],
    ]);
    assert.equal(b.scene.registry.publishing.size, 0);
    assert.equal(heardFrom(adaNow, c), 'a');
  });

  it('and the old stream ends by itself when the page does not let go of it', async () => {
    const [a, b] = await scene.start('a', 'b');
    const ada = await listen(a, 'ada');
    const old = await a.scene.live(commercial('cleo'));
    await rest();
    const page = follow(old, b);
    await goOn(page, b);
    await clock.advance(HANDOVER_MS - 500);
    assert.equal(a.scene.registry.publishing.size, 1);
    await clock.advance(1_000);
    assert.equal(a.scene.registry.publishing.size, 0);
    assert.equal(old.peer.last('stream:ended').reason, 'replaced');
    assert.equal(heardFrom(ada, a), 'b');
    const ends = a.scene.trail.filter(({ event }) => event === 'stream_ended').map((entry) => Object(entry).cause);
    assert.deepEqual(ends, ['replaced']);
  });

  it('and a pause there is in force for everybody who hears the new stream', async () => {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    const old = await a.scene.live(commercial('cleo'));
    const cora = await listen(c, 'cora');
    await rest();
    const page = follow(old, b);
    await goOn(page, b);
    await rest();
    assert.equal(heardFrom(cora, c), 'b');
    await b.scene.registry.publishing.pause(page.session, true);
    await rest();
    assert.equal(heardFrom(cora, c), null);
    assert.equal(cora.peer.last('listen:changed').status, 'paused');
  });

  it('and another page of the same person, newer than both, takes over from both', async () => {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    const old = await a.scene.live(commercial('cleo'));
    const page = follow(old, b);
    await goOn(page, b);
    await rest();
    const other = await c.scene.live(commercial('cleo'));
    await clock.advance(HANDOVER_MS + 500);
    assert.deepEqual(
      [a, b, c].map((node) => node.scene.registry.publishing.size),
      [0, 0, 1],
    );
    assert.equal(page.peer.last('stream:ended').reason, 'replaced');
    assert.equal(other.peer.all('stream:ended').length, 0);
  });
});

describe('while the new node’s audio is not there yet', () => {
  /** Cora hears Cleo at a from c; Cleo has gone on at b, where it takes until `answer` to pass audio on. */
  async function held() {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    const old = await a.scene.live(commercial('cleo'));
    const cora = await listen(c, 'cora');
    await rest();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => undefined);
    b.pipes.gate = promise;
    const page = follow(old, b);
    await goOn(page, b);
    await rest();
    assert.deepEqual(
      page.peer.listeners.map(({ id }) => id),
      ['cora'],
    );
    assert.equal(heardFrom(cora, c), 'a', 'the old one was ended before the new one was there');
    return { a, b, c, old, cora, page, answer: resolve, fail: reject };
  }

  it('the old stream is heard, and then the new one in its place: once each, the audit trail says', async () => {
    const { a, b, c, old, cora, page, answer } = await held();
    answer();
    await rest();
    assert.equal(heardFrom(cora, c), 'b');
    assert.deepEqual([a.given, b.given], [[], ['c']]);
    const streams: (string | undefined)[] = [a, b].map((node) => node.scene.registry.find('cleo')?.stream?.id);
    const told = c.scene.trail.flatMap((entry) =>
      'hearing' in entry ? [[entry.event, streams.indexOf(entry.stream), Object(entry).cause]] : [],
    );
    assert.deepEqual(told, [
      ['hearing_began', 0, undefined],
      ['hearing_ended', 0, 'stream_replaced'],
      ['hearing_began', 1, undefined],
    ]);
    assert.equal(cora.peer.last('listen:changed').status, 'live');
    old.session.end('refused');
    page.session.end('refused');
  });

  it('the old stream goes on when it cannot be had, and it is asked for again', async () => {
    const { b, c, cora, fail } = await held();
    fail(new Error('no descriptor'));
    await rest();
    assert.equal(heardFrom(cora, c), 'a');
    assert.equal(cora.peer.last('listen:changed').status, 'live');
    b.pipes.gate = Promise.resolve();
    await clock.advance(1_500);
    assert.equal(heardFrom(cora, c), 'b');
  });

  it('the old stream ends at once when its page stops it', async () => {
    const { a, c, old, cora, answer } = await held();
    a.scene.registry.publishing.stop(old.session);
    await settle();
    await rest();
    assert.equal(heardFrom(cora, c), null);
    answer();
    await rest();
    assert.equal(heardFrom(cora, c), 'b');
  });

  it('nothing is heard of either by an admin who may no longer', async () => {
    const { a, b, c, cora, answer } = await held();
    cora.session.refresh({ user: admin('cora', ['Sud']), expiresAt: Date.now() + 3_600_000 });
    assert.equal(heardFrom(cora, c), null, 'for a moment');
    answer();
    await rest();
    assert.equal(heardFrom(cora, c), null);
    assert.deepEqual([a.given, b.given], [[], []]);
  });

  it('a pause at the new node ends the old stream too', async () => {
    const { b, c, cora, page, answer } = await held();
    await b.scene.registry.publishing.pause(page.session, true);
    await rest();
    assert.equal(heardFrom(cora, c), null);
    answer();
    await rest();
    assert.equal(heardFrom(cora, c), null);
  });

  it('another commercial is heard at once by who chooses them', async () => {
    const { b, c, cora, answer } = await held();
    const cato = await c.scene.live(commercial('cato'));
    c.scene.registry.listening.select(cora.session, 'cato');
    await rest();
    assert.equal(heardFrom(cora, c), 'c');
    answer();
    await rest();
    assert.equal(heardFrom(cora, c), 'c');
    assert.deepEqual(b.given, []);
    cato.session.end('refused');
  });

  it('what the admin’s page loses of its media is the new stream when it comes back', async () => {
    const { c, cora, answer } = await held();
    c.scene.media.listen().lose('transport_failed');
    assert.equal(heardFrom(cora, c), null);
    await c.scene.registry.listening.connect(cora.session, 'connect');
    await c.scene.registry.listening.answer(cora.session, 'an answer');
    answer();
    await rest();
    assert.equal(heardFrom(cora, c), 'b');
  });
});

describe('an admin’s page goes over to another node', () => {
  it('hears there before it is let go here, and never leaves the commercial’s list', async () => {
    const [a, b, c] = await scene.start('a', 'b', 'c');
    const cleo = await c.scene.live(commercial('cleo'));
    const old = await listen(a, 'ada');
    await rest();
    assert.equal(heardFrom(old, a), 'c');
    const told = cleo.peer.all('demand:changed').length;

    const page = follow(old, b);
    const { listening } = b.scene.registry;
    await listening.connect(page.session, 'connect');
    await listening.answer(page.session, 'an answer');
    listening.select(page.session, 'cleo', true);
    await rest();
    assert.deepEqual([heardFrom(old, a), heardFrom(page, b)], ['c', 'c']);
    assert.equal(old.peer.all('listen:ended').length, 0);

    a.scene.registry.listening.stop(old.session);
    old.session.end('refused');
    await rest();
    assert.equal(heardFrom(page, b), 'c');
    assert.deepEqual(c.given, ['b']);
    await clock.advance(HANDOVER_MS);
    assert.equal(heardFrom(page, b), 'c');
    assert.equal(cleo.peer.all('demand:changed').length, told, 'the commercial’s page was told of something');
  });

  it('and is let go of by its old node when it does not come to it', async () => {
    const [a, b] = await scene.start('a', 'b');
    await b.scene.live(commercial('cleo'));
    const old = await listen(a, 'ada');
    await rest();
    const page = follow(old, b);
    b.scene.registry.listening.select(page.session, 'cleo', true);
    await clock.advance(HANDOVER_MS + 500);
    assert.equal(old.peer.last('listen:ended').reason, 'replaced');
    assert.equal(heardFrom(old, a), null);
  });

  it('while the commercial’s page goes over too, in either order', async () => {
    for (const order of [0, 1]) {
      const [a, b, c] = await scene.start(`a${order}`, `b${order}`, `c${order}`);
      const cleo = await a.scene.live(commercial('cleo'));
      const ada = await listen(a, 'ada');
      await rest();
      const moves = [
        () => goOn(follow(cleo, b), b),
        async () => {
          const page = follow(ada, c);
          await c.scene.registry.listening.connect(page.session, 'connect');
          await c.scene.registry.listening.answer(page.session, 'an answer');
          c.scene.registry.listening.select(page.session, 'cleo', true);
          newPage = page;
        },
      ];
      let newPage = ada;
      for (const move of order === 0 ? moves : moves.reverse()) await move();
      await rest();
      cleo.session.end('refused');
      ada.session.end('refused');
      await rest();
      assert.equal(heardFrom(newPage, c), b.id);
      for (const node of [a, b, c]) for (const session of node.scene.registry.registry) session.end('refused');
      await rest();
    }
  });
});
