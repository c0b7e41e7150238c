import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WIDGETS_PATH } from '../../demo/pages/layout.ts';
import { RelayProcess } from '../../demo/relay-process.ts';
import { createDemoApp } from '../../demo/server/app.ts';
import { type Listening, listen } from '../../demo/server/listen.ts';
import type { Person } from '../../demo/server/people.ts';
import type { RelayPorts } from '../../demo/server/relay-address.ts';
import type { TokenSettings } from '../../demo/server/tokens.ts';
import { secondVoice } from './voices.ts';
import { writeWav } from './wav.ts';

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

/** The path of a person's page in the demo. */
export function pathOf(person: Person): string {
  return `/as/${person.id}/${person.role === 'admin' ? 'suivi' : 'prospection'}`;
}

/** A whole trial system on free ports: the relay with two media workers as a child process, and the demo's web server. */
export class System {
  /** The demo's web server, such as `http://localhost:41234`. */
  readonly url: string;
  readonly relayUrl: string;
  readonly tokens: TokenSettings;
  readonly relay: RelayProcess;
  /** What the relay has logged so far. */
  readonly log: string[];
  /** WAV file of the second voice. */
  readonly secondVoiceFile: string;
  readonly #servers: Listening;
  readonly #folder: string;

  private constructor(parts: {
    servers: Listening;
    relay: RelayProcess;
    tokens: TokenSettings;
    log: string[];
    folder: string;
    secondVoiceFile: string;
  }) {
    this.url = `http://localhost:${parts.servers.httpPort}`;
    this.relayUrl = `http://localhost:${parts.relay.ports.http}`;
    this.tokens = parts.tokens;
    this.relay = parts.relay;
    this.log = parts.log;
    this.secondVoiceFile = parts.secondVoiceFile;
    this.#servers = parts.servers;
    this.#folder = parts.folder;
  }

  static async start(options: SystemOptions = {}): Promise<System> {
    const tokens: TokenSettings = {
      secret: randomBytes(32).toString('base64url'),
      issuer: 'prospect-e2e',
      audience: 'prospect-live',
      lifetimeS: options.tokenLifetimeS ?? 600,
    };
    let ports: RelayPorts = { http: null, https: null };
    const app = createDemoApp({
      tokens,
      cookieSecret: randomBytes(32),
      relayPorts: () => ports,
      caFile: null,
      phoneUrls: () => [],
      devReloadUrl: null,
    });
    const servers = await listen(app, { host: '127.0.0.1', httpPort: 0, https: null });
    const log: string[] = [];
    try {
      const relay = await RelayProcess.start({
        env: {
          NODE_ENV: 'test',
          HOST: '127.0.0.1',
          HTTP_PORT: '0',
          METRICS_PUBLIC: 'on',
          MEDIA_PORT: '0',
          MEDIA_WORKERS: '2',
          MEDIA_LISTEN_IPS: '127.0.0.1',
          // For pages that end without a goodbye: the relay keeps their sessions for this long.
          SESSION_GRACE: '3s',
          ALLOWED_ORIGINS: `http://localhost:${servers.httpPort}`,
          JWT_SECRET: tokens.secret,
          JWT_ISSUER: tokens.issuer,
          JWT_AUDIENCE: tokens.audience,
          ...options.relayEnv,
        },
        onOutput: (text) => log.push(text),
      });
      ports = relay.ports;
      const script = await fetch(`http://127.0.0.1:${relay.ports.http}${WIDGETS_PATH}`);
      if (!script.ok) {
        await relay.stop();
        throw new Error(`it has no ${WIDGETS_PATH} (${script.status}). Build the widgets first: npm run build`);
      }
      const folder = await mkdtemp(join(tmpdir(), 'prospect-e2e-'));
      const secondVoiceFile = join(folder, 'second-voice.wav');
      writeWav(secondVoiceFile, secondVoice());
      return new System({ servers, relay, tokens, log, folder, secondVoiceFile });
    } catch (error) {
      await servers.close();
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`The trial system did not start: ${why}\n${log.join('')}`, { cause: error });
    }
  }

  /** The person's page. */
  pageOf(person: Person): string {
    return this.url + pathOf(person);
  }

  async status(): Promise<StatusCounts> {
    const response = await fetch(`${this.relayUrl}/api/streaming/status`);
    return (await response.json()) as StatusCounts;
  }

  async close(): Promise<void> {
    await this.relay.stop();
    await this.#servers.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
