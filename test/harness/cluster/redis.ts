import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChildProgram } from '../child-program.ts';
import { ensureProgram } from '../ensure-program.ts';
import { fillLines } from './fill-lines.ts';

const DOCUMENTED = fileURLToPath(new URL('../../../deploy/redis/redis.conf', import.meta.url));

/** A Redis of the test's own, with the documented configuration but for TLS: nothing on disk, and one user who may do little. */
export class Redis {
  /** For CLUSTER_URL. Stays the same over restarts. */
  readonly url: string;
  readonly port: number;
  readonly #folder: string;
  #program: ChildProgram | null = null;

  private constructor(port: number, password: string, folder: string) {
    this.port = port;
    this.url = `redis://prospect:${password}@127.0.0.1:${port}`;
    this.#folder = folder;
  }

  /** Installs it if need be and starts it. @throws Error with its output when it does not start */
  static async start(port: number): Promise<Redis> {
    await ensureProgram('redis-server', 'redis-server');
    const password = randomBytes(32).toString('base64url');
    const folder = await mkdtemp(join(tmpdir(), 'prospect-redis-'));
    const settings = fillLines(await readFile(DOCUMENTED, 'utf8'), [
      [/^bind .*/, `bind 127.0.0.1\ndir ${folder}`],
      [/^port 0$/, `port ${port}`],
      [/^tls-/, null],
      [/replace-by-a-long-random-password/, password],
    ]);
    await writeFile(join(folder, 'redis.conf'), settings, { mode: 0o600 });
    const redis = new Redis(port, password, folder);
    try {
      await redis.restart();
    } catch (error) {
      await redis.close();
      throw error;
    }
    return redis;
  }

  /** Starts it where it does not run, at the same port and empty. @throws Error with its output when it does not start */
  async restart(): Promise<void> {
    if (this.#program?.running) return;
    this.#program = await ChildProgram.start('redis-server', [join(this.#folder, 'redis.conf')], () => this.#answers());
  }

  /** Nobody is told. */
  async kill(): Promise<void> {
    await this.#program?.kill();
  }

  /** As at a planned restart. */
  async stop(): Promise<void> {
    await this.#program?.stop();
  }

  /** It keeps its connections and answers nothing; subscribers notice nothing. */
  freeze(): void {
    this.#program?.freeze();
  }

  /** Goes on, and delivers late what has come meanwhile. */
  thaw(): void {
    this.#program?.thaw();
  }

  /** Idempotent. */
  async close(): Promise<void> {
    await this.#program?.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Any answer will do; before the password it is a refusal. */
  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write('PING\r\n'));
      const end = (answered: boolean) => {
        socket.destroy();
        resolve(answered);
      };
      socket.once('data', () => end(true));
      socket.once('error', () => end(false));
      socket.setTimeout(1_000, () => end(false));
    });
  }
}
