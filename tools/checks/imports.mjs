import { posix } from 'node:path';

/** A program or a module that is named by its address, to be started or imported later. */
const BY_ADDRESS = /new URL\(\s*'(\.[^']+\.(?:ts|tsx|mjs|js))',\s*import\.meta\.url\s*\)/g;
const IMPORT = /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{][^'";]*?\sfrom\s*)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;

/** The folders that hold the project's sources. */
export const SOURCE_FOLDERS = ['relay', 'widgets', 'demo', 'test', 'tools'];

/** Every kind of source that imports. Declarations are generated, or say what others do. */
export const IMPORTING = /(?<!\.d)\.(?:ts|tsx|mjs|js|vue)$/;

/**
 * What a source imports, as written; `path` from the root where it is a file of the project, null for a package.
 * @typedef {{ target: string, path: string | null, typeOnly: boolean }} Import
 */

/**
 * Everything that a source imports, types and late imports too.
 * @param {string} file its path from the root
 * @param {string} source
 * @returns {Import[]}
 */
export function importsIn(file, source) {
  return [...source.matchAll(IMPORT)].map(([, typeOnly, fixed, dynamic]) => {
    const target = fixed ?? dynamic;
    return { target, path: pathOf(file, target), typeOnly: Boolean(typeOnly) };
  });
}

/** The project's programs and modules that a source names by their address, as paths from the root. */
export function addressesIn(file, source) {
  return [...source.matchAll(BY_ADDRESS)].map(([, target]) => pathOf(file, target));
}

function pathOf(file, target) {
  return target.startsWith('.') ? posix.join(posix.dirname(file), target) : null;
}
