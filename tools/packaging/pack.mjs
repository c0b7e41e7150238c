import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { npmCommand } from '../setup/node-modules.mjs';
import { inRoot } from '../setup/paths.mjs';

/** What the packages are asked for under. */
export const PACKAGES = /** @type {const} */ (['widgets', 'relay']);

/**
 * The tarballs that `npm publish` would upload.
 * @param {string} folder where they are put
 * @returns {Record<typeof PACKAGES[number], string>} paths
 */
export function pack(folder) {
  const which = PACKAGES.flatMap((name) => ['-w', name]);
  // The script before it would build what is built already.
  const report = npm(inRoot(), ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...which]);
  const packed = JSON.parse(report);
  // npm 12 names them by key; older ones list them.
  const files = (Array.isArray(packed) ? packed : Object.values(packed)).map(({ filename }) => filename);
  const find = (name) => {
    const file = files.find((candidate) => candidate.includes(`${name}-`));
    if (!file) throw new Error(`npm packed no ${name}: ${files.join(', ')}`);
    return join(folder, file);
  };
  return { widgets: find('widgets'), relay: find('relay') };
}

/** Runs npm in a folder, without what a surrounding `npm test` hands down. @returns what it printed */
export function npm(cwd, args) {
  const [command, ...first] = npmCommand();
  // What `npm test` hands down speaks of this repository: another npm must not take it for its own.
  const foreign = /^npm_(?!config_(?:cache|registry|userconfig|globalconfig|cafile|proxy|https_proxy|noproxy)$)/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !foreign.test(key)));
  return execFileSync(command, [...first, ...args], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
