import { randomBytes } from 'node:crypto';
import { WIDGETS_PATH } from '../../demo/pages/layout.ts';
import { RelayProcess } from '../../demo/relay-process.ts';
import type { Person } from '../../demo/server/people.ts';
import type { RelayPorts } from '../../demo/server/relay-address.ts';
import type { TokenSettings } from '../../demo/server/tokens.ts';
import { DemoSite } from './demo-site.ts';

export interface SystemOptions {
  /** Life of the tokens that pages get, in seconds. */
  readonly tokenLifetimeS?: number;
  /** More environment variables for the relay. */
  readonly relayEnv?: Readonly<Record<string, string>>;
}

/** The public counts of the relay's status. */
export interface StatusCounts {
  readonly active_commercials: number;
  readonly total_listeners: number;
}

/** A whole trial system on free ports: the relay with two media workers as a child process, and the demo's web server. */
export class System {
  readonly relayUrl: string;
  readonly tokens: TokenSettings;
  /** What the relay has logged so far. */
  readonly log: string[];
  readonly #site: DemoSite;
  readonly #env: Readonly<Record<string, string>>;
  #relay: RelayProcess;

  private constructor(parts: {
    site: DemoSite;
    relay: RelayProcess;
    env: Readonly<Record<string, string>>;
    tokens: TokenSettings;
    log: string[];
  }) {
    this.relayUrl = `http://localhost:${parts.relay.ports.http}`;
    this.tokens = parts.tokens;
    this.#relay = parts.relay;
    this.#env = parts.env;
    this.log = parts.log;
    this.#site = parts.site;
  }

  static async start(options: SystemOptions = {}): Promise<System> {
    const tokens: TokenSettings = {
      secret: randomBytes(32).toString('base64url'),
      issuer: 'prospect-e2e',
      audience: 'prospect-live',
      lifetimeS: options.tokenLifetimeS ?? 600,
    };
    let ports: RelayPorts = { http: null, https: null };
    const site = await DemoSite.start(tokens, () => ports);
    const log: string[] = [];
    const env = {
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      HTTP_PORT: '0',
      METRICS_PUBLIC: 'on',
      MEDIA_PORT: '0',
      MEDIA_WORKERS: '2',
      MEDIA_LISTEN_IPS: '127.0.0.1',
      // For pages that end without a goodbye: the relay keeps their sessions for this long.
      SESSION_GRACE: '3s',
      ALLOWED_ORIGINS: site.url,
      JWT_SECRET: tokens.secret,
      JWT_ISSUER: tokens.issuer,
      JWT_AUDIENCE: tokens.audience,
      ...options.relayEnv,
    };
    try {
      const relay = await RelayProcess.start({ env, onOutput: (text) => log.push(text) });
      ports = relay.ports;
      const script = await fetch(`http://127.0.0.1:${relay.ports.http}${WIDGETS_PATH}`);
      if (!script.ok) {
        await relay.stop();
        throw new Error(`it has no ${WIDGETS_PATH} (${script.status}). Build the widgets first: npm run build`);
      }
      return new System({ site, relay, env, tokens, log });
    } catch (error) {
      await site.close();
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`The trial system did not start: ${why}\n${log.join('')}`, { cause: error });
    }
  }

  /** The relay that runs now. */
  get relay(): RelayProcess {
    return this.#relay;
  }

  /**
   * The relay ends as in a crash, and another one takes its place and its port.
   * @param meanwhile done while there is none
   * @param others variables of the new one
   */
  async restartRelay(meanwhile: () => Promise<void>, others: Readonly<Record<string, string>> = {}): Promise<void> {
    const { ports, pid, ended } = this.#relay;
    if (pid === undefined) throw new Error('the relay is not there');
    process.kill(pid, 'SIGKILL');
    await ended;
    await meanwhile();
    const env = { ...this.#env, ...others, HTTP_PORT: String(ports.http) };
    this.#relay = await RelayProcess.start({ env, onOutput: (text) => this.log.push(text) });
  }

  /** The demo's web server, such as `http://localhost:41234`. */
  get url(): string {
    return this.#site.url;
  }

  /** WAV file of the second voice. */
  get secondVoiceFile(): string {
    return this.#site.secondVoiceFile;
  }

  /** The person's page. */
  pageOf(person: Person): string {
    return this.#site.pageOf(person);
  }

  async status(): Promise<StatusCounts> {
    const response = await fetch(`${this.relayUrl}/api/streaming/status`);
    return (await response.json()) as StatusCounts;
  }

  async close(): Promise<void> {
    await this.relay.stop();
    await this.#site.close();
  }
}
