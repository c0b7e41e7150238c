import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A Rollup plugin that writes the licences of the packages inside a bundle beside it. They ask to be passed on with
 * every copy; in the bundle itself they would cost each page load a kilobyte.
 * @param {string} fileName of the text file
 * @returns {import('rollup').Plugin}
 */
export function thirdPartyLicences(fileName) {
  return {
    name: 'third-party-licences',
    generateBundle(_options, bundle) {
      const packages = new Map();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const [id, { renderedLength }] of Object.entries(chunk.modules)) {
          const folder = renderedLength > 0 && packageFolder(id);
          if (folder) packages.set(folder, describe(folder));
        }
      }
      const source = [...packages.values()].sort().join(`\n${'-'.repeat(80)}\n\n`);
      this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

/** The folder of the npm package that a module belongs to, or null for the project's own modules. */
function packageFolder(id) {
  const parts = id.replace(/^\0/, '').split('/node_modules/');
  if (parts.length < 2) return null;
  let folder = dirname(id);
  // Packages hold further package.json files, without a name, that only say which module format a folder has.
  while (!(existsSync(join(folder, 'package.json')) && readPackage(folder).version)) folder = dirname(folder);
  return folder;
}

function describe(folder) {
  const { name, version, license } = readPackage(folder);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version} (${license})\n\n${text}\n`;
}

function readPackage(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
