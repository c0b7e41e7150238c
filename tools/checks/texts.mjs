import { transformSync } from 'esbuild';
import { parseAst } from 'rollup/parseAst';
import { visitSyntax } from '../bundling/visit-syntax.mjs';
import { findFiles, readSource } from './source-files.mjs';

/** The folders whose modules show something to people. What the others say is for logs. */
const SHOWN = ['widgets/i18n', 'widgets/ui', 'widgets/stream-button', 'widgets/listen-panel'];

/** Attributes whose value is read out or shown. */
const SPOKEN =
  /\s(?:aria-(?:label|description|roledescription|valuetext|placeholder)|title|placeholder|alt)=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;

/** A sentence or several words; or a word as a label has it. */
const SENTENCE = /\p{L}{2,}[’',.…]?\s+\p{L}|^\p{Lu}\p{Ll}{2,}[.!?…]?$/u;

/**
 * Finds texts for people that stand in the widgets' code instead of their catalogues (widgets/locales/), where no language but
 * theirs would ever have them.
 * @returns {string[]} one line per problem
 */
export function checkTexts() {
  return findFiles(SHOWN, /(?<!\.test|\.d)\.ts$/)
    .filter((file) => !file.includes('/testing/'))
    .flatMap((file) => checkFile(file, readSource(file)));
}

/** The problems of one module. Exported for its test. */
export function checkFile(file, source) {
  const { code } = transformSync(source, { loader: 'ts', target: 'esnext', charset: 'utf8' });
  const problems = [];
  const report = (text) => {
    const line = source.slice(0, source.indexOf(text.trim().split('\n')[0] ?? '')).split('\n').length;
    problems.push(`${file}:${line}: a text outside the catalogues of widgets/locales/: "${text.trim()}"`);
  };
  visitSyntax(parseAst(code), visit);
  return problems;

  function visit(node) {
    // What is compared is a name, of a key or a state: never shown.
    if (isForDevelopers(node) || node.type === 'BinaryExpression') return false;
    if (node.type === 'TaggedTemplateExpression' && ['html', 'svg', 'css'].includes(node.tag.name)) {
      if (node.tag.name === 'css') return false;
      for (const text of textsOfTemplate(node.quasi.quasis.map(({ value }) => value.raw))) report(text);
      visitSyntax(node.quasi.expressions, visit);
      return false;
    }
    const text = node.type === 'Literal' ? node.value : node.type === 'TemplateElement' ? node.value.cooked : null;
    if (typeof text === 'string' && SENTENCE.test(text)) report(text);
    return true;
  }
}

/** Errors and the console: they are read by developers, in English. */
function isForDevelopers({ type, callee }) {
  if (type === 'NewExpression') return /Error$/.test(callee.name ?? '');
  return type === 'CallExpression' && callee.type === 'MemberExpression' && callee.object.name === 'console';
}

/**
 * The words of a template: between its tags, and in attributes that are read out.
 * @param {string[]} parts what stands between its expressions
 */
function textsOfTemplate(parts) {
  const markup = parts.join('\0');
  const attributes = [...markup.matchAll(SPOKEN)].map(([, ...values]) => values.find((value) => value !== undefined));
  const between = markup.replace(/<!--[\s\S]*?-->|<[^>]*>/g, '\n').split(/[\n\0]/);
  return [...attributes, ...between].filter((text) => /\p{L}/u.test(text ?? ''));
}
