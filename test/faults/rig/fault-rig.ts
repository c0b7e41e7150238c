import { randomBytes } from 'node:crypto';
import type { Browser } from 'puppeteer-core';
import { RelayProcess } from '../../../demo/relay-process.ts';
import type { AdminPerson, CommercialPerson, Person } from '../../../demo/server/people.ts';
import { mintToken, type TokenSettings } from '../../../demo/server/tokens.ts';
import { launchBrowser } from '../../harness/browser.ts';
import { anyRunning, childProcesses } from '../../harness/child-processes.ts';
import { freePort } from '../../harness/network/free-port.ts';
import { ImpairedLink } from '../../harness/network/impaired-link.ts';
import type { Impairment } from '../../harness/network/impairment.ts';
import { READING_FILE } from '../../harness/voices.ts';
import { waitUntil } from '../../harness/wait.ts';
import { FaultPage } from './fault-page.ts';
import { HostPage } from './host-page.ts';

const RELAY_ADDRESS = '127.0.0.1';
const MEDIA_WORKERS = 2;

export interface FaultRigOptions {
  /** More environment variables for the relay. */
  readonly relayEnv?: Readonly<Record<string, string>>;
  /** What pages are told: the links listen here and lead to the relay. Default 127.0.0.2. */
  readonly linkAddress?: string;
  /** Where the host page is served. Default 127.0.0.1. */
  readonly hostAddress?: string;
}

/** A commercial who is live, and an admin who hears them. */
export interface LivePair {
  readonly commercial: FaultPage;
  readonly admin: FaultPage;
  readonly people: { readonly commercial: CommercialPerson; readonly admin: AdminPerson };
}

/** How a page is opened. */
export interface OpenOptions {
  /** Default: one of this person, good for an hour. */
  readonly token?: string;
  /** Default: the rig's. */
  readonly browser?: Browser;
  /** What is wrong with the page's way to the signalling, from the first packet on. Default: nothing. */
  readonly signalling?: Impairment;
}

export interface PairOptions {
  /** Lives of the tokens, in seconds. Default: an hour. */
  readonly lifetimeS?: { readonly commercial?: number; readonly admin?: number };
  /** The commercial's browser. Default: the rig's. */
  readonly browser?: Browser;
}

/**
 * A relay as a process, reached only through links that can go wrong: one per page for signalling, one per media worker for
 * everybody's media. Everything is on loopback and on free ports.
 */
export class FaultRig {
  /** One per media worker, in the order of their ports. */
  readonly media: readonly ImpairedLink[];
  readonly tokens: TokenSettings;
  /** What the relay has logged so far, over all its lives. */
  readonly log: string[] = [];
  readonly httpPort: number;
  readonly #linkAddress: string;
  readonly #relayEnv: Readonly<Record<string, string>>;
  readonly #host: HostPage;
  readonly #browser: Browser;
  readonly #pages = new Set<FaultPage>();
  #relay: RelayProcess | null = null;
  #people = 0;

  /** @throws Error with the relay's log when it does not start */
  static async start(options: FaultRigOptions = {}): Promise<FaultRig> {
    const { linkAddress = '127.0.0.2', hostAddress = '127.0.0.1' } = options;
    const httpPort = await freePort([RELAY_ADDRESS]);
    const mediaPort = await freePort([RELAY_ADDRESS, linkAddress], MEDIA_WORKERS);
    const tokens: TokenSettings = {
      secret: randomBytes(32).toString('base64url'),
      issuer: 'prospect-faults',
      audience: 'prospect-live',
      lifetimeS: 3_600,
    };
    const media: ImpairedLink[] = [];
    for (let port = mediaPort; port < mediaPort + MEDIA_WORKERS; port += 1) {
      media.push(
        await ImpairedLink.create({ listen: { host: linkAddress, port }, target: { host: RELAY_ADDRESS, port } }),
      );
    }
    const relayEnv = {
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      HOST: RELAY_ADDRESS,
      HTTP_PORT: String(httpPort),
      METRICS_PUBLIC: 'on',
      MEDIA_PORT: String(mediaPort),
      MEDIA_WORKERS: String(MEDIA_WORKERS),
      MEDIA_LISTEN_IPS: RELAY_ADDRESS,
      ANNOUNCED_ADDRESS: linkAddress,
      ALLOWED_ORIGINS: '*',
      JWT_SECRET: tokens.secret,
      JWT_ISSUER: tokens.issuer,
      JWT_AUDIENCE: tokens.audience,
      ...options.relayEnv,
    };
    const host = await HostPage.create(hostAddress);
    const browser = await launchBrowser({
      microphone: READING_FILE,
      args: ['--autoplay-policy=no-user-gesture-required'],
    });
    const rig = new FaultRig({ media, tokens, httpPort, linkAddress, relayEnv, host, browser });
    try {
      await rig.startRelay();
    } catch (error) {
      await rig.close();
      throw error;
    }
    return rig;
  }

