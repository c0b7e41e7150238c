import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureProgram } from '../ensure-program.ts';
import { KeptProgram } from '../kept-program.ts';
import { fillLines } from './fill-lines.ts';

const DOCUMENTED = fileURLToPath(new URL('../../../deploy/redis/redis.conf', import.meta.url));
const SETTINGS = 'redis.conf';

/** A Redis of the test's own, with the documented configuration but for TLS: nothing on disk, and one user who may do little. */
export class Redis extends KeptProgram {
  /** For CLUSTER_URL. Stays the same over restarts. */
  readonly url: string;
  readonly port: number;

  private constructor(port: number, password: string, folder: string) {
    super({ command: 'redis-server', args: [join(folder, SETTINGS)], folder, answers: () => answers(port) });
    this.port = port;
    this.url = `redis://prospect:${password}@127.0.0.1:${port}`;
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
    await writeFile(join(folder, SETTINGS), settings, { mode: 0o600 });
    const redis = new Redis(port, password, folder);
    await redis.begin();
    return redis;
  }
}

/** Any answer will do; before the password it is a refusal. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
    socket.setTimeout(1_000, () => end(false));
  });
}
