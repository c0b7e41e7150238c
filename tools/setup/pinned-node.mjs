import { existsSync, realpathSync } from 'node:fs';
import { delimiter } from 'node:path';
import { inRoot } from './paths.mjs';
import { SetupError } from './progress.mjs';
import { isExecutable, runForeground, succeeds } from './run.mjs';

/** Set for the copy of a command that runs under the pinned Node, so that it can never start itself for ever. */
const MARK = 'PROSPECT_PINNED_NODE';
/** The oldest Node that runs TypeScript files without a flag. */
const OLDEST = [22, 18];

/**
 * Goes on under the Node of the npm package `node` (the version that package.json pins), whatever Node the machine has.
 * The first call runs this process's command again with that binary and ends with its exit code; in that copy, and where
 * this process has the right Node already, it only puts node_modules/.bin first on the PATH.
 */
export async function continueUnderPinnedNode() {
  const bin = inRoot('node_modules', '.bin');
  if (!process.env.PATH?.startsWith(bin + delimiter)) process.env.PATH = bin + delimiter + (process.env.PATH ?? '');
  const pinned = pinnedNode();
  if (pinned && (process.env[MARK] || realpathSync(process.execPath) === realpathSync(pinned))) return;
  if (pinned && succeeds(pinned, ['--version'])) {
    const env = { ...process.env, [MARK]: '1' };
    process.exit(await runForeground(pinned, [...process.execArgv, ...process.argv.slice(1)], { env }));
  }
  if (!isNewEnough(process.versions.node)) {
    throw new SetupError(
      `This needs Node ${OLDEST.join('.')} or newer; this is ${process.versions.node}, and the one that the npm package "node" ` +
        'brings does not run here. Install a current Node (https://nodejs.org) and start again.',
    );
  }
}

function pinnedNode() {
  const candidates = [inRoot('node_modules', 'node', 'bin', 'node'), inRoot('node_modules', 'node', 'bin', 'node.exe')];
  return candidates.find((path) => existsSync(path) && isExecutable(path)) ?? null;
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}
