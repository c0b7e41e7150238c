import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { findFiles } from '../checks/source-files.mjs';
import { withLock } from '../setup/lock.mjs';
import { inRoot } from '../setup/paths.mjs';
import { say, since } from '../setup/progress.mjs';
import { ensureWidgets } from '../setup/widgets-build.mjs';
import { buildRelayPackage } from './relay-package.mjs';
import { buildWidgetsPackage } from './widgets-package.mjs';

const stampFile = inRoot('.cache', 'packages', '.built-from');
/** Whatever the packages are made of, besides the widgets' bundles, which have their own record. */
const FOLDERS = ['widgets', 'relay', 'tools/packaging'];
const FILES = ['custom-elements.json', 'tsconfig.json', 'package-lock.json'];

/**
 * Makes both folders ready for `npm pack` and `npm publish`: widgets/dist (bundles, modules, declarations, manifest) and
 * relay/dist (JavaScript and declarations), unless they were made from exactly these sources. `npm start` needs none of it.
 */
export async function ensurePackages() {
  await ensureWidgets();
  await withLock(inRoot('.cache', 'packages.lock'), 'waiting for the packages', async () => {
    const wanted = hashSources();
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted && isComplete()) return;
    const start = Date.now();
    say('building the npm packages ...');
    await buildWidgetsPackage();
    await buildRelayPackage();
    writeFileSync(stampFile, wanted);
    say(`npm packages built in ${since(start)}`);
  });
}

function hashSources() {
  const hash = createHash('sha256');
  for (const file of [...findFiles(FOLDERS, /(?<!\.test)\.(?:ts|mjs|json|md)$/), ...FILES]) {
    hash.update(`${file}\0`).update(readFileSync(inRoot(file)));
  }
  return hash.digest('hex');
}

/** Somebody may have removed one of the folders. */
function isComplete() {
  return existsSync(inRoot('widgets', 'dist', 'modules', 'index.js')) && existsSync(inRoot('relay', 'dist', 'main.js'));
}
