import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** How much of its output is kept. */
const KEPT = 16_000;

/** A program beside the test: Redis, a load balancer. It is asked nothing here, only started, held, and ended. */
export class ChildProgram {
  readonly #name: string;
  readonly #child: ChildProcess;
  #output = '';

  private constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#child = child;
    const keep = (text: Buffer): void => {
      this.#output = (this.#output + text.toString()).slice(-KEPT);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => keep(Buffer.from(String(error))));
  }

  /**
   * Starts it and waits until it answers.
   * @param answers asked again and again
   * @throws Error with its output when it ends instead, or does not answer in time
   */
  static async start(
    command: string,
    args: readonly string[],
    answers: () => Promise<boolean>,
    timeoutMs = 20_000,
  ): Promise<ChildProgram> {
    const program = new ChildProgram(command, spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
    const end = performance.now() + timeoutMs;
    while (program.running && performance.now() < end) {
      if (await answers()) return program;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await program.kill();
    throw new Error(`${command} did not start:\n${program.output}`);
  }

  /** Process id; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get running(): boolean {
    const { pid, exitCode, signalCode } = this.#child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /** The last that it printed. */
  get output(): string {
    return this.#output;
  }

  /** SIGSTOP: it keeps its connections and answers nothing. @throws Error when it does not run */
  freeze(): void {
    this.#signal('SIGSTOP');
  }

  /** Ends a `freeze`. @throws Error when it does not run */
  thaw(): void {
    this.#signal('SIGCONT');
  }

  /** SIGTERM, and waits for its end. Idempotent. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** SIGKILL, and waits for its end. Idempotent. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (!this.running) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    // What is frozen takes no other signal before it goes on.
    this.#child.kill('SIGCONT');
    await gone;
  }

  #signal(signal: NodeJS.Signals): void {
    if (!this.running || !this.#child.kill(signal)) throw new Error(`${this.#name} does not run.`);
  }
}
