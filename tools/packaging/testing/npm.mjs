import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from '../../setup/paths.mjs';
import { npm } from '../pack.mjs';

/** A folder outside the repository, so that nothing is found there but what is installed. */
export function newFolder() {
  return mkdtempSync(join(tmpdir(), 'prospect-packages-'));
}

/** Removes what `newFolder` made. */
export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Installs packages into an empty folder, as a host company would, except that no install scripts run: mediasoup's
 * would fetch its worker, which MEDIASOUP_WORKER_BIN names here.
 * @param {string} folder
 * @param {string[]} specs tarballs, or names with versions
 */
export function install(folder, specs) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  npm(folder, [
    'install',
    '--prefer-offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...specs,
  ]);
}

/** A package with the version that this project is tested with, such as `vue@3.5.45`. */
export function pinned(name) {
  const { version } = JSON.parse(readFileSync(inRoot('node_modules', name, 'package.json'), 'utf8'));
  return `${name}@${version}`;
}
