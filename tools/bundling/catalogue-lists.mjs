import { visitSyntax } from './visit-syntax.mjs';

const ENGLISH = '../locales/en.ts';

/**
 * A Rollup plugin for bundles: writes the catalogues that are in a bundle beside the English one without their keys, in its order,
 * which a test holds to be the same. That saves 0.2 KB of the bundle, gzipped.
 * @returns {import('rollup').Plugin}
 */
export function catalogueLists() {
  return {
    name: 'catalogue-lists',
    transform(code, id) {
      const name = /\/widgets\/locales\/(\w+)\.ts$/.exec(id.replaceAll('\\', '/'))?.[1];
      if (!name || ['en', 'catalogue'].includes(name)) return null;
      return { code: withoutKeys(code, this.parse(code)), map: { mappings: '' } };
    },
  };
}

/** The module with its texts as a list. Exported for its test. */
export function withoutKeys(code, tree) {
  /** @type {string[] | null} */
  let texts = null;
  visitSyntax(tree, (node) => {
    if (texts || node.type !== 'ObjectExpression') return true;
    texts = node.properties.map(({ value }) => code.slice(value.start, value.end));
    return false;
  });
  if (!texts) throw new Error('A catalogue has no texts.');
  return `import english from '${ENGLISH}';
const texts = [${texts.join(',')}];
export default Object.fromEntries(Object.keys(english).map((key, index) => [key, texts[index]]));
`;
}
