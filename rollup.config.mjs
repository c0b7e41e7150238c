import { readFileSync } from 'node:fs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild, { minify } from 'rollup-plugin-esbuild';
import { contentNamed } from './tools/bundling/content-named.mjs';
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

/** One file that needs nothing else: a host page loads it with one script tag. */
const bundle = (entry, name) => ({
  input: `widgets/bundle/${entry}.ts`,
  output: {
    file: `widgets/dist/${name}.js`,
    format: 'es',
    sourcemap: true,
    inlineDynamicImports: true,
    banner: `/*! Prospect Live ${version}, MIT licence. Third parties: ${name}.licences.txt */`,
  },
  plugins: [
    // Without the condition "node", socket.io-client resolves to its build without the debug package.
    nodeResolve({ browser: true, exportConditions: ['production'] }),
    stripTypes(),
    minifyLiterals(/\/widgets\/.*\.ts$/),
    // The two find different things: together they save 0.8 KB more, gzipped, than terser alone.
    minify({ target: 'es2022', legalComments: 'inline' }),
    terser({
      module: true,
      ecma: 2022,
      compress: { passes: 3 },
      format: { comments: /^!/ },
    }),
    thirdPartyLicences(`${name}.licences.txt`),
    contentNamed(name, version),
  ],
  onwarn(warning, warn) {
    // An unresolved or missing import would only fail in the page.
    if (['UNRESOLVED_IMPORT', 'MISSING_EXPORT'].includes(warning.code)) throw new Error(warning.message);
    warn(warning);
  },
});

export default [
  bundle('prospect-live', 'prospect-live'),
  bundle('stream-button', 'prospect-stream-button'),
  bundle('listen-panel', 'prospect-listen-panel'),
];
