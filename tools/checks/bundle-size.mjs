import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { inRoot } from '../setup/paths.mjs';

/**
 * Largest sizes of the built bundles in kilobytes (1000 bytes), gzipped, everything included.
 * @type {Readonly<Record<string, number>>}
 */
export const BUDGETS_KB = JSON.parse(readFileSync(inRoot('widgets', 'bundle-limits.json'), 'utf8'));

/**
 * Measures a bundle as a page loads it.
 * @param {string} name of the file in widgets/dist
 * @returns {number} kilobytes, gzipped
 */
export function bundleSizeKb(name) {
  return gzipSync(readFileSync(inRoot('widgets', 'dist', name)), { level: 9 }).length / 1000;
}

/**
 * Compares a bundle with its budget.
 * @returns {{ problems: string[], note: string }}
 */
export function checkBundleSize(name) {
  if (!existsSync(inRoot('widgets', 'dist', name)))
    return { problems: [`widgets/dist/${name} was not built`], note: '' };
  const size = bundleSizeKb(name);
  const note = `${size.toFixed(1)} KB gzipped, at most ${BUDGETS_KB[name]} KB`;
  return { problems: size > BUDGETS_KB[name] ? [`${name}: ${note}`] : [], note };
}
