import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder beside the bundles that is uploaded to a CDN as it is. */
export const CDN_FOLDER = 'cdn';

/** Lists the files of the folder; its own name never changes. */
export const CDN_MANIFEST = 'manifest.json';

const MAP_COMMENT = /\n\/\/# sourceMappingURL=.*\s*$/;

/**
 * One bundle as it lies in the folder.
 * @typedef {{ file: string, integrity: string, bytes: number, map: string }} CdnFile
 */

/**
 * The manifest: each bundle by its stable name; what the bundles load when it is needed: the file of each language by its tag, and of each part by its name.
 * @typedef {{
 *   version: string,
 *   files: Record<string, CdnFile>,
 *   locales?: Record<string, Omit<CdnFile, 'map'>>,
 *   parts?: Record<string, Omit<CdnFile, 'map'>>,
 * }} CdnManifest
 */

/**
 * A Rollup plugin that writes a bundle once more, into `cdn/` beside it, under a name with the hash of its content: a file of that
 * name never changes, so that caches may keep it for ever, and pages may pin it (Subresource Integrity, W3C). Under the bundle's
 * own name stands a module of one line that leads to it. `cdn/manifest.json` has the names and hashes.
 * @param {string} name of the bundle, without ending
 * @param {string} version of the package
 * @returns {import('rollup').Plugin}
 */
export function contentNamed(name, version) {
  return {
    name: 'content-named',
    // The files are complete only now, with the comment that leads to the source map.
    writeBundle({ file }) {
      const dist = dirname(/** @type {string} */ (file));
      const folder = join(dist, CDN_FOLDER);
      mkdirSync(folder, { recursive: true });
      const { files, entry } = nameByContent(
        name,
        readFileSync(join(dist, `${name}.js`), 'utf8'),
        readFileSync(join(dist, `${name}.js.map`), 'utf8'),
      );
      const licences = `${name}.licences.txt`;
      const older = new RegExp(`^${name}-[0-9a-f]{16}\\.js(?:\\.map)?$`);
      for (const old of readdirSync(folder).filter((each) => older.test(each))) rmSync(join(folder, old));
      for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
      writeFileSync(join(folder, licences), readFileSync(join(dist, licences)));
      addToManifest(join(folder, CDN_MANIFEST), version, 'files', `${name}.js`, entry);
    },
  };
}

/**
 * The files of one bundle for a CDN. Exported for its test.
 * @param {string} name of the bundle, without ending
 * @param {string} code with the comment that leads to its source map
 * @param {string} map
 * @returns {{ files: Record<string, string>, entry: CdnFile }}
 */
export function nameByContent(name, code, map) {
  if (!MAP_COMMENT.test(code)) throw new Error(`The bundle ${name} does not end with the place of its source map.`);
  // Each file is named by its own content: of the map the name stands in the code, so that the code's name follows it.
  const mapFile = `${name}-${shortHash(map)}.js.map`;
  const content = code.replace(MAP_COMMENT, () => `\n//# sourceMappingURL=${mapFile}\n`);
  const file = `${name}-${shortHash(content)}.js`;
  return {
    files: { [mapFile]: map, [file]: content, [`${name}.js`]: `export * from './${file}';\n` },
    entry: {
      file,
      integrity: integrityOf(content),
      bytes: Buffer.byteLength(content),
      map: mapFile,
    },
  };
}

/**
 * Writes a file that a bundle loads once more beside itself and into `cdn/`, under a name with the hash of its content; what was built before under
 * such a name goes.
 * @param {string} file that was written
 * @param {string} version of the package
 * @param {'locales' | 'parts'} kind also the name of its folder, beside the bundles and in `cdn/` alike
 * @param {string} name of the language, or of the part
 * @returns {{ file: string, integrity: string }}
 */
export function nameLoaded(file, version, kind, name) {
  const folder = dirname(file);
  const cdn = join(dirname(folder), CDN_FOLDER);
  const content = readFileSync(file, 'utf8');
  const named = loadedName(name, content);
  const integrity = integrityOf(content);
  const older = new RegExp(`^${name}-[0-9a-f]{16}\\.js$`);
  for (const each of [folder, join(cdn, kind)]) {
    mkdirSync(each, { recursive: true });
    for (const old of readdirSync(each).filter((one) => older.test(one))) rmSync(join(each, old));
    writeFileSync(join(each, named), content);
  }
  const bytes = Buffer.byteLength(content);
  addToManifest(join(cdn, CDN_MANIFEST), version, kind, name, { file: `${kind}/${named}`, integrity, bytes });
  return { file: named, integrity };
}

/** The name by which a bundle asks for a file of this content. */
export const loadedName = (name, content) => `${name}-${shortHash(content)}.js`;

/**
 * The bundles, parts and languages are built one after another, each adds itself; those of another version go.
 * @param {string} path of the manifest
 * @param {string} version
 * @param {'files' | 'locales' | 'parts'} kind
 * @param {string} name
 * @param {object} entry
 */
export function addToManifest(path, version, kind, name, entry) {
  const found = readManifest(path);
  const { version: _, ...kinds } = found?.version === version ? found : { files: {} };
  writeManifest(path, { version, ...kinds, [kind]: sorted({ ...kinds[kind], [name]: entry }) });
}

/**
 * Takes everything of a kind out, before it is built anew: what is there no longer would stay for ever.
 * @param {string} path of the manifest
 * @param {'locales' | 'parts'} kind
 */
export function clearManifest(path, kind) {
  const found = readManifest(path);
  if (found) writeManifest(path, { ...found, [kind]: undefined });
}

/** @returns {CdnManifest | null} */
const readManifest = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null);

const writeManifest = (path, manifest) => writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);

const sorted = (entries) => Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));

/** What a page pins content by (Subresource Integrity, W3C). */
export const integrityOf = (content) => `sha384-${digest(content).toString('base64')}`;

const digest = (content) => createHash('sha384').update(content).digest();

/** 64 bits of the digest that is the integrity value, too: nobody has to be kept from finding a second content of that name, SRI does. */
export const shortHash = (content) => digest(content).toString('hex').slice(0, 16);
