import { RelayProcess } from '../../../demo/relay-process.ts';
import { anyRunning, childProcesses } from '../child-processes.ts';
import { waitUntil } from '../wait.ts';
import type { NodeName } from './haproxy.ts';

/** One relay of a cluster: a process that can be ended, held and started again at the same ports. */
export class RelayNode {
  readonly name: NodeName;
  /** Plain HTTP on 127.0.0.1, past the load balancer. */
  readonly httpPort: number;
  /** What it has logged so far, over all its lives. */
  readonly log: string[] = [];
  readonly #env: Readonly<Record<string, string>>;
  readonly #onOutput: (text: string) => void;
  #relay: RelayProcess | null = null;

  /** @param env of the relay, with its ports in it */
  constructor(
    name: NodeName,
    httpPort: number,
    env: Readonly<Record<string, string>>,
    onOutput: (text: string) => void = () => {},
  ) {
    this.name = name;
    this.httpPort = httpPort;
    this.#env = env;
    this.#onOutput = onOutput;
  }

  /** UDP ports, both included, that its ends of pipes may have. */
  get pipePorts(): { first: number; last: number } {
    const [first = 0, last = first] = (this.#env.PIPE_PORTS ?? '').split('-').map(Number);
    return { first, last };
  }

  /** Such as `http://127.0.0.1:20001`. */
  get url(): string {
    return `http://127.0.0.1:${this.httpPort}`;
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#relay?.pid;
  }

  /** The relay's log, line by line. */
  get logLines(): Readonly<Record<string, unknown>>[] {
    const lines = this.log.join('').split('\n');
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Starts it where it does not run. @param env more variables, for this life @throws Error with its log when it does not start */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    if (this.#relay) return;
    const onOutput = (text: string): void => {
      this.log.push(text);
      this.#onOutput(text);
    };
    try {
      const relay = await RelayProcess.start({ env: { ...this.#env, ...env }, onOutput });
      this.#relay = relay;
      void relay.ended.then(() => {
        if (this.#relay === relay) this.#relay = null;
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`Relay ${this.name} did not start: ${why}\n${this.log.join('').slice(-4_000)}`, { cause: error });
    }
  }

  /**
   * SIGTERM, as at a planned restart: it drains and ends.
   * @param withinMs after which it is killed; by default longer than a relay drains
   */
  async stop(withinMs = 70_000): Promise<void> {
    const relay = this.#relay;
    if (!relay) return;
    // What is frozen would take no signal, and frozen workers would outlive their relay.
    await this.thaw();
    await relay.stop(withinMs);
  }

  /** As when the machine is gone: relay and workers end at once, nobody is told. */
  async kill(): Promise<void> {
    const relay = this.#relay;
    const processes = await this.#processes();
    for (const pid of processes) process.kill(pid, 'SIGKILL');
    await relay?.ended;
    await waitUntil('the end of the media workers', async () => !(await anyRunning(processes)));
  }

  /** SIGSTOP to relay and workers: connections stand, and nothing passes. @throws Error when it does not run */
  async freeze(): Promise<void> {
    await this.#signal('SIGSTOP');
  }

  /** Ends a `freeze`. @throws Error when it does not run */
  async thaw(): Promise<void> {
    await this.#signal('SIGCONT');
  }

  /** Gauges and counters of its `/metrics`, by name and labels. */
  async metrics(): Promise<Map<string, number>> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
    return new Map(
      lines.map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }),
    );
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    const processes = await this.#processes();
    if (processes.length === 0) throw new Error(`Relay ${this.name} does not run.`);
    for (const pid of processes) process.kill(pid, signal);
  }

  /** The relay's process and those of its workers. */
  async #processes(): Promise<number[]> {
    const pid = this.#relay?.pid;
    return pid === undefined ? [] : [pid, ...(await childProcesses(pid))];
  }
}
