import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import MagicString from 'magic-string';
import { shortHash } from './content-named.mjs';
import { visitSyntax } from './visit-syntax.mjs';

/** A catalogue: of the elements (`locales/`), or of a part that brings its texts along. */
const CATALOGUE = /\/widgets\/(locales|[\w-]+-texts)\/(\w+)\.ts$/;
/** A language's file that a bundle asks for late. */
const LATE = /\/locales\/\w+\.ts$/;
const ENGLISH = fileURLToPath(new URL('../../widgets/locales/en.ts', import.meta.url));
const LISTED = '\0listed-texts';

/** In a bundle: what makes texts by name of the list in a language's file. One of another version has other keys, and is refused. */
const LISTED_CODE = `import english, { keysHash } from ${JSON.stringify(ENGLISH)};
export const listed = ({ default: [hash, ...texts] }) => {
  if (hash !== keysHash) throw new Error('Its file is of another version.');
  return Object.fromEntries(Object.keys(english).map((key, at) => [key, texts[at]]));
};
`;

/**
 * A Rollup plugin for bundles and parts: writes the catalogues beside the English one without their keys, in its order, which a test holds to be
 * the same; and reads the files of further languages, which `localeList` makes, with the English one's keys.
 * @returns {import('rollup').Plugin}
 */
export function catalogueLists() {
  return {
    name: 'catalogue-lists',
    resolveId: (id) => (id === LISTED ? id : null),
    load: (id) => (id === LISTED ? LISTED_CODE : null),
    transform(code, id) {
      const [, folder, name] = CATALOGUE.exec(id.replaceAll('\\', '/')) ?? [];
      if (name === 'en' && folder === 'locales') return withHash(code, this.parse(code));
      if (name && !['en', 'catalogue'].includes(name))
        return { code: withoutKeys(code, this.parse(code), join(dirname(id), 'en.ts')), map: { mappings: '' } };
      return readingLists(code, (text) => this.parse(text));
    },
  };
}

/**
 * A Rollup plugin for the file of one language: makes a list of it, the hash of its keys and then its texts.
 * @returns {import('rollup').Plugin}
 */
export function localeList() {
  return {
    name: 'locale-list',
    transform(code) {
      const { keys, texts } = entriesOf(code, this.parse(code));
      return {
        code: `export default [${[JSON.stringify(hashOf(keys)), ...texts].join(',')}];\n`,
        map: { mappings: '' },
      };
    },
  };
}

/** The module with its texts as a list, under the keys of the English one. Exported for its test. */
export function withoutKeys(code, tree, english) {
  return `import english from ${JSON.stringify(english)};
const texts = [${entriesOf(code, tree).texts.join(',')}];
export default Object.fromEntries(Object.keys(english).map((key, index) => [key, texts[index]]));
`;
}

/** The English catalogue, and the hash of its keys beside it. */
function withHash(code, tree) {
  const text = new MagicString(code).append(
    `\nexport const keysHash = ${JSON.stringify(hashOf(entriesOf(code, tree).keys))};\n`,
  );
  return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
}

/** A module that asks for languages, reading what it gets. */
function readingLists(code, parse) {
  if (!code.includes('/locales/')) return null;
  const text = new MagicString(code);
  visitSyntax(parse(code), ({ type, source, end }) => {
    if (type === 'ImportExpression' && LATE.test(source.value ?? '')) text.appendLeft(end, '.then(listed)');
  });
  if (!text.hasChanged()) return null;
  text.prepend(`import { listed } from ${JSON.stringify(LISTED)};\n`);
  return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
}

const hashOf = (keys) => shortHash(keys.join()).slice(0, 8);

/** The keys and texts of a catalogue, as they are written. */
function entriesOf(code, tree) {
  /** @type {any[] | null} */
  let properties = null;
  visitSyntax(tree, (node) => {
    if (properties || node.type !== 'ObjectExpression') return true;
    properties = node.properties;
    return false;
  });
  if (!properties) throw new Error('A catalogue has no texts.');
  return {
    keys: properties.map(({ key }) => String(key.name ?? key.value)),
    texts: properties.map(({ value }) => code.slice(value.start, value.end)),
  };
}
