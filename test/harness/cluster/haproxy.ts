import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureProgram } from '../ensure-program.ts';
import { KeptProgram } from '../kept-program.ts';
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
export class Haproxy extends KeptProgram {
  /**
   * Installs it if need be, and starts it.
   * @param url what answers, with any status, once it runs
   * @throws Error with its output when it does not start
   */
  static async start(place: HaproxyPlace, url: string): Promise<Haproxy> {
    await ensureProgram('haproxy', 'haproxy');
    const folder = await mkdtemp(join(tmpdir(), 'prospect-haproxy-'));
    const settings = join(folder, 'haproxy.cfg');
    await writeFile(settings, fillHaproxy(await readFile(DOCUMENTED_HAPROXY, 'utf8'), place));
    const answers = () =>
      fetch(url).then(
        () => true,
        () => false,
      );
    const haproxy = new Haproxy({ command: 'haproxy', args: ['-db', '-f', settings], folder, answers });
    await haproxy.begin();
    return haproxy;
  }
}
