import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RelayPorts } from './server/relay-address.ts';

const MAIN = fileURLToPath(new URL('../relay/main.ts', import.meta.url));
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 6000;

/** How to run the relay. */
export interface RelayProcessOptions {
  /** Environment variables of the relay, beside this process's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Receives the relay's log, standard output and errors alike. */
  readonly onOutput: (text: string) => void;
}

/** The relay as a child process, the way a host would run it: a program of its own, told everything by its environment. */
export class RelayProcess {
  readonly ports: RelayPorts;
  /** Resolves when the process has ended, however that came, with words for a person. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  #stopping = false;

  private constructor(child: ChildProcess, ports: RelayPorts, ended: Promise<string>) {
    this.#child = child;
    this.ports = ports;
    this.ended = ended;
  }

  /** Starts the relay and waits until it listens. @throws Error when it ends or says nothing for half a minute */
  static async start(options: RelayProcessOptions): Promise<RelayProcess> {
    const child = fork(MAIN, [], {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.stdout?.setEncoding('utf8').on('data', options.onOutput);
    child.stderr?.setEncoding('utf8').on('data', options.onOutput);
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `exit code ${code}`));
    });
    const ready = new Promise<RelayPorts>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('it did not say that it is ready')), START_TIMEOUT_MS);
      child.on('message', (message) => {
        const ports = readReady(message);
        if (ports) resolve(ports);
      });
      void ended.then((why) => reject(new Error(why)));
      void ended.finally(() => clearTimeout(timer));
      child.once('message', () => clearTimeout(timer));
    });
    try {
      return new RelayProcess(child, await ready, ended);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** True once `stop` was called: its end is no failure then. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Asks the relay to end, waits so many milliseconds, and ends it if it does not. Idempotent. */
  async stop(withinMs = STOP_TIMEOUT_MS): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      this.#child.kill('SIGTERM');
    }
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), withinMs);
    await this.ended;
    clearTimeout(timer);
  }
}

function readReady(message: unknown): RelayPorts | null {
  if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'ready') return null;
  return {
    http: port('http' in message ? message.http : null),
    https: port('https' in message ? message.https : null),
  };
}

function port(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
