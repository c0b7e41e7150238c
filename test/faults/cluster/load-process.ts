import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RelayCluster } from '../../harness/cluster/relay-cluster.ts';
import { type LoadResult, MEASURING } from '../../harness/load-result.ts';
import { waitUntil } from '../../harness/wait.ts';

const MAIN = fileURLToPath(new URL('../../load/main.ts', import.meta.url));
const JOINED_WITHIN_MS = 60_000;
/** Longer than any case. */
const SECONDS = 3_600;

/** How many there are. */
export interface Crowd {
  readonly streams: number;
  readonly listeners: number;
}

/** `npm run load` in a process of its own: the library of its connections does not end well in one that goes on. */
export class LoadProcess {
  readonly #child;
  readonly #ended: Promise<unknown>;
  #result = '';
  #said = '';

  /** Begins to let so many join. */
  constructor({ url, tokens }: RelayCluster, { streams, listeners }: Crowd) {
    const crowd = ['--streams', String(streams), '--listeners', String(listeners)];
    this.#child = spawn(
      process.execPath,
      [MAIN, '--url', url, ...crowd, '--rate', '10', '--seconds', String(SECONDS), '--json'],
      {
        env: {
          ...process.env,
          JWT_SECRET: tokens.secret,
          JWT_ISSUER: tokens.issuer,
          JWT_AUDIENCE: tokens.audience,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#result += text;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
    });
  }

  /** Resolves once everybody is there and it is measured. @throws Error with what it said */
  async measuring(): Promise<void> {
    const begun = () => this.#said.includes(MEASURING) || this.#child.exitCode !== null;
    await waitUntil('a load that measures', async () => begun(), JOINED_WITHIN_MS);
    if (this.#child.exitCode !== null) throw new Error(`The load has ended: ${this.#said}`);
  }

  /** Ends the measuring, and everybody leaves. @throws Error with what it said when there is no result */
  async end(): Promise<LoadResult> {
    this.#child.kill('SIGINT');
    await this.#ended;
    try {
      return JSON.parse(this.#result) as LoadResult;
    } catch (error) {
      throw new Error(`The load has no result: ${this.#said}`, { cause: error });
    }
  }

  /** Without a result. Idempotent. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
