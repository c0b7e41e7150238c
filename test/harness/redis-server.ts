import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeptProgram } from './kept-program.ts';
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
export class RedisServer extends KeptProgram {
  readonly port: number;
  readonly #tls: boolean;

  private constructor(port: number, folder: string, setup: RedisSetup) {
    const file = join(folder, 'redis.conf');
    const args = [file, ...(setup.sentinel ? ['--sentinel'] : [])];
    super({ command: 'redis-server', args, folder, answers: () => accepts(port) });
    this.port = port;
    this.#tls = setup.tls !== undefined;
    writeFileSync(file, `${configOf(port, folder, setup).join('\n')}\n`);
  }

  static async start(setup: RedisSetup = {}): Promise<RedisServer> {
    // The bus of a Redis Cluster has its own port, higher by this.
    const clustered = setup.lines?.some((line) => line.startsWith('cluster-port')) ?? false;
    const port = await freePort(['127.0.0.1'], clustered ? 2 : 1);
    const server = new RedisServer(port, mkdtempSync(join(tmpdir(), 'prospect-redis-')), setup);
    await server.begin();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** What `redis-cli` prints for these words. */
  cli(...words: readonly string[]): string {
    const how = this.#tls ? ['--tls', '--insecure'] : [];
    return spawnSync('redis-cli', ['-p', String(this.port), ...how, ...words], { encoding: 'utf8' }).stdout.trim();
  }
}

function configOf(port: number, folder: string, { tls, lines = [], sentinel = false }: RedisSetup): string[] {
  return [
    'bind 127.0.0.1',
    ...(tls
      ? [
          'port 0',
          `tls-port ${port}`,
          `tls-cert-file ${tls.cert}`,
          `tls-key-file ${tls.key}`,
          `tls-ca-cert-file ${tls.cert}`,
          'tls-auth-clients no',
        ]
      : [`port ${port}`]),
    `dir ${folder}`,
    ...(sentinel ? [] : ['save ""', 'appendonly no']),
    ...lines.map((line) => (line === 'cluster-port' ? `cluster-port ${port + 1}` : line)),
  ];
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
