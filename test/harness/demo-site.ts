import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDemoApp } from '../../demo/server/app.ts';
import { type Listening, listen } from '../../demo/server/listen.ts';
import type { Person } from '../../demo/server/people.ts';
import type { RelayPorts } from '../../demo/server/relay-address.ts';
import type { TokenSettings } from '../../demo/server/tokens.ts';
import { secondVoice } from './voices.ts';
import { writeWav } from './wav.ts';

/** The path of a person's page in the demo. */
export function pathOf(person: Person): string {
  return `/as/${person.id}/${person.role === 'admin' ? 'suivi' : 'prospection'}`;
}

/** The demo's web server of a trial system, on a free port, and what its pages say beside the usual voice. */
export class DemoSite {
  /** Such as `http://localhost:41234`. */
  readonly url: string;
  /** WAV file of the second voice. */
  readonly secondVoiceFile: string;
  readonly #servers: Listening;
  readonly #folder: string;

  private constructor(servers: Listening, folder: string) {
    this.url = `http://localhost:${servers.httpPort}`;
    this.secondVoiceFile = join(folder, 'second-voice.wav');
    this.#servers = servers;
    this.#folder = folder;
    writeWav(this.secondVoiceFile, secondVoice());
  }

  /** @param relayPorts where pages find the relay, as soon as that is known */
  static async start(tokens: TokenSettings, relayPorts: () => RelayPorts): Promise<DemoSite> {
    const app = createDemoApp({
      tokens,
      cookieSecret: randomBytes(32),
      relayPorts,
      caFile: null,
      phoneUrls: () => [],
      devReloadUrl: null,
    });
    const folder = await mkdtemp(join(tmpdir(), 'prospect-demo-'));
    return new DemoSite(await listen(app, { host: '127.0.0.1', httpPort: 0, https: null }), folder);
  }

  /** The person's page. */
  pageOf(person: Person): string {
    return this.url + pathOf(person);
  }

  /** Ends it. */
  async close(): Promise<void> {
    await this.#servers.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
