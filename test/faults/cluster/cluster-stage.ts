import type { Browser } from 'puppeteer-core';
import type { AdminPerson, CommercialPerson } from '../../../demo/server/people.ts';
import { launchBrowser } from '../../harness/browser.ts';
import { ClusterSystem, type ClusterSystemOptions } from '../../harness/cluster/cluster-system.ts';
import type { NodeName } from '../../harness/cluster/haproxy.ts';
import { landOn } from '../../harness/cluster/landing.ts';
import type { RelayNode } from '../../harness/cluster/relay-node.ts';
import { AdminPage, CommercialPage, type Prepare } from '../../harness/person-page.ts';
import { READING_FILE } from '../../harness/voices.ts';
import { waitUntil } from '../../harness/wait.ts';

/** What is read of a node, by the end of the metric's name. */
export type NodeFigure = 'streams' | 'listeners' | 'sessions' | 'consumers' | 'cluster_peers' | 'cluster_redis_up';

/** One cluster and one browser with the reading as its microphone, shared by all cases; each case leaves them as it found them. */
export class ClusterStage {
  readonly system: ClusterSystem;
  readonly #browser: Browser;
  #second: Browser | null = null;
  readonly #cuts: (() => void)[] = [];
  readonly #pages = new Set<CommercialPage | AdminPage>();

  private constructor(system: ClusterSystem, browser: Browser) {
    this.system = system;
    this.#browser = browser;
  }

  /** @throws Error with the log of what did not start */
  static async start(options: ClusterSystemOptions = {}): Promise<ClusterStage> {
    const system = await ClusterSystem.start({ ownWaysToRedis: true, ...options });
    try {
      return new ClusterStage(system, await launchBrowser({ microphone: READING_FILE }));
    } catch (error) {
      await system.close();
      throw error;
    }
  }

  get nodes(): readonly RelayNode[] {
    return this.system.cluster.nodes;
  }

  /** One relay. */
  node(name: NodeName): RelayNode {
    return this.system.cluster.node(name);
  }

  /** A commercial's page that lands on this relay, and is live. The voice is the reading. @param prepare before it is opened */
  async live(person: CommercialPerson, node: NodeName, prepare?: Prepare): Promise<CommercialPage> {
    return this.#live(this.#browser, person, node, prepare);
  }

  /** The same with the second voice. */
  async liveWithSecondVoice(person: CommercialPerson, node: NodeName): Promise<CommercialPage> {
    this.#second ??= await launchBrowser({ microphone: this.system.secondVoiceFile });
    return this.#live(this.#second, person, node);
  }

  /** An admin's page that lands on this relay. @param prepare before it is opened */
  async admin(person: AdminPerson, node: NodeName, prepare?: Prepare): Promise<AdminPage> {
    const page = await AdminPage.open(this.#browser, this.system, person, landing(node, prepare));
    this.#pages.add(page);
    await page.waitForState('ready');
    return page;
  }

  /** A person leaves a page, with its goodbye. */
  async leave(page: CommercialPage | AdminPage): Promise<void> {
    this.#pages.delete(page);
    await page.close();
  }

  /** Nothing passes between a relay and Redis, until the returned function is called or the case is over. */
  cutFromRedis(node: NodeName): () => void {
    const way = this.system.cluster.waysToRedis.get(node);
    if (!way) throw new Error(`Relay ${node} has no way to Redis of its own.`);
    const bringBack = way.goDown();
    this.#cuts.push(bringBack);
    return bringBack;
  }

  /** Sum of a figure over the relays that run and answer. */
  async total(name: NodeFigure): Promise<number> {
    const running = this.nodes.filter(({ pid }) => pid !== undefined);
    const figures = await Promise.all(running.map((node) => this.figure(node.name, name)));
    return figures.reduce((sum, figure) => sum + figure, 0);
  }

  /** A figure of a relay's own metrics. @throws Error when it has none of this name */
  async figure(node: NodeName, name: NodeFigure): Promise<number> {
    return this.#metric(node, `prospect_relay_${name}`);
  }

  /** Pipes of a relay: sources that it passes on (`given`), or copies of others' sources there. */
  async pipes(node: NodeName, kind: 'given' | 'copies' | 'links'): Promise<number> {
    return this.#metric(node, `prospect_relay_cluster_pipes{kind="${kind}"}`);
  }

  /** Everything that pages complained about since the last case, but for lost connections, which are what the cases are about. */
  problems(): string[] {
    const all = [...this.#pages].flatMap(({ problems }) => problems);
    return all.filter((problem) => !/WebSocket connection to|net::ERR_|status of 50\d/.test(problem));
  }

  /** Leaves all pages, brings back what was ended or held, and waits until every relay is empty and knows the others. */
  async reset(): Promise<void> {
    for (const bringBack of this.#cuts.splice(0)) bringBack();
    const { redis, haproxy } = this.system.cluster;
    redis.thaw();
    await redis.restart();
    await haproxy.restart();
    for (const node of this.nodes) {
      if (node.pid !== undefined) await node.thaw();
      await node.start();
    }
    await Promise.all([...this.#pages].map((page) => this.leave(page)));
    for (const { name } of this.nodes) await this.#untilQuiet(name);
    for (const { name } of this.nodes) await this.system.cluster.untilNamed(name);
    await this.system.cluster.untilReady();
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.#browser.close();
    await this.#second?.close();
    await this.system.close();
  }

  async #live(browser: Browser, person: CommercialPerson, node: NodeName, prepare?: Prepare): Promise<CommercialPage> {
    const page = await CommercialPage.open(browser, this.system, person, landing(node, prepare));
    this.#pages.add(page);
    await page.goLive();
    return page;
  }

  async #metric(node: NodeName, name: string): Promise<number> {
    const value = (await this.node(node).metrics()).get(name);
    if (value === undefined) throw new Error(`Relay ${node} has no metric ${name}.`);
    return value;
  }

  /** Sessions may be kept for their grace time; nobody streams or listens in them. */
  async #untilQuiet(node: NodeName): Promise<void> {
    const isQuiet = async () => {
      const figures = await Promise.all([
        this.figure(node, 'streams'),
        this.figure(node, 'listeners'),
        this.pipes(node, 'given'),
        this.pipes(node, 'copies'),
      ]);
      const others = await this.figure(node, 'cluster_peers');
      const up = await this.figure(node, 'cluster_redis_up');
      return figures.every((figure) => figure === 0) && others === this.nodes.length - 1 && up === 1;
    };
    await waitUntil(`a relay ${node} that is empty and knows the others`, isQuiet, 60_000);
  }
}

function landing(node: NodeName, prepare?: Prepare): Prepare {
  return async (page) => {
    await landOn(page, node);
    await prepare?.(page);
  };
}
