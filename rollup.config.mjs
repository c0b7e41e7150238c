import { readFileSync } from 'node:fs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild, { minify } from 'rollup-plugin-esbuild';
import { catalogueLists, localeList } from './tools/bundling/catalogue-lists.mjs';
import { clearParts, findParts, givenShared, partNamed, partsApart } from './tools/bundling/code-parts.mjs';
import { contentNamed } from './tools/bundling/content-named.mjs';
import { LOCALES, localeNamed, localesApart } from './tools/bundling/locale-files.mjs';
import { minifyLiterals } from './tools/bundling/minify-literals.mjs';
import { thirdPartyLicences } from './tools/bundling/third-party-licences.mjs';

const { version } = JSON.parse(readFileSync(new URL('./widgets/package.json', import.meta.url), 'utf8'));

/** TypeScript to JavaScript. */
function stripTypes() {
  const { name, transform } = esbuild({
    target: 'es2022',
    // Read for useDefineForClassFields: false; true would shadow Lit's reactive properties.
    tsconfig: 'tsconfig.json',
    define: { __WIDGET_VERSION__: JSON.stringify(version) },
  });
  // The plugin would also resolve relative imports inside packages, past their "browser" fields: socket.io-client would
  // bring along what it needs in Node.
  return { name, transform };
}

/** The two minifiers find different things: together they save 0.8 KB more of a bundle, gzipped, than terser alone. */
const minified = [
  minify({ target: 'es2022', legalComments: 'inline' }),
  terser({
    module: true,
    ecma: 2022,
    compress: { passes: 3 },
    format: { comments: /^!/ },
  }),
];

/** An unresolved or missing import would only fail in the page. */
function onwarn(warning, warn) {
  if (['UNRESOLVED_IMPORT', 'MISSING_EXPORT'].includes(warning.code)) throw new Error(warning.message);
  warn(warning);
}

const DIST = 'widgets/dist';
const ENTRIES = ['prospect-live', 'stream-button', 'listen-panel', 'doctor'];
const entryOf = (name) => `widgets/bundle/${name}.ts`;

/** Sources to modules. */
const sources = () => [
  // Without the condition "node", socket.io-client resolves to its build without the debug package.
  nodeResolve({ browser: true, exportConditions: ['production'] }),
  stripTypes(),
];

const parts = await findParts(ENTRIES.map(entryOf), sources);
clearParts(DIST);

/** One file that a page loads with one script tag; it loads further languages and the parts itself. @param others plugins after all */
const bundle = (entry, name, ...others) => ({
  input: entryOf(entry),
  output: {
    file: `${DIST}/${name}.js`,
    format: 'es',
    sourcemap: true,
    inlineDynamicImports: true,
    banner: `/*! Prospect Live ${version}, MIT licence. Third parties: ${name}.licences.txt */`,
  },
  plugins: [
    localesApart(DIST),
    ...sources(),
    partsApart(parts, DIST),
    catalogueLists(),
    minifyLiterals(/\/widgets\/.*\.ts$/),
    ...minified,
    thirdPartyLicences(`${name}.licences.txt`),
    ...others,
  ],
  onwarn,
});

/** The texts of one language that is loaded when needed. */
const locale = (name) => ({
  input: `widgets/locales/${name}.ts`,
  output: {
    file: `${DIST}/locales/${name}.js`,
    format: 'es',
    banner: `/*! Prospect Live ${version}, MIT licence. */`,
  },
  plugins: [stripTypes(), localeList(), ...minified, localeNamed(name, version)],
  onwarn,
});

/** What the bundles load when it is needed. */
const part = (each) => ({
  input: each.id,
  output: {
    file: `${DIST}/parts/${each.name}.js`,
    format: 'es',
    banner: `/*! Prospect Live ${version}, MIT licence. */`,
  },
  plugins: [
    ...sources(),
    partsApart(parts, DIST, './'),
    catalogueLists(),
    minifyLiterals(/\/widgets\/.*\.ts$/),
    givenShared(each),
    ...minified,
    partNamed(each, version),
  ],
  onwarn,
});

/** One for the pages of hosts, which may take it from a CDN. */
const hostBundle = (entry, name) => bundle(entry, name, contentNamed(name, version));

export default [
  // First: the bundles name these by their content; parts too, those that they ask for.
  ...LOCALES.map(locale),
  ...[...parts.values()].map(part),
  hostBundle('prospect-live', 'prospect-live'),
  hostBundle('stream-button', 'prospect-stream-button'),
  hostBundle('listen-panel', 'prospect-listen-panel'),
  // The worker of sealed streams, for hosts whose policy allows no blob (`e2ee-worker-url`).
  {
    input: 'widgets/e2ee/worker.ts',
    output: {
      file: `${DIST}/prospect-e2ee-worker.js`,
      format: 'es',
      banner: `/*! Prospect Live ${version}, MIT licence. */`,
    },
    plugins: [...sources(), ...minified],
    onwarn,
  },
  // The page /doctor, which the relay serves with this script, and no host.
  bundle('doctor', 'prospect-doctor'),
];
