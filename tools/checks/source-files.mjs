import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../setup/paths.mjs';

const SKIPPED = new Set(['node_modules', 'dist', 'worker-build']);

/**
 * The project's files under the given folders, as paths from the root with `/`, sorted.
 * @param {string[]} folders
 * @param {RegExp} pattern of the path
 * @returns {string[]}
 */
export function findFiles(folders, pattern) {
  return folders
    .flatMap((folder) => walk(folder))
    .filter((path) => pattern.test(path))
    .sort();
}

function walk(folder) {
  let entries;
  try {
    entries = readdirSync(inRoot(folder), { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return entries
    .filter(({ name }) => !SKIPPED.has(name))
    .flatMap((entry) => (entry.isDirectory() ? walk(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));
}

/** The text of a project file. */
export function readSource(path) {
  return readFileSync(join(inRoot(), path), 'utf8');
}
