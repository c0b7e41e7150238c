import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';
import { parseAst } from 'rollup/parseAst';
import { catalogueLists, localeList, withoutKeys } from './catalogue-lists.mjs';

/** Runs the module with an English catalogue of these keys. */
function run(code, english) {
  const body = code.replace(/^import .*$/m, '').replace('export default', 'return');
  return new Function('english', body)(english);
}

/** What a module of these sources exports, by path; the first one is run. */
async function built(sources, plugin) {
  const bundle = await rollup({
    input: Object.keys(sources)[0],
    plugins: [
      {
        name: 'sources',
        resolveId: (id) => (id in sources ? id : null),
        load: (id) => sources[id] ?? null,
        resolveDynamicImport: () => ({ id: './spanish.js', external: true }),
      },
      plugin,
    ],
  });
  const { output } = await bundle.generate({ format: 'es' });
  await bundle.close();
  return output[0].code;
}

const address = (code) => `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
const path = (name) => fileURLToPath(new URL(`../../widgets/${name}`, import.meta.url));

describe('catalogues as lists', () => {
  it('have the same texts, and plural forms, under the keys of the English one', () => {
    const code = `var fr_default = { stop: "Arrêter", n: { one: "{n} a", other: "{n} b" }, "mute": 'Couper, vite' };\nexport { fr_default as default };`;
    assert.deepEqual(run(withoutKeys(code, parseAst(code), './en.ts'), { stop: 1, n: 1, mute: 1 }), {
      stop: 'Arrêter',
      n: { one: '{n} a', other: '{n} b' },
      mute: 'Couper, vite',
    });
  });

  it('without texts are refused', () => {
    assert.throws(() => withoutKeys('export {};', parseAst('export {};'), './en.ts'), /no texts/);
  });

  it('are read by name in a bundle, and refused when they are of another version', async () => {
    const spanish = await built({ 'es.ts': "export default { stop: 'Detener', mute: 'Silenciar' };" }, localeList());
    const read = async (english) => {
      const code = await built(
        {
          [path('i18n/languages.ts')]: "export const load = () => import('../locales/es.ts');",
          [path('locales/en.ts')]: `export default ${english};`,
        },
        catalogueLists(),
      );
      const file = address(spanish);
      const { load } = await import(address(code.replace('./spanish.js', file)));
      return load();
    };
    assert.deepEqual(await read("{ stop: 'Stop', mute: 'Mute' }"), { stop: 'Detener', mute: 'Silenciar' });
    await assert.rejects(read("{ mute: 'Mute', stop: 'Stop' }"), /another version/);
    await assert.rejects(read("{ stop: 'Stop', mute: 'Mute', more: 'More' }"), /another version/);
  });
});
