import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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

/**
 * The folder of the npm package that a module belongs to, or null for the project's own modules. Told by its place: packages
 * hold further package.json files, with name and version too, that say which module format a folder has.
 */
function packageFolder(id) {
  return /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))?.[1] ?? null;
}

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!license) throw new Error(`${folder} has no licence in its package.json: it may not be passed on`);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version} (${license})\n\n${text}\n`;
}
