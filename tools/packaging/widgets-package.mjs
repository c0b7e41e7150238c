import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot } from '../setup/paths.mjs';
import { compile, filesIn } from './compile.mjs';
import { reachable, withJsEndings } from './declarations.mjs';
import { expandProtocolTypes, protocolNames, withOwnProtocol } from './protocol-types.mjs';

/** Holds the protocol's types, in the package. */
const PROTOCOL = 'protocol-types';

/**
 * The modules that `exports` of widgets/package.json names, without ending. Those of bundle/ stand for the bundles in Node,
 * where these, made for pages alone, fail.
 */
const ENTRIES = [
  'index',
  'define',
  'stream-button/define',
  'listen-panel/define',
  'bundle/prospect-live',
  'bundle/stream-button',
  'bundle/listen-panel',
  'locales/ar',
  'locales/en',
  'locales/es',
  'locales/fr',
];

/** Types for frameworks, generated from the manifest. */
const FRAMEWORKS = ['react', 'vue'];

/**
 * Makes widgets/dist/modules, the unbundled modules with their declarations, and widgets/dist/custom-elements.json. The
 * bundles beside them come from rollup.
 */
export async function buildWidgetsPackage() {
  const compiled = join(await compile('widgets'), 'widgets');
  const modules = inRoot('widgets', 'dist', 'modules');
  rmSync(modules, { recursive: true, force: true });
  const write = (file, text) => {
    mkdirSync(dirname(join(modules, file)), { recursive: true });
    writeFileSync(join(modules, file), text);
  };
  const { version } = JSON.parse(readFileSync(inRoot('widgets', 'package.json'), 'utf8'));

  for (const file of filesIn(compiled).filter((path) => path.endsWith('.js'))) {
    const text = readFileSync(join(compiled, file), 'utf8');
    write(file, file === 'shared/version.js' ? withVersion(text, version) : text);
  }
  for (const [file, text] of declarations(compiled)) write(file, text);
  for (const framework of FRAMEWORKS) {
    const text = readFileSync(inRoot('widgets', 'types', `${framework}.d.ts`), 'utf8');
    write(`types/${framework}.d.ts`, text.replaceAll("'@prospect-live/widgets';", "'../index.js';"));
    // For those who import it as a value: there is nothing in it but types.
    write(`types/${framework}.js`, 'export {};\n');
  }
  // A script for a worker: a page takes its address, and nothing that it exports.
  write('types/e2ee-worker.d.ts', 'export {};\n');
  writeFileSync(inRoot('widgets', 'dist', 'custom-elements.json'), manifest());
}

/** The public declarations, which need nothing outside the package but lit. */
function declarations(compiled) {
  const read = (file) => (file.startsWith('../') ? '' : readFileSync(join(compiled, file), 'utf8'));
  const files = reachable(
    ENTRIES.map((entry) => `${entry}.d.ts`),
    read,
  ).filter((file) => !file.startsWith('../'));
  const result = new Map(
    files.map((file) => [file, withJsEndings(withOwnProtocol(file, read(file), `${PROTOCOL}.js`))]),
  );
  result.set(`${PROTOCOL}.d.ts`, expandProtocolTypes(protocolNames(files.map(read))));
  return result;
}

/** In the bundles, rollup puts the version in. */
function withVersion(text, version) {
  const line = /export const WIDGET_VERSION = .*;/;
  if (!line.test(text)) throw new Error('widgets/shared/version.ts no longer has the line that takes the version.');
  return text.replace(line, `export const WIDGET_VERSION = '${version}';`);
}

/** The manifest with the modules as they lie in the package. */
function manifest() {
  const content = JSON.parse(readFileSync(inRoot('custom-elements.json'), 'utf8'));
  const inPackage = (value) =>
    typeof value === 'string' ? value.replace(/^\/?widgets\/(.*)\.ts$/, 'dist/modules/$1.js') : value;
  const text = JSON.stringify(
    content,
    (key, value) => (['path', 'module'].includes(key) ? inPackage(value) : value),
    2,
  );
  return `${text}\n`;
}
