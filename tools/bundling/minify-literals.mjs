import MagicString from 'magic-string';
import { visitSyntax } from './visit-syntax.mjs';

/**
 * A Rollup plugin that takes comments and superfluous white space out of the project's own css`...` and html`...`
 * literals. In HTML, white space is shortened to one space, never removed: no text or inline layout changes.
 * (The plugins for this on npm bring a TypeScript of their own, and a native CSS parser, for the same result.)
 * @param {RegExp} include which modules, as JavaScript
 * @returns {import('rollup').Plugin}
 */
export function minifyLiterals(include) {
  return {
    name: 'minify-literals',
    transform(code, id) {
      if (!include.test(id)) return null;
      const text = new MagicString(code);
      visitSyntax(this.parse(code), (node) => {
        const minify = node.type === 'TaggedTemplateExpression' && MINIFIERS[node.tag.name];
        if (!minify) return;
        for (const { start, end } of node.quasi.quasis) {
          if (end > start) text.overwrite(start, end, minify(code.slice(start, end)));
        }
      });
      return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) };
    },
  };
}

const MINIFIERS = { css: minifyCss, html: minifyHtml, svg: minifyHtml };

/** Shortens a part of a style sheet. */
export function minifyCss(text) {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/([a-z]): /g, '$1:')
    .replace(/ !important/g, '!important')
    .replace(/(?<=[\s:,(-])0(?=\.\d)/g, '')
    .replace(/;}/g, '}');
}

/** Shortens a part of a template. */
export function minifyHtml(text) {
  return text.replace(/<!--[\s\S]*?-->/g, '').replace(/\s+/g, ' ');
}
