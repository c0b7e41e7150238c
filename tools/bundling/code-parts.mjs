import { rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import MagicString from 'magic-string';
import { rollup } from 'rollup';
import { CDN_FOLDER, CDN_MANIFEST, clearManifest, nameLoaded } from './content-named.mjs';
import { visitSyntax } from './visit-syntax.mjs';

/** The folder of the parts, beside the bundles and in `cdn/` alike. */
const FOLDER = 'parts';
const LOADER = '\0part:';

/**
 * A module that the widgets import late, as `import('./x.ts')`: what few need, or what is not needed for the first paint.
 * @typedef {object} Part
 * @property {string} id the module's path
 * @property {string} name of its file, without hash
 * @property {Set<string>} shared the modules that are there wherever it is asked for: it is given those, and has no copy of them
 * @property {Set<string>} bundled all modules of the bundles
 * @property {string} [file] its name with the hash; once it is built
 * @property {string} [integrity] of the file, as a page pins it
 * @property {[string, string[]][]} [takes] the modules that it is given, in that order, with the names it uses; once it is built
 */

/** Languages are asked for late as well, and are files of another kind (locale-files.mjs). */
const isPart = (specifier) =>
  typeof specifier === 'string' && /^\.{1,2}\/.*\.ts$/.test(specifier) && !/\/locales\/\w+\.ts$/.test(specifier);

const both = (a, b) => new Set([...a].filter((id) => b.has(id)));

/**
 * Finds the parts of these bundles, and what each may take from where it is asked for: the modules that are in all of the bundles
 * and parts which ask for it.
 * @param {readonly string[]} entries the modules that the bundles are made of
 * @param {() => import('rollup').InputPluginOption[]} plugins what makes modules of sources
 * @returns {Promise<Map<string, Part>>} by id, each after those that it asks for itself
 */
export async function findParts(entries, plugins) {
  /** @type {Map<string, { modules: Set<string>, asks: Set<string> }>} */
  const graphs = new Map();
  const open = entries.map((entry) => resolve(entry));
  for (const id of open) {
    if (graphs.has(id)) continue;
    const graph = await graphOf(id, plugins());
    graphs.set(id, graph);
    open.push(...graph.asks);
  }
  const asking = (id) => [...graphs].filter(([, { asks }]) => asks.has(id)).map(([from]) => from);
  /** What there is where these ask. */
  const sharedBy = (from, way) => from.map((each) => there(each, way)).reduce(both);
  const there = (id, way) => {
    if (way.includes(id)) throw new Error(`Parts ask for each other in a circle: ${[...way, id].join(' -> ')}`);
    const from = asking(id);
    const own = graphs.get(id)?.modules ?? [];
    return new Set([...own, ...(from.length > 0 ? sharedBy(from, [...way, id]) : [])]);
  };
  const depth = (id) => 1 + Math.max(0, ...[...(graphs.get(id)?.asks ?? [])].map(depth));
  const ids = [...graphs.keys()].filter((id) => asking(id).length > 0);
  const bundled = new Set(entries.flatMap((entry) => [...(graphs.get(resolve(entry))?.modules ?? [])]));
  const parts = new Map();
  const names = new Set();
  for (const id of ids) {
    const shared = sharedBy(asking(id), [id]);
    const name = basename(id, '.ts');
    if (shared.has(id)) throw new Error(`${id} is asked for late, and is in what asks for it as well.`);
    if (names.has(name)) throw new Error(`Two parts would have the name ${name}.`);
    names.add(name);
    parts.set(id, { id, name, shared, bundled });
  }
  return new Map([...parts].sort(([a], [b]) => depth(a) - depth(b)));
}

/** The modules of which something is left in a bundle or part, and the parts that it asks for. */
async function graphOf(input, plugins) {
  const modules = new Set();
  const asks = new Set();
  const watch = {
    name: 'parts-of',
    resolveDynamicImport(specifier, importer) {
      if (isPart(specifier)) asks.add(resolve(dirname(importer), specifier));
      return { id: String(specifier), external: true };
    },
    buildEnd() {
      for (const id of this.getModuleIds()) if (this.getModuleInfo(id)?.isIncluded) modules.add(id);
    },
  };
  // What is wrong in it is said when it is built.
  const bundle = await rollup({ input, plugins: [watch, ...plugins], onwarn: () => {} });
  await bundle.close();
  return { modules, asks };
}

/**
 * A Rollup plugin for bundles and for parts: leaves the parts out, and has each asked for by its file's name, relative to the file that
 * asks, and then given what it takes. Asked for twice, it is the same one; one that did not come is asked for again the next time. The parts are built before.
 * @param {Map<string, Part>} parts
 * @param {string} dist the folder of the bundles
 * @param {'./parts/' | './'} folder where they lie, from the file that is built
 * @returns {import('rollup').Plugin}
 */
export function partsApart(parts, dist, folder = `./${FOLDER}/`) {
  const byName = new Map([...parts.values()].map((part) => [part.name, part]));
  return {
    name: 'parts-apart',
    transform(code, id) {
      const text = new MagicString(code);
      const names = new Set();
      visitSyntax(this.parse(code), (node) => {
        if (node.type !== 'ImportExpression' || !isPart(node.source.value)) return;
        const part = parts.get(resolve(dirname(id), node.source.value));
        if (!part) throw new Error(`${node.source.value} in ${id} is no part.`);
        names.add(part.name);
        text.overwrite(node.start, node.end, `${variable(part.name)}()`);
      });
      if (names.size === 0) return null;
      for (const name of names) text.prepend(`import ${variable(name)} from '${LOADER}${name}';\n`);
      return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
    },
    resolveId: (id) => (id.startsWith(LOADER) ? id : null),
    load(id) {
      if (!id.startsWith(LOADER)) return null;
      // `npm run dev`: a part with another content has another name.
      this.addWatchFile(resolve(dist, FOLDER, `${id.slice(LOADER.length)}.js`));
      const part = byName.get(id.slice(LOADER.length));
      if (!part?.file) throw new Error(`There is no file of the part ${id.slice(LOADER.length)}.`);
      return loader(folder, part);
    },
    resolveDynamicImport(specifier) {
      const isFile = [...parts.values()].some(({ file }) => specifier === `${folder}${file}`);
      return isFile ? { id: String(specifier), external: true } : null;
    },
  };
}

const variable = (name) => `load_${name.replace(/\W/g, '_')}`;

/** The module that loads a part's file in a page. */
const PART_FILE = JSON.stringify(fileURLToPath(new URL('part-file.mjs', import.meta.url)));

/**
 * A module that asks for a part's file.
 * @param {string} folder where it lies, from the file that asks
 * @param {Part} part
 */
function loader(folder, { file, integrity, takes = [] }) {
  const imports = takes.map(
    ([id, names], at) =>
      `import { ${names.map((name) => `${name} as s${at}_${name}`).join(', ')} } from ${JSON.stringify(id)};`,
  );
  const given = takes.map(([, names], at) => `{ ${names.map((name) => `${name}: s${at}_${name}`).join(', ')} }`);
  return `import { partFile } from ${PART_FILE};
${imports.join('\n')}
export default partFile(
  () => import('${folder}${file}'),
  '${folder}${file}',
  import.meta.url,
  '${integrity}',
  () => [${given.join(', ')}],
);
`;
}

/**
 * A Rollup plugin for a part: makes of it a module that exports one function, which takes what the part shares with where it is asked for and returns
 * what the part exports; so there is one of everything that is shared, whichever bundle asks, and nothing has to be named by its file. Comes before what minifies.
 * @param {Part} part
 * @returns {import('rollup').Plugin}
 */
export function givenShared(part) {
  return {
    name: 'given-shared',
    resolveId: {
      order: 'pre',
      async handler(source, importer) {
        const found = importer ? await this.resolve(source, importer, { skipSelf: true }) : null;
        return found && part.shared.has(found.id) ? { id: found.id, external: 'absolute' } : null;
      },
    },
    renderChunk(code, chunk) {
      refuseLibraries(part, Object.keys(chunk.modules));
      const text = new MagicString(code);
      /** @type {[string, string[]][]} */
      const takes = [];
      /** @type {string[]} */
      const exported = [];
      /** Takes names of a module. @returns the declaration of them */
      const take = (node, pairs) => {
        if (pairs.length === 0) return '';
        const at = takes.push([String(node.source.value), pairs.map(([name]) => name)]) - 1;
        return `const { ${pairs.map(([name, local]) => `${name}: ${local}`).join(', ')} } = shared[${at}];`;
      };
      for (const node of /** @type {any[]} */ (this.parse(code).body)) {
        if (node.type === 'ImportDeclaration')
          text.overwrite(node.start, node.end, take(node, node.specifiers.map(namesOf)));
        else if (node.type === 'ExportNamedDeclaration' && !node.declaration) {
          const names = node.specifiers.map(({ exported: outside, local }) => [outside.name, local.name]);
          const passed = node.source
            ? names.map(([, inside], at) => [inside, `passed_${takes.length}_${at}`])
            : names.map(([, inside]) => [inside, inside]);
          exported.push(...names.map(([outside], at) => `${outside}: ${passed[at][1]}`));
          if (node.source) text.overwrite(node.start, node.end, take(node, passed));
          else text.remove(node.start, node.end);
        } else if (node.type.startsWith('Export')) throw new Error(`${part.name}: ${node.type} is not expected here.`);
      }
      part.takes = takes;
      text.prepend('export default (shared) => {\n').append(`\nreturn { ${exported.join(', ')} };\n}\n`);
      return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
    },
  };
}

/** Of a library there is one copy, and its licence stands beside the bundles: a part may bring what no bundle has of a package that they have, such as a directive of lit. */
function refuseLibraries({ name, bundled }, modules) {
  const packages = new Set([...bundled].map(packageOf));
  for (const id of modules) {
    const library = packageOf(id);
    if (library && (bundled.has(id) || !packages.has(library)))
      throw new Error(
        `The part ${name} would bring ${id}. Parts take libraries from the bundles that ask for them: import it there as well.`,
      );
  }
}

const packageOf = (id) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))?.[1];

/** What a module imports: the name there, and the name here. */
function namesOf({ type, imported, local }) {
  if (type === 'ImportNamespaceSpecifier')
    throw new Error(`A part cannot take a whole module: import its names instead of ${local.name}.`);
  return [type === 'ImportDefaultSpecifier' ? 'default' : imported.name, local.name];
}

/**
 * A Rollup plugin for a part: writes it once more beside itself and into `cdn/`, under a name with the hash of its content, as `contentNamed`
 * does with bundles; that is the name by which it is asked for.
 * @param {Part} part
 * @param {string} version of the package
 * @returns {import('rollup').Plugin}
 */
export function partNamed(part, version) {
  return {
    name: 'part-named',
    writeBundle({ file }) {
      Object.assign(part, nameLoaded(/** @type {string} */ (file), version, FOLDER, part.name));
    },
  };
}

/**
 * Removes the files of parts that were built before.
 * @param {string} dist the folder of the bundles
 */
export function clearParts(dist) {
  for (const folder of [dist, join(dist, CDN_FOLDER)]) rmSync(join(folder, FOLDER), { recursive: true, force: true });
  clearManifest(join(dist, CDN_FOLDER, CDN_MANIFEST), 'parts');
}
