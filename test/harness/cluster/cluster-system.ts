import { randomBytes } from 'node:crypto';
import type { Person } from '../../../demo/server/people.ts';
import type { TokenSettings } from '../../../demo/server/tokens.ts';
import { DemoSite } from '../demo-site.ts';
import type { StatusCounts } from '../system.ts';
import { type ClusterOptions, RelayCluster } from './relay-cluster.ts';

/** How a system for a test differs from the usual one. */
export type ClusterSystemOptions = Omit<ClusterOptions, 'tokens'>;

/** A whole trial system with several relays: the demo's web server, whose pages know HAProxy's address alone, and a cluster behind that. */
export class ClusterSystem {
  readonly cluster: RelayCluster;
  readonly #site: DemoSite;

  private constructor(site: DemoSite, cluster: RelayCluster) {
    this.cluster = cluster;
    this.#site = site;
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
    const site = await DemoSite.start(tokens, () => ({ http, https: null }));
    try {
      const cluster = await RelayCluster.start({ ...options, tokens });
      http = Number(new URL(cluster.url).port);
      return new ClusterSystem(site, cluster);
    } catch (error) {
      await site.close();
      throw error;
    }
  }

  /** WAV file of the second voice. */
  get secondVoiceFile(): string {
    return this.#site.secondVoiceFile;
  }

  /** The person's page. */
  pageOf(person: Person): string {
    return this.#site.pageOf(person);
  }

  /** What the service says of itself: whichever relay answers counts them all. */
  async status(): Promise<StatusCounts> {
    const response = await fetch(`${this.cluster.url}/api/streaming/status`);
    return (await response.json()) as StatusCounts;
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.cluster.close();
    await this.#site.close();
  }
}
