import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Cluster } from '../../../relay/cluster/cluster.ts';
import type { SessionUser } from '../../../relay/protocol/messages.ts';
import type { Session } from '../../../relay/streams/session.ts';
import { StreamRegistry } from '../../../relay/streams/stream-registry.ts';
import { FakeMedia } from '../../../relay/streams/testing/fake-media.ts';
import { FakeNodePipes } from '../../../relay/streams/testing/fake-node-pipes.ts';
import { admin, commercial, limitsConfig, sessionConfig } from '../../../relay/streams/testing/scene.ts';
import {
  LEVEL_EVERY_MS,
  type Mark,
  PAUSE_EVERY_MS,
  type Share,
  SPEAKING_MS,
  SWITCH_EVERY_MS,
  sharedNow,
} from './plan.ts';
import { SimAdmin, SimCommercial } from './sim-pages.ts';

/** How many go live or come to watch at the same time. */
const AT_ONCE = 50;
const EVERYBODY = 1_000_000;
/** What people do is spread over time in slices of so many milliseconds. */
const SLICE_MS = 50;
/** How loud who speaks is. */
const LEVELS = [1, 2, 3, 4] as const;
const SLICES_OF_A_LEVEL = LEVEL_EVERY_MS / SLICE_MS;

/** One node: the relay’s streams and its side of the cluster as they are, with pages and media that are none. */
export class SimNode {
  readonly index: number;
  readonly made: Mark[] = [];
  readonly seen: (readonly [node: number, ...mark: Mark])[] = [];
  readonly heardMs: number[] = [];
  readonly #share: Share;
  readonly #cluster: Cluster;
  readonly #registry: StreamRegistry;
  readonly #commercials: SimCommercial[] = [];
  readonly #admins: SimAdmin[] = [];

  private constructor(index: number, share: Share, cluster: Cluster, registry: StreamRegistry) {
    this.index = index;
    this.#share = share;
    this.#cluster = cluster;
    this.#registry = registry;
  }

  static async join(index: number, share: Share): Promise<SimNode> {
    const logger = pino({ level: 'silent' });
    const pipes = new FakeNodePipes();
    let registry: StreamRegistry | null = null;
    const cluster = await Cluster.join({
      config: {
        redis: {
          kind: 'single',
          hosts: [{ host: '127.0.0.1', port: share.redisPort }],
          tls: false,
          username: null,
          password: null,
          database: 0,
          sentinel: null,
        },
        name: 'simulation',
        secret: share.secret,
        previousSecret: null,
        nodeId: `n${index}`,
        pipeAddress: '127.0.0.1',
        pipePorts: { first: 1, last: 1 },
        nodeUrl: null,
        drainMs: 0,
      },
      relayVersion: '0.0.0',
      pipes,
      logger,
      graceMs: sessionConfig.graceMs,
      state: () => ({
        draining: false,
        streams: registry?.activeStreams() ?? 0,
        listeners: registry?.totalListeners() ?? 0,
        load: 0,
      }),
      onTaken: (error) => {
        throw error;
      },
    });
    const media = new FakeMedia();
    media.nodePipes = pipes;
    registry = new StreamRegistry({
      media,
      session: sessionConfig,
      limits: { ...limitsConfig, maxStreams: EVERYBODY, maxListeners: EVERYBODY },
      logger,
      audit: { record: () => undefined },
      nodeId: `n${index}`,
      elsewhere: cluster.elsewhere,
      // As over sockets: what several pages are told is written once.
      notifyAll: (peers, name, payload) => {
        JSON.stringify(payload);
        for (const peer of peers) peer.notify(name, payload);
      },
    });
    const node = new SimNode(index, share, cluster, registry);
    cluster.start(registry);
    return node;
  }

  get peers(): number {
    return this.#cluster.gauges().peers;
  }

  get messages(): { taken: number; published: number; failed: number } {
    const { taken, refused, gaps, transport } = this.#cluster.gauges().bus;
    const lost = Object.values(refused).reduce((sum, count) => sum + count, gaps + transport.failed);
    return { taken, published: transport.published, failed: lost };
  }

