import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDemoApp } from '../../../demo/server/app.ts';
import { type Listening, listen } from '../../../demo/server/listen.ts';
import type { Person } from '../../../demo/server/people.ts';
import type { TokenSettings } from '../../../demo/server/tokens.ts';
import { pathOf, type StatusCounts } from '../system.ts';
import { secondVoice } from '../voices.ts';
import { writeWav } from '../wav.ts';
import { type ClusterOptions, RelayCluster } from './relay-cluster.ts';

/** How a system for a test differs from the usual one. */
export type ClusterSystemOptions = Omit<ClusterOptions, 'tokens'>;

/** A whole trial system with several relays: the demo's web server, whose pages know HAProxy's address alone, and a cluster behind that. */
export class ClusterSystem {
  /** The demo's web server, such as `http://localhost:41234`. */
  readonly url: string;
  readonly cluster: RelayCluster;
  /** WAV file of the second voice. */
  readonly secondVoiceFile: string;
  readonly #servers: Listening;
  readonly #folder: string;

  private constructor(parts: {
    servers: Listening;
    cluster: RelayCluster;
    folder: string;
    secondVoiceFile: string;
  }) {
    this.url = `http://localhost:${parts.servers.httpPort}`;
    this.cluster = parts.cluster;
    this.secondVoiceFile = parts.secondVoiceFile;
    this.#servers = parts.servers;
    this.#folder = parts.folder;
  }

  /** @throws Error with the log of what did not start */
  static async start(options: ClusterSystemOptions = {}): Promise<ClusterSystem> {
    const tokens: TokenSettings = {
      secret: randomBytes(32).toString('base64url'),
      issuer: 'prospect-cluster',
      audience: 'prospect-live',
      lifetimeS: 3_600,
    };
    let http: number | null = null;
    const app = createDemoApp({
      tokens,
      cookieSecret: randomBytes(32),
      relayPorts: () => ({ http, https: null }),
      caFile: null,
      phoneUrls: () => [],
      devReloadUrl: null,
    });
    const servers = await listen(app, { host: '127.0.0.1', httpPort: 0, https: null });
    try {
      const cluster = await RelayCluster.start({ ...options, tokens });
      http = Number(new URL(cluster.url).port);
      const folder = await mkdtemp(join(tmpdir(), 'prospect-cluster-'));
      const secondVoiceFile = join(folder, 'second-voice.wav');
      writeWav(secondVoiceFile, secondVoice());
      return new ClusterSystem({ servers, cluster, folder, secondVoiceFile });
    } catch (error) {
      await servers.close();
      throw error;
    }
  }

  /** The person's page. */
  pageOf(person: Person): string {
    return this.url + pathOf(person);
  }

  /** What the service says of itself: whichever relay answers counts them all. */
  async status(): Promise<StatusCounts> {
    const response = await fetch(`${this.cluster.url}/api/streaming/status`);
    return (await response.json()) as StatusCounts;
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.cluster.close();
    await this.#servers.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
