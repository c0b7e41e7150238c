/** A real Redis for tests: on a free port of 127.0.0.1, with nothing on disk but its configuration. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './network/free-port.ts';

/** Why tests with a real Redis cannot run here; null: they can. */
export function whyNoRedis(): string | null {
  return spawnSync('redis-server', ['--version']).status === 0 ? null : 'redis-server is not installed';
}

/** What may differ. */
export interface RedisSetup {
  /** More lines of its configuration. `PORT` stands for the port. */
  readonly lines?: readonly string[];
  /** Certificate and key: then it speaks TLS only. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly sentinel?: boolean;
}

/** One server. `close` it after the tests. */
export class RedisServer {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'prospect-redis-'));
  readonly #setup: RedisSetup;
  #process: ChildProcess | null = null;

  private constructor(port: number, setup: RedisSetup) {
    this.port = port;
    this.#setup = setup;
  }

  static async start(setup: RedisSetup = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), setup);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, empty. */
  async start(): Promise<void> {
    const { tls, lines = [], sentinel = false } = this.#setup;
    const file = join(this.#folder, 'redis.conf');
    const own = tls
      ? [
          'port 0',
          `tls-port ${this.port}`,
          `tls-cert-file ${tls.cert}`,
          `tls-key-file ${tls.key}`,
          'tls-auth-clients no',
        ]
      : [`port ${this.port}`];
    const config = [
      'bind 127.0.0.1',
      ...own,
      `dir ${this.#folder}`,
      'daemonize no',
      ...(sentinel ? [] : ['save ""', 'appendonly no']),
      ...lines.map((line) => line.replaceAll('PORT', String(this.port))),
    ];
    writeFileSync(file, `${config.join('\n')}\n`);
    const child = spawn('redis-server', [file, ...(sentinel ? ['--sentinel'] : [])], { stdio: 'ignore' });
    this.#process = child;
    const deadline = performance.now() + 10_000;
    while (!(await this.#accepts())) {
      if (child.exitCode !== null || performance.now() > deadline) throw new Error('redis-server does not start');
      await sleep(20);
    }
  }

  /** Runs `redis-cli` with these words. */
  cli(...words: readonly string[]): string {
    const { tls } = this.#setup;
    const how = ['-p', String(this.port), ...(tls ? ['--tls', '--insecure'] : []), ...words];
    return spawnSync('redis-cli', how, { encoding: 'utf8' }).stdout.trim();
  }

  /** As SIGSTOP: connections stay, nothing is answered. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** As kill -9. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #accepts(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  }
}
