import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, root } from '../setup/paths.mjs';
import { runLogged } from '../setup/run.mjs';

/**
 * Compiles a package by its tsconfig.build.json, from nothing.
 * @param {'widgets' | 'relay'} name
 * @returns {Promise<string>} the folder that the compiler wrote
 */
export async function compile(name) {
  const out = inRoot('.cache', 'packages', name);
  rmSync(out, { recursive: true, force: true });
  // By its path: another version's tsc may have the name in node_modules/.bin.
  const tsc = inRoot('node_modules', 'typescript', 'bin', 'tsc');
  await runLogged(`package-${name}`, process.execPath, [tsc, '-p', inRoot(name, 'tsconfig.build.json')], { cwd: root });
  return out;
}

/**
 * All files in and below a folder, as paths from it with `/`.
 * @param {string} folder
 * @returns {string[]}
 */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}
