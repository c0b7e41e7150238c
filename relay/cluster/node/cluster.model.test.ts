import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PayloadOf } from '../../protocol/messages.ts';
import type { Session } from '../../streams/session.ts';
import { FakeListenTransport } from '../../streams/testing/fake-media.ts';
import { FakeRemoteSource } from '../../streams/testing/fake-node-pipes.ts';
import { admin, commercial, FakePeer, ShownList } from '../../streams/testing/scene.ts';
import { Clock } from '../testing/clock.ts';
import { type ClusterNode, ClusterScene } from '../testing/cluster-scene.ts';

/** A page, and what a person sees there. */
interface Page {
  readonly node: ClusterNode;
  readonly role: 'commercial' | 'admin';
  readonly session: Session;
  readonly peer: FakePeer;
  readonly shown: ShownList;
  starting: boolean;
  inbox: PayloadOf<'demand:changed'>[];
  unacknowledged: number[];
}

/** Nodes, pages, and a message server that is late, loses nodes, and freezes. What must hold is looked at after every step. */
class World {
  readonly clock: Clock;
  readonly scene: ClusterScene;
  readonly pages: Page[] = [];
  nodes: readonly ClusterNode[] = [];
  heard = 0;

  constructor(clock: Clock) {
    this.clock = clock;
    this.scene = new ClusterScene({ clock, session: { graceMs: 6_000, offlineKeepMs: 2_000 } });
  }

  async start(): Promise<void> {
    this.nodes = await this.scene.start('a', 'b');
    for (const choice of [0, 1, 2, 3]) this.join(choice);
    await this.clock.advance(300);
  }

  join(choice: number): void {
    const node = this.nodes[choice % 2];
    if (!node || this.pages.length >= 8) return;
    const isCommercial = choice % 4 < 2;
    const id = isCommercial ? 'cleo' : (['ada', 'ben'][(choice >> 2) % 2] ?? 'ada');
    const user = isCommercial ? commercial(id) : admin(id, choice % 7 === 6 ? ['Sud'] : ['Nord']);
    const verified = { user, expiresAt: Date.now() + 3_600_000 };
    const { session } = node.scene.registry.registry.open(verified);
    const peer = new FakePeer();
    const page: Page = {
      node,
      role: user.role,
      session,
      peer,
      shown: new ShownList(),
      starting: false,
      inbox: [],
      unacknowledged: [],
    };
    peer.onDemand = () => void page.inbox.push(peer.last('demand:changed'));
    this.pages.push(page);
    session.attach(peer);
  }

  /** The page goes over to the other node: a second session, which goes on with what the first has, until that one is closed. */
  move(page: Page): void {
    const node = this.nodes.find((other) => other !== page.node);
    if (!node || page.session.ended || page.starting || this.pages.length >= 12) return;
    const { user } = page.session;
    const { session } = node.scene.registry.registry.open({ user, expiresAt: Date.now() + 3_600_000 }, page.session.id);
    const peer = new FakePeer();
    const moved: Page = { ...page, node, session, peer, shown: new ShownList(), inbox: [], unacknowledged: [] };
    peer.onDemand = () => void moved.inbox.push(peer.last('demand:changed'));
    this.pages.push(moved);
    session.attach(peer);
    const { publishing, listening } = node.scene.registry;
    if (page.role === 'admin') {
      quietly(listening.connect(session, 'connect').then(() => listening.answer(session, 'an answer')));
      const hears = [...(page.node.scene.registry.find('cleo')?.listeners.values() ?? [])];
      if (!hears.some(({ admin }) => admin.id === user.id)) return;
      quietly(Promise.resolve().then(() => listening.select(session, 'cleo', true)));
    } else if (page.node.scene.registry.publishing.streamOf('cleo')?.session === page.session) {
      moved.starting = true;
      quietly(
        publishing
          .offer(session, 'connect', 'an offer')
          .then(() => publishing.start(session, true))
          .finally(() => {
            moved.starting = false;
          }),
      );
    }
  }

  deliver(page: Page): void {
    const next = page.inbox.shift();
    if (next && page.shown.show(next)) page.unacknowledged.push(next.version);
  }

  acknowledge(page: Page): void {
    const version = page.unacknowledged.pop();
    page.unacknowledged = [];
    if (version !== undefined && !page.session.ended) page.node.scene.registry.publishing.seen(page.session, version);
  }

  /** Whoever hears somebody of another node, by a pipe that stands at its home, is shown there, and nothing is paused. */
  check(): void {
    for (const listener of this.pages) {
      if (listener.role !== 'admin') continue;
      for (const transport of listener.node.scene.media.listening) {
        if (!(transport instanceof FakeListenTransport) || transport.state === 'closed') continue;
        if (listener.session.links.listen?.hearing !== transport.hearing || !transport.hearing) continue;
        const source = transport.hearing;
        const home = this.#homeOf(listener, source.id, source instanceof FakeRemoteSource);
        if (!home) continue;
        this.heard += 1;
        const stream = home.node.scene.registry.publishing.streamOf('cleo');
        assert.equal(stream?.session, home.session, 'what is heard belongs to a stream that has ended');
        assert.ok(!stream?.paused, 'a paused stream is heard');
        assert.ok(home.shown.has(listener.session.user.id), `${listener.session.user.id} is heard by nobody’s leave`);
      }
    }
  }