  async goLive(): Promise<void> {
    const { plan } = this.#share;
    const first = this.index * plan.commercials;
    await inTurns(plan.commercials, async (index) => {
      const number = first + index;
      const session = this.#open(commercial(`c${number}`, `team ${number % plan.teams}`, `Commercial ${number}`));
      const page = new SimCommercial(number, session, this.#registry);
      session.attach(page);
      await this.#registry.publishing.offer(session, 'connect', 'an offer');
      await this.#registry.publishing.start(session);
      this.#commercials.push(page);
    });
  }

  async watch(): Promise<void> {
    const { plan } = this.#share;
    await inTurns(plan.admins, async (index) => {
      const number = index * plan.nodes + this.index;
      const team = number % plan.teams;
      const session = this.#open(admin(`a${number}`, [`team ${team}`], `Admin ${number}`));
      const page = new SimAdmin(team, session, {
        heard: (ms) => void this.heardMs.push(ms),
        row: (id, status) => void this.seen.push([this.index, Number(id.slice(1)), status, sharedNow()]),
      });
      session.attach(page);
      await this.#registry.listening.connect(session, 'connect');
      await this.#registry.listening.answer(session, 'an answer');
      this.#admins.push(page);
    });
    for (const page of this.#admins) this.#select(page);
  }

  /** People do what people do until the time is over, a little of it in each slice of time. */
  async run(seconds: number): Promise<void> {
    this.made.length = 0;
    this.seen.length = 0;
    this.heardMs.length = 0;
    const end = performance.now() + seconds * 1_000;
    await sleep(Math.random() * SLICE_MS);
    for (let slice = 0; performance.now() < end; slice += 1) {
      this.#speak(slice);
      for (const page of some(this.#admins, SLICE_MS / SWITCH_EVERY_MS)) this.#select(page);
      for (const page of some(this.#commercials, SLICE_MS / PAUSE_EVERY_MS)) void this.#pause(page);
      await sleep(SLICE_MS);
    }
  }

  async close(): Promise<void> {
    this.#registry.close();
    await this.#cluster.close();
  }

  #open(user: SessionUser): Session {
    return this.#registry.registry.open({ user, expiresAt: Date.now() + 86_400_000 }).session;
  }

  #speak(slice: number): void {
    const now = performance.now();
    for (const page of this.#commercials) {
      if (!page.isHeard || page.paused || (page.number + slice) % SLICES_OF_A_LEVEL !== 0) continue;
      // Half of the time, each at other times than the others.
      const speaks = Math.floor(now / SPEAKING_MS + page.number * 0.37) % 2 === 0;
      this.#registry.publishing.voice(page.session, speaks ? (LEVELS[(page.number + slice) % LEVELS.length] ?? 0) : 0);
    }
  }

  #select(page: SimAdmin): void {
    const { plan } = this.#share;
    const members = Math.floor((plan.nodes * plan.commercials) / plan.teams);
    const number = page.team + plan.teams * Math.floor(Math.random() * members);
    const isHere = Math.floor(number / plan.commercials) === this.index;
    page.selecting(`c${number}`, isHere);
    this.#registry.listening.select(page.session, `c${number}`);
  }

  async #pause(page: SimCommercial): Promise<void> {
    page.paused = !page.paused;
    this.made.push([page.number, page.paused ? 'paused' : 'live', sharedNow()]);
    await this.#registry.publishing.pause(page.session, page.paused);
  }
}

async function inTurns(count: number, each: (index: number) => Promise<void>): Promise<void> {
  for (let first = 0; first < count; first += AT_ONCE) {
    const turn = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, index) => each(first + index));
    await Promise.all(turn);
  }
}

/** So great a share of them, on average, by chance. */
function some<T>(all: readonly T[], share: number): T[] {
  const count = Math.floor(all.length * share + Math.random());
  return Array.from({ length: count }, () => all[Math.floor(Math.random() * all.length)]).filter(
    (one) => one !== undefined,
  );
}
