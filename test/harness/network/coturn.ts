import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureProgram } from '../ensure-program.ts';
import { freePort } from './free-port.ts';
import { answersStun } from './stun.ts';

const RELAY_PORTS = 40;

/** A real TURN server on loopback, with the shared-secret credentials that the relay gives out. */
export class Coturn {
  /** For the relay's TURN_SECRET. */
  readonly secret: string;
  /** For the relay's TURN_URLS: UDP and TCP to the same port. */
  readonly urls: readonly string[];
  readonly port: number;
  /** Ports that it relays from, first and last: what the relay's side sees as the page's address. */
  readonly relayPorts: readonly [first: number, last: number];
  readonly #process: ChildProcess;
  readonly #folder: string;
  #output = '';

  /** Installs it if need be, starts it and waits until it answers. @throws Error with its output when it does not start */
  static async start(options: { secret: string; host?: string }): Promise<Coturn> {
    const { secret, host = '127.0.0.1' } = options;
    await ensureProgram('turnserver', 'coturn');
    const port = await freePort([host]);
    const firstRelayPort = await freePort([host], RELAY_PORTS);
    const relayPorts = [firstRelayPort, firstRelayPort + RELAY_PORTS - 1] as const;
    const folder = await mkdtemp(join(tmpdir(), 'prospect-coturn-'));
    const settings = join(folder, 'turnserver.conf');
    // In a file, because other users of the machine can read command lines.
    const lines = [
      `listening-ip=${host}`,
      `relay-ip=${host}`,
      `listening-port=${port}`,
      `min-port=${relayPorts[0]}`,
      `max-port=${relayPorts[1]}`,
      'realm=prospect.test',
      'use-auth-secret',
      `static-auth-secret=${secret}`,
      'fingerprint',
      'no-tls',
      'no-dtls',
      'no-cli',
      'no-multicast-peers',
      // The relay under test is on this machine; a public TURN server must never allow this.
      'allow-loopback-peers',
      'log-file=stdout',
      'simple-log',
      `userdb=${join(folder, 'users.sqlite')}`,
      `pidfile=${join(folder, 'turnserver.pid')}`,
    ];
    await writeFile(settings, `${lines.join('\n')}\n`, { mode: 0o600 });
    const child = spawn('turnserver', ['-c', settings], { stdio: ['ignore', 'pipe', 'pipe'] });
    const turn = new Coturn(child, folder, { secret, host, port, relayPorts });
    try {
      await turn.#untilItAnswers(host);
    } catch (error) {
      await turn.close();
      throw error;
    }
    return turn;
  }

  private constructor(
    child: ChildProcess,
    folder: string,
    at: { secret: string; host: string; port: number; relayPorts: readonly [number, number] },
  ) {
    this.#process = child;
    this.#folder = folder;
    this.secret = at.secret;
    this.port = at.port;
    this.relayPorts = at.relayPorts;
    this.urls = ['udp', 'tcp'].map((transport) => `turn:${at.host}:${at.port}?transport=${transport}`);
    const keep = (text: Buffer): void => {
      this.#output = (this.#output + text.toString()).slice(-8_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => keep(Buffer.from(String(error))));
  }

  /** The last lines that it printed. */
  get output(): string {
    return this.#output;
  }

  /** Idempotent. */
  async close(): Promise<void> {
    const child = this.#process;
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #untilItAnswers(host: string): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline) {
      if (this.#process.exitCode !== null || this.#process.pid === undefined) break;
      if (await answersStun(host, this.port)) return;
    }
    throw new Error(`coturn did not start:\n${this.#output}`);
  }
}
