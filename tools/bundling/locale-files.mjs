import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadedName, nameLoaded } from './content-named.mjs';

/** Languages that are loaded when a page first wants them; the others are in the bundles. */
export const LOCALES = ['ar', 'es'];

/** The folder of their files, beside the bundles and in `cdn/` alike. */
const FOLDER = 'locales';

/**
 * A Rollup plugin for the file of one language: writes it once more beside itself and into `cdn/`, under a name with the hash of its
 * content, as `contentNamed` does with bundles; that is the name by which the bundles ask for it.
 * @param {string} name of the language
 * @param {string} version of the package
 * @returns {import('rollup').Plugin}
 */
export function localeNamed(name, version) {
  return {
    name: 'locale-named',
    writeBundle({ file }) {
      nameLoaded(/** @type {string} */ (file), version, FOLDER, name);
    },
  };
}

/**
 * A Rollup plugin for bundles: leaves those languages out, and has them asked for by their files' names, relative to the bundle, so
 * that it works from wherever the folder lies. The files are built before.
 * @param {string} dist the folder of the bundles
 * @returns {import('rollup').Plugin}
 */
export function localesApart(dist) {
  return {
    name: 'locales-apart',
    resolveDynamicImport(specifier) {
      const name = /^\.\.\/locales\/(\w+)\.ts$/.exec(String(specifier))?.[1];
      if (name === undefined) return null;
      const file = join(dist, FOLDER, `${name}.js`);
      if (!LOCALES.includes(name) || !existsSync(file)) throw new Error(`There is no file of the language ${name}.`);
      return { id: `./${FOLDER}/${loadedName(name, readFileSync(file, 'utf8'))}`, external: true };
    },
  };
}