  private constructor(parts: {
    media: readonly ImpairedLink[];
    tokens: TokenSettings;
    httpPort: number;
    linkAddress: string;
    relayEnv: Readonly<Record<string, string>>;
    host: HostPage;
    browser: Browser;
  }) {
    this.media = parts.media;
    this.tokens = parts.tokens;
    this.httpPort = parts.httpPort;
    this.#linkAddress = parts.linkAddress;
    this.#relayEnv = parts.relayEnv;
    this.#host = parts.host;
    this.#browser = parts.browser;
  }

  /** The host page. */
  get hostUrl(): string {
    return `http://${this.#host.address}:${this.#host.port}/`;
  }

  /** Starts the relay, at the same ports as before. @returns when it was ready, milliseconds since the epoch */
  async startRelay(): Promise<number> {
    try {
      this.#relay = await RelayProcess.start({ env: this.#relayEnv, onOutput: (text) => this.log.push(text) });
      return Date.now();
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${this.log.join('').slice(-4_000)}`);
    }
  }

  /** `kill -9`: nobody is told. */
  async killRelay(): Promise<void> {
    const relay = this.#relay;
    this.#relay = null;
    if (relay?.pid === undefined) return;
    const workers = await childProcesses(relay.pid);
    process.kill(relay.pid, 'SIGKILL');
    await relay.ended;
    // The workers end by themselves when their relay is gone; their ports are free after that.
    await waitUntil('the end of the media workers', async () => !(await anyRunning(workers)));
  }

  /** SIGTERM, as at a planned restart. */
  async stopRelay(): Promise<void> {
    const relay = this.#relay;
    this.#relay = null;
    await relay?.stop();
  }

  /** Process id of the media worker with this index, from the relay's log. @throws Error when it never started */
  workerPid(index: number): number {
    const started = this.logLines.findLast(({ worker, workerPid, msg }) => {
      return worker === index && typeof workerPid === 'number' && msg === 'media worker started';
    });
    if (typeof started?.workerPid !== 'number') throw new Error(`Media worker ${index} was never started.`);
    return started.workerPid;
  }

  /** The relay's log, line by line. */
  get logLines(): Readonly<Record<string, unknown>>[] {
    return this.log
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Gauges and counters of `/metrics` by name and labels, asked of the relay directly. */
  async metrics(): Promise<Map<string, number>> {
    const response = await fetch(`http://${RELAY_ADDRESS}:${this.httpPort}/metrics`);
    const lines = (await response.text()).split('\n').filter((line) => line && !line.startsWith('#'));
    return new Map(
      lines.map((line) => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))];
      }),
    );
  }

  /** A token for a person, for a time other than the usual hour. */
  tokenFor(person: Person, lifetimeS = this.tokens.lifetimeS): string {
    return mintToken(person, { ...this.tokens, lifetimeS });
  }

  /** Somebody new of a team of their own, so that the cases of one rig do not meet. */
  newPair(): { commercial: CommercialPerson; admin: AdminPerson } {
    this.#people += 1;
    const n = this.#people;
    const equipe = `Team ${n}`;
    return {
      commercial: { role: 'commercial', id: `commercial-${n}`, name: `Commercial ${n}`, equipe, sector: '' },
      admin: { role: 'admin', id: `admin-${n}`, name: `Admin ${n}`, title: '', equipes: [equipe] },
    };
  }

  /** Opens a person's page with the element of their role. */
  async open(person: Person, options: OpenOptions = {}): Promise<FaultPage> {
    const { token = this.tokenFor(person), browser = this.#browser, signalling: impairment } = options;
    const signalling = await ImpairedLink.create({
      listen: { host: this.#linkAddress, port: 0 },
      target: { host: RELAY_ADDRESS, port: this.httpPort },
      protocols: ['tcp'],
    });
    if (impairment) signalling.impair(impairment);
    const tag = person.role === 'commercial' ? 'prospect-stream-button' : 'prospect-listen-panel';
    const url = this.hostUrl;
    try {
      // A browser context of its own: two pages never share storage, and each is in front of its window.
      const context = await browser.createBrowserContext();
      const page = await FaultPage.open({ browser: context, tag, url, token, signalling });
      this.#pages.add(page);
      return page;
    } catch (error) {
      signalling.close();
      throw error;
    }
  }

  /**
   * A commercial who is live, and an admin who hears them already; `lifetimeS` is of their tokens, in seconds.
   * @throws Error when that does not work
   */
  async livePair({ lifetimeS = {}, browser }: PairOptions = {}): Promise<LivePair> {
    const people = this.newPair();
    const commercial = await this.open(people.commercial, {
      token: this.tokenFor(people.commercial, lifetimeS.commercial),
      ...(browser && { browser }),
    });
    const admin = await this.open(people.admin, { token: this.tokenFor(people.admin, lifetimeS.admin) });
    const pair = { commercial, admin, people };
    await this.goLive(commercial);
    await this.listen(pair);
    return pair;
  }

  /** Starts a stream by a click. */
  async goLive(commercial: FaultPage): Promise<void> {
    await commercial.waitForState('ready');
    await commercial.click();
    await commercial.waitForState('live');
  }

  /** The pair's admin selects the stream and hears it. */
  async listen({ admin, people }: LivePair): Promise<void> {
    await admin.waitForState('ready');
    const from = Date.now();
    await admin.page.$eval(
      'prospect-listen-panel',
      (panel, id) => ('listen' in panel && typeof panel.listen === 'function' ? panel.listen(id) : undefined),
      people.commercial.id,
    );
    await admin.waitForState('listening');
    if ((await admin.heardAfter(from, 30_000)) === null) throw new Error('The admin hears nothing.');
  }

  /** Index of the media worker (and link) that carries a page's media, or null. Only where the page never moved. */
  workerOf(page: FaultPage): number | null {
    const bytes = (link: ImpairedLink): number => {
      const { udp, tcp } = link.counters(page.owns);
      return udp.up.bytes + udp.down.bytes + tcp.up.bytes + tcp.down.bytes;
    };
    const index = this.media.findIndex((link) => bytes(link) > 0);
    return index < 0 ? null : index;
  }

  /** Does the same to every media link. @returns the function that undoes it */
  onMedia(act: (link: ImpairedLink) => () => void): () => void {
    const undo = this.media.map(act);
    return () => {
      for (const back of undo) back();
    };
  }

  /** The page loses its network, signalling and media alike. @returns the function that brings it back */
  unplug(page: FaultPage): () => void {
    const media = this.onMedia((link) => link.goDown(page.owns));
    const signalling = page.signalling.goDown();
    return () => {
      media();
      signalling();
    };
  }

  /** The page's address changes: media goes on from a new port, TCP connections are gone. */
  moveToOtherNetwork(page: FaultPage): void {
    for (const link of this.media) link.rebind({ where: page.owns });
    page.signalling.rebind();
  }

  /** Closes the pages, leaving the relay to the next case. */
  async closePages(): Promise<void> {
    const pages = [...this.#pages];
    this.#pages.clear();
    await Promise.all(
      pages.map(async (page) => {
        page.signalling.close();
        // The page may be gone with its browser.
        const context = page.page.browserContext();
        await page.page.close().catch(() => undefined);
        await context.close().catch(() => undefined);
      }),
    );
  }

  /** Idempotent; ends relay, browser and links. */
  async close(): Promise<void> {
    await this.closePages();
    await this.#browser.close().catch(() => undefined);
    await this.stopRelay();
    this.#host.close();
    for (const link of this.media) link.close();
  }
}
