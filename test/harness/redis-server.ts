import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProgram } from './child-program.ts';
import { freePort } from './network/free-port.ts';

/** What may differ. */
export interface RedisSetup {
  /** More lines of its configuration. */
  readonly lines?: readonly string[];
  /** Files of certificate and key: then it speaks TLS only. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** A Sentinel, in place of a server. */
  readonly sentinel?: boolean;
}

/** A Redis (or a Sentinel) for tests: on a free port of 127.0.0.1, with nothing on disk but its configuration. Close it afterwards. */
export class RedisServer {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'prospect-redis-'));
  readonly #setup: RedisSetup;
  #program: ChildProgram | null = null;

  private constructor(port: number, setup: RedisSetup) {
    this.port = port;
    this.#setup = setup;
  }

  static async start(setup: RedisSetup = {}): Promise<RedisServer> {
    // The bus of a Redis Cluster has its own port, higher by this.
    const clustered = setup.lines?.some((line) => line.startsWith('cluster-port')) ?? false;
    const server = new RedisServer(await freePort(['127.0.0.1'], clustered ? 2 : 1), setup);
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
    const config = [
      'bind 127.0.0.1',
      ...(tls
        ? ['port 0', `tls-port ${this.port}`, `tls-cert-file ${tls.cert}`, `tls-key-file ${tls.key}`]
        : [`port ${this.port}`]),
      ...(tls ? [`tls-ca-cert-file ${tls.cert}`, 'tls-auth-clients no'] : []),
      `dir ${this.#folder}`,
      ...(sentinel ? [] : ['save ""', 'appendonly no']),
      ...lines.map((line) => (line === 'cluster-port' ? `cluster-port ${this.port + 1}` : line)),
    ];
    writeFileSync(file, `${config.join('\n')}\n`);
    this.#program = await ChildProgram.start('redis-server', [file, ...(sentinel ? ['--sentinel'] : [])], () =>
      this.#accepts(),
    );
  }

  /** What `redis-cli` prints for these words. */
  cli(...words: readonly string[]): string {
    const how = this.#setup.tls ? ['--tls', '--insecure'] : [];
    return spawnSync('redis-cli', ['-p', String(this.port), ...how, ...words], { encoding: 'utf8' }).stdout.trim();
  }

  /** As SIGSTOP: connections stay, nothing is answered. */
  freeze(): void {
    this.#program?.freeze();
  }

  thaw(): void {
    this.#program?.thaw();
  }

  /** As kill -9. */
  async kill(): Promise<void> {
    await this.#program?.kill();
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #accepts(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1');
      const end = (accepts: boolean) => {
        socket.destroy();
        resolve(accepts);
      };
      socket.once('connect', () => end(true));
      socket.once('error', () => end(false));
    });
  }
}
