import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ENVIRONMENT } from '../harness/relay/real-relay.ts';

const counts = z.record(z.string(), z.number());
const reportSchema = z.object({
  type: z.literal('report'),
  signalling: counts,
  media: counts,
  pipes: z.number(),
  workers: z.array(counts),
  workerPids: z.array(z.number()),
  resources: counts,
  eventListeners: z.number(),
  rssBytes: z.number(),
});
const readySchema = z.object({ type: z.literal('ready'), http: z.number() });

/**
 * Where memory is plenty, V8 lets garbage pile up, by steps of tens of megabytes; a leak would not be told from it in minutes.
 * With a small young generation, what the process has in RAM is what it holds.
 */
const ENGINE_OPTIONS = ['--max-semi-space-size=4'];

/** What the relay's process holds. */
export type ChildReport = z.infer<typeof reportSchema>;

/** The relay of the soak, in a process of its own, with its times of grace shortened. */
export class RelayChild {
  readonly url: string;
  /** What it wrote: errors only, so it should be nothing. */
  readonly output: string[];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess, port: number, output: string[]) {
    this.#child = child;
    this.#ended = once(child, 'exit');
    this.url = `http://127.0.0.1:${port}`;
    this.output = output;
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<RelayChild> {
    const child = fork(join(import.meta.dirname, 'soak-relay.ts'), [], {
      env: {
        ...process.env,
        ...ENVIRONMENT,
        MEDIA_WORKERS: '2',
        LOG_LEVEL: 'error',
        SESSION_GRACE: '1s',
        OFFLINE_KEEP: '1s',
        DEMAND_LINGER: '0',
        PING_INTERVAL: '5s',
        PING_TIMEOUT: '5s',
        CONNECTIONS_PER_ADDRESS: '5000',
        ...env,
      },
      execArgv: ENGINE_OPTIONS,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      // The audit trail is not a failure; every other line is.
      if (stream) createInterface(stream).on('line', (line) => line.includes('"audit":true') || output.push(line));
    }
    const [message] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => {
        throw new Error(`The relay did not start: ${output.join('\n')}`);
      }),
    ]);
    return new RelayChild(child, readySchema.parse(message).http, output);
  }

  async report(): Promise<ChildReport> {
    if (this.#child.connected) this.#child.send('report');
    const [message] = await Promise.race([
      once(this.#child, 'message', { signal: AbortSignal.timeout(20_000) }),
      this.#ended.then(() => {
        throw new Error(`The relay ended: ${this.output.join('\n')}`);
      }),
    ]);
    return reportSchema.parse(message);
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#ended;
  }
}

/** Memory that these processes have in RAM together, in bytes. */
export async function residentBytes(pids: readonly number[]): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', pids.join(',')]);
  return stdout
    .trim()
    .split(/\s+/)
    .reduce((sum, kibibytes) => sum + Number(kibibytes) * 1_024, 0);
}
