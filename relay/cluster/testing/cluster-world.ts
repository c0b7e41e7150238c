/** Two nodes in the hands of chance, for model-based tests: pages that come, move and go, and a message server that is late, loses nodes, and freezes. */
import assert from 'node:assert/strict';
import { type PolicyFile, policyFile } from '../../policy/policy-schema.ts';
import { policyOf } from '../../policy/team-policy.ts';
import { Usage } from '../../policy/usage.ts';
import type { PayloadOf } from '../../protocol/messages.ts';
import type { Session } from '../../streams/session.ts';
import { FakeListenTransport } from '../../streams/testing/fake-media.ts';
import { FakeRemoteSource } from '../../streams/testing/fake-node-pipes.ts';
import type { Hearing } from '../../streams/testing/policy-oracle.ts';
import { admin, commercial, FakePeer, ShownList } from '../../streams/testing/scene.ts';
import type { Clock } from './clock.ts';
import { type ClusterNode, ClusterScene } from './cluster-scene.ts';

/** A page, and what a person sees there. */
export interface Page {
  readonly node: ClusterNode;
  readonly role: 'commercial' | 'admin';
  readonly session: Session;
  readonly peer: FakePeer;
  readonly shown: ShownList;
  starting: boolean;
  inbox: PayloadOf<'demand:changed'>[];
  unacknowledged: number[];
  /** Why an admin listens, as the page asked last. */
  purpose: string | null;
}

/** What a world may have besides. */
export interface WorldOptions {
  /** The policy that holds at first, at both nodes. */
  readonly policy?: PolicyFile;
  /** What must hold besides, of all who are heard at one home, by its policy. @throws when it does not */
  readonly judge?: (hearings: readonly Hearing[], policy: PolicyFile) => void;
}

/** Nodes, pages, and a message server. What must hold is looked at after every step. */
export class ClusterWorld {
  readonly clock: Clock;
  readonly scene: ClusterScene;
  readonly pages: Page[] = [];
  nodes: readonly ClusterNode[] = [];
  heard = 0;
  readonly #options: WorldOptions;
  /** By node. */
  readonly #policies = new Map<string, PolicyFile>();

  constructor(clock: Clock, options: WorldOptions = {}) {
    this.clock = clock;
    this.#options = options;
    const { policy } = options;
    this.scene = new ClusterScene({
      clock,
      session: { graceMs: 6_000, offlineKeepMs: 2_000 },
      ...(policy && {
        policyOf: (id: string) => {
          this.#policies.set(id, policy);
          const rules = { exists: true, tag: 'one', of: (team: string) => policyOf(this.#policyOf(id), team) };
          return { policy: rules, wall: clock.now, usage: new Usage({ steady: clock.now, wall: clock.now }) };
        },
      }),
    });
  }

  /** Another policy holds at this node from now on; the other one may be told later, or never. */
  reload(node: ClusterNode, policy: PolicyFile): void {
    this.#policies.set(node.id, policy);
    node.scene.registry.policyChanged();
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
      purpose: null,
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
      quietly(Promise.resolve().then(() => listening.select(session, 'cleo', true, page.purpose)));
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
    const byHome = new Map<Page, Hearing[]>();
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
        byHome.set(home, [...(byHome.get(home) ?? []), hearingOf(listener, home, stream?.id ?? '')]);
      }
    }
    for (const [home, hearings] of byHome) this.#options.judge?.(hearings, this.#policyOf(home.node.id));
  }

  #policyOf(node: string): PolicyFile {
    return this.#policies.get(node) ?? NO_RULES;
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
        { mirrors: 0, told: 0, wishes: 0, guests: 0, claims: 0, own: 0, whispers: 0 },
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

const NO_RULES = policyFile.parse({ version: 1 });

function hearingOf(listener: Page, home: Page, stream: string): Hearing {
  const { user, consent } = home.session;
  const admin = listener.session.user.id;
  return {
    commercial: user.id,
    equipe: user.role === 'commercial' ? user.equipe : '',
    stream,
    claimed: consent,
    admin,
    purpose: listener.purpose,
    shownPurpose: home.shown.purposeOf(admin),
  };
}

const quietly = (promise: Promise<unknown>): void => void promise.catch(() => undefined);

/** One thing that may happen. */
export type ClusterStep = (world: ClusterWorld, page: Page, choice: number) => void | Promise<void>;

/** Everything that may happen. */
export const CLUSTER_STEPS: Readonly<Record<string, ClusterStep>> = {
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
      page.purpose = null;
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
