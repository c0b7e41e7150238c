import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NetworkNamespace } from '../../harness/network/network-namespace.ts';
import type { Finding } from '../measure/finding.ts';

const PROGRAM = fileURLToPath(new URL('./inside-own-network.ts', import.meta.url));
/** Before what it found, on its output. */
export const FOUND = 'found: ';

/**
 * Runs one of `INSIDE` with a cluster and a browser of its own in a network namespace, whose firewall is nobody else's.
 * @throws Error with what it printed when it fails
 */
export async function runInOwnNetwork(name: string, long: boolean): Promise<Finding[]> {
  const namespace = await NetworkNamespace.create({ links: 1 });
  try {
    const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
    const [command, ...args] = namespace.wrap(process.execPath, [PROGRAM, name, ...(long ? ['long'] : [])]);
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    await new Promise((resolve) => child.once('close', resolve));
    const line = output.split('\n').find((each) => each.startsWith(FOUND));
    if (!line) throw new Error(`It found nothing:\n${output.slice(-12_000)}`);
    return JSON.parse(line.slice(FOUND.length)) as Finding[];
  } finally {
    await namespace.close();
  }
}