  /** The page whose microphone is really passed on to this listener. */
  #homeOf(listener: Page, sourceId: string, isRemote: boolean): Page | null {
    for (const page of this.pages) {
      if (page.role !== 'commercial' || (page.node === listener.node) === isRemote) continue;
      const source = page.node.scene.media.publishing.find((transport) => transport.source?.id === sourceId)?.source;
      const stream = page.node.scene.registry.publishing.streamOf('cleo');
      if (!source || source.closed || stream?.session !== page.session || stream.audible?.id !== sourceId) continue;
      if (
        !isRemote ||
        page.node.pipes.given.some(({ node, source: given }) => node === listener.node.id && given === source)
      )
        return page;
    }
    return null;
  }

  async end(): Promise<void> {
    for (const node of this.nodes) this.scene.buses.hub.heal(node.id);
    this.scene.buses.hub.thaw();
    this.scene.buses.hub.delay = () => 0;
    await this.clock.advance(8_000);
    for (const { session, peer } of this.pages) session.detach(peer);
    await this.clock.advance(30_000);
    for (const { cluster, pipes, scene } of this.nodes) {
      assert.deepEqual(
        cluster.gauges(),
        { mirrors: 0, told: 0, wishes: 0, guests: 0, claims: 0, own: 0 },
        'something is left behind',
      );
      assert.deepEqual(pipes.gauges(), { links: 0, given: 0, copies: 0 });
      const { sessions, streams, listeners, commercials } = scene.registry.gauges();
      assert.deepEqual(
        { sessions, streams, listeners, commercials },
        { sessions: 0, streams: 0, listeners: 0, commercials: 0 },
      );
    }
    await this.scene.close();
  }
}

const quietly = (promise: Promise<unknown>): void => void promise.catch(() => undefined);

const STEPS: Record<string, (world: World, page: Page, choice: number) => void | Promise<void>> = {
  join: (world, _page, choice) => world.join(choice),
  goLive: (_world, page, choice) => {
    if (page.role !== 'commercial') return;
    const { publishing } = page.node.scene.registry;
    // A page that is live, or is just starting, has no button to go live.
    if (page.starting || publishing.streamOf('cleo')?.session === page.session) return;
    page.starting = true;
    page.shown.clear();
    quietly(
      publishing
        .offer(page.session, 'connect', 'an offer')
        .then(() => publishing.start(page.session, choice % 5 === 0))
        .finally(() => {
          page.starting = false;
        }),
    );
  },
  stop: (_world, page) => {
    if (page.role === 'commercial') page.node.scene.registry.publishing.stop(page.session);
  },
  pause: (_world, page, choice) => {
    if (page.role === 'commercial') quietly(page.node.scene.registry.publishing.pause(page.session, choice % 2 === 0));
  },
  tune: (_world, page, choice) => {
    if (page.role !== 'admin' || page.session.ended) return;
    const { listening } = page.node.scene.registry;
    try {
      listening.select(page.session, 'cleo', choice % 4 === 3);
    } catch {
      // Refused, as another page may have it.
    }
  },
  connectEar: (_world, page) => {
    if (page.role !== 'admin') return;
    const { listening } = page.node.scene.registry;
    quietly(listening.connect(page.session, 'connect').then(() => listening.answer(page.session, 'an answer')));
  },
  leave: (_world, page) => {
    if (page.role === 'admin') page.node.scene.registry.listening.stop(page.session);
  },
  deliver: (world, page) => world.deliver(page),
  acknowledge: (world, page) => world.acknowledge(page),
  arriveAll: (world) => {
    for (const page of world.pages) {
      while (page.inbox.length > 0) world.deliver(page);
      world.acknowledge(page);
    }
  },
  move: (world, page) => world.move(page),
  close: (_world, page) => page.session.end('refused'),
  cutOff: (world, _page, choice) => world.scene.buses.hub.cutOff(choice % 2 === 0 ? 'a' : 'b'),
  heal: (world) => {
    for (const { id } of world.nodes) world.scene.buses.hub.heal(id);
  },
  freeze: (world) => world.scene.buses.hub.freeze(),
  thaw: (world) => world.scene.buses.hub.thaw(),
  late: (world, _page, choice) => {
    world.scene.buses.hub.delay = () => [0, 0, 30, 400][choice % 4] ?? 0;
  },
  wait: (world, _page, choice) => world.clock.advance([50, 150, 400, 1_500, 6_000][choice % 5] ?? 0),
};

const WEIGHTS: Record<string, number> = {
  goLive: 6,
  tune: 6,
  move: 4,
  connectEar: 6,
  arriveAll: 10,
  deliver: 5,
  acknowledge: 4,
  wait: 14,
  heal: 3,
  thaw: 3,
};

const step = fc.record({
  what: fc.oneof(...Object.keys(STEPS).map((name) => ({ arbitrary: fc.constant(name), weight: WEIGHTS[name] ?? 1 }))),
  page: fc.nat(11),
  choice: fc.nat(19),
});

test('in any order of events over two nodes nobody is heard unseen or paused, and nothing is left at either', async (t) => {
  // One clock for all runs: timers that are let go after the end of a run must not be taken for those of the next.
  const clock = new Clock();
  t.after(() => clock.stop());
  let heard = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
      const world = new World(clock);
      await world.start();
      for (const { what, page: chosen, choice } of steps) {
        const page = world.pages[chosen % world.pages.length];
        if (page) await STEPS[what]?.(world, page, choice);
        world.check();
        await new Promise((resolve) => setImmediate(resolve));
        world.check();
      }
      heard += world.heard;
      await world.end();
    }),
    { numRuns: 60 },
  );
  assert.ok(heard > 100, `somebody was heard only ${heard} times: the runs prove little`);
});
