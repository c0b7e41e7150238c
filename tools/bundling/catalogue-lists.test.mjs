import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAst } from 'rollup/parseAst';
import { withoutKeys } from './catalogue-lists.mjs';

/** Runs the module with an English catalogue of these keys. */
function run(code, english) {
  const body = code.replace(/^import .*$/m, '').replace('export default', 'return');
  return new Function('english', body)(english);
}

describe('catalogues as lists', () => {
  it('have the same texts, and plural forms, under the keys of the English one', () => {
    const code = `var fr_default = { stop: "Arrêter", n: { one: "{n} a", other: "{n} b" }, "mute": 'Couper, vite' };\nexport { fr_default as default };`;
    assert.deepEqual(run(withoutKeys(code, parseAst(code)), { stop: 1, n: 1, mute: 1 }), {
      stop: 'Arrêter',
      n: { one: '{n} a', other: '{n} b' },
      mute: 'Couper, vite',
    });
  });

  it('without texts are refused', () => {
    assert.throws(() => withoutKeys('export {};', parseAst('export {};')), /no texts/);
  });
});
