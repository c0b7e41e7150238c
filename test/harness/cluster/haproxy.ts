import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChildProgram } from '../child-program.ts';
import { ensureProgram } from '../ensure-program.ts';
import { type Filling, fillLines } from './fill-lines.ts';

/** The documented configuration, which is the one that runs here. */
export const DOCUMENTED_HAPROXY = fileURLToPath(new URL('../../../deploy/balancers/haproxy.cfg', import.meta.url));

/** Names of the relays in the documented configuration. */
const NODES = ['a', 'b', 'c'] as const;

/** A relay's name, as NODE_ID has it. */
export type NodeName = (typeof NODES)[number];

/** Where HAProxy listens, and the relays behind it. */
export interface HaproxyPlace {
  /** `bind` lines without the word, such as `127.0.0.1:20080`. */
  readonly binds: readonly string[];
  /** Host and port of each relay; those that are left out are not there. */
  readonly nodes: ReadonlyMap<NodeName, string>;
}

/** The documented configuration with the addresses of a place. */
export function fillHaproxy(documented: string, { binds, nodes }: HaproxyPlace): string {
  return fillLines(documented, [
    // These take root; in the foreground it runs as whoever started it.
    [/^ {4}(?:user|group) haproxy$/, null],
    [/^ {4}bind .*$/, binds.map((bind) => `    bind ${bind}`).join('\n')],
    ...NODES.map((name): Filling => {
      const address = nodes.get(name);
      return [new RegExp(`^ {4}server ${name} \\S+$`), address === undefined ? null : `    server ${name} ${address}`];
    }),
  ]);
}

/** A real HAProxy before relays, with the documented configuration. */
export class Haproxy {
  readonly #folder: string;
  readonly #answers: () => Promise<boolean>;
  #program: ChildProgram | null = null;

  private constructor(folder: string, answers: () => Promise<boolean>) {
    this.#folder = folder;
    this.#answers = answers;
  }

  /**
   * Installs it if need be, and starts it.
   * @param url what answers, with any status, once it runs
   * @throws Error with its output when it does not start
   */
  static async start(place: HaproxyPlace, url: string): Promise<Haproxy> {
    await ensureProgram('haproxy', 'haproxy');
    const folder = await mkdtemp(join(tmpdir(), 'prospect-haproxy-'));
    const settings = fillHaproxy(await readFile(DOCUMENTED_HAPROXY, 'utf8'), place);
    await writeFile(join(folder, 'haproxy.cfg'), settings);
    const haproxy = new Haproxy(folder, () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    );
    try {
      await haproxy.restart();
    } catch (error) {
      await haproxy.close();
      throw error;
    }
    return haproxy;
  }

  /** The last that it printed: its log. */
  get output(): string {
    return this.#program?.output ?? '';
  }

  /** Starts it where it does not run, at the same port. @throws Error with its output when it does not start */
  async restart(): Promise<void> {
    if (this.#program?.running) return;
    const settings = join(this.#folder, 'haproxy.cfg');
    this.#program = await ChildProgram.start('haproxy', ['-db', '-f', settings], this.#answers);
  }

  /** Nobody is told; every connection through it is lost. */
  async kill(): Promise<void> {
    await this.#program?.kill();
  }

  /** Its connections stand, and nothing passes. */
  freeze(): void {
    this.#program?.freeze();
  }

  /** Ends a `freeze`. */
  thaw(): void {
    this.#program?.thaw();
  }

  /** Idempotent. */
  async close(): Promise<void> {
    await this.#program?.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
