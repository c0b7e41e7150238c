import { rm } from 'node:fs/promises';
import { ChildProgram } from './child-program.ts';

/** How a program is started, each time the same. */
export interface ProgramStart {
  readonly command: string;
  readonly args: readonly string[];
  /** Its configuration and whatever it writes. Goes when the program is closed. */
  readonly folder: string;
  /** Whether it runs and answers. */
  readonly answers: () => Promise<boolean>;
}

/** A program beside the test that is ended and started again at its place, as often as the test likes. */
export class KeptProgram {
  readonly #start: ProgramStart;
  #program: ChildProgram | null = null;

  protected constructor(start: ProgramStart) {
    this.#start = start;
  }

  /** The last that it printed: its log. */
  get output(): string {
    return this.#program?.output ?? '';
  }

  /** Starts it where it does not run. @throws Error with its output when it does not start */
  async restart(): Promise<void> {
    if (this.#program?.running) return;
    const { command, args, answers } = this.#start;
    this.#program = await ChildProgram.start(command, args, answers);
  }

  /** Nobody is told; every connection is lost. */
  async kill(): Promise<void> {
    await this.#program?.kill();
  }

  /** As at a planned restart. */
  async stop(): Promise<void> {
    await this.#program?.stop();
  }

  /** It keeps its connections and answers nothing. */
  freeze(): void {
    this.#program?.freeze();
  }

  /** Goes on, and does late what has come meanwhile. */
  thaw(): void {
    this.#program?.thaw();
  }

  /** Idempotent. */
  async close(): Promise<void> {
    await this.kill();
    await rm(this.#start.folder, { recursive: true, force: true });
  }

  /** For the first start: what does not start leaves nothing behind. @throws Error as `restart` */
  protected async begin(): Promise<void> {
    try {
      await this.restart();
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}
