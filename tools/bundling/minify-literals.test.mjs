import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rollup } from 'rollup';
import { minifyCss, minifyHtml, minifyLiterals } from './minify-literals.mjs';

describe('minified literals', () => {
  it('shortens CSS without changing what it means', () => {
    assert.equal(
      minifyCss('\n  /* why */\n  a > b:hover, .c :focus {\n    width: calc(1px + 2px);\n    margin: -1px 0;\n  }\n'),
      ' a>b:hover,.c :focus{width:calc(1px + 2px);margin:-1px 0}',
    );
    assert.equal(minifyCss(') {\n    color: red;\n'), '){color:red;');
  });

  it('leaves one space in HTML', () => {
    assert.equal(minifyHtml('<b>a</b>\n   <!-- why -->\n<i\n  class="x">'), '<b>a</b> <i class="x">');
  });

  it('touches tagged literals only, nested ones too', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source code
    const source = 'export default html`\n  <p>${x ? html`  <b></b>` : `  as  it  is`}</p>`;';
    const load = {
      name: 'source',
      resolveId: (id) => id,
      load: () => `const x = globalThis.x, html = String.raw;\n${source}`,
    };
    const bundle = await rollup({ input: 'a.ts', plugins: [load, minifyLiterals(/\.ts$/)] });
    const { output } = await bundle.generate({ format: 'es' });
    assert.match(output[0].code, /html` <p>\$\{x \? html` <b><\/b>` : ` {2}as {2}it {2}is`\}<\/p>`/);
  });
});
