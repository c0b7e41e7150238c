import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { rollup } from 'rollup';
import { clearParts, findParts, givenShared, partNamed, partsApart } from './code-parts.mjs';

describe('parts of the code', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'prospect-parts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const dist = () => join(folder, 'dist');
  const path = (name) => join(folder, name);
  const write = (files) => {
    for (const [name, code] of Object.entries(files)) writeFileSync(path(name), code);
  };

  async function output(input, plugins, file) {
    const bundle = await rollup({ input, plugins });
    await bundle.write({ file, format: 'es', inlineDynamicImports: true });
    await bundle.close();
  }
  /** Builds as rollup.config.mjs does. */
  async function build(...entries) {
    const parts = await findParts(entries.map(path), () => []);
    clearParts(dist());
    for (const part of parts.values()) {
      const plugins = [partsApart(parts, dist(), './'), givenShared(part), partNamed(part, '1.0.0')];
      await output(part.id, plugins, join(dist(), 'parts', `${part.name}.js`));
    }
    for (const entry of entries)
      await output(path(entry), [partsApart(parts, dist())], join(dist(), entry.replace('.ts', '.mjs')));
    return parts;
  }
  const load = (name) => import(pathToFileURL(join(dist(), name)).href);

  it('are files of their own, named by their content, that are given what they share with a bundle', async () => {
    write({
      'shared.ts': 'export const made = {};\nexport const unused = 1;',
      'part.ts':
        "import { made } from './shared.ts';\nimport { own } from './own.ts';\nexport const get = () => [made, own];",
      'own.ts': "export const own = 'of the part alone';",
      'a.ts': "export { made } from './shared.ts';\nexport const late = () => import('./part.ts');",
      'b.ts':
        "import { made } from './shared.ts';\nexport const late = async () => (await import('./part.ts')).get()[0] === made;",
    });
    await build('a.ts', 'b.ts');
    const [named] = readdirSync(join(dist(), 'cdn', 'parts'));
    assert.match(named, /^part-[0-9a-f]{16}\.js$/);
    const code = readFileSync(join(dist(), 'parts', named), 'utf8');
    assert.doesNotMatch(code, /made = \{\}|import /);
    assert.match(code, /of the part alone/);
    const { made, late } = await load('a.mjs');
    const part = await late();
    assert.equal(part.get()[0], made);
    assert.equal(await late(), part);
    assert.equal(await (await load('b.mjs')).late(), true);
    const { parts } = JSON.parse(readFileSync(join(dist(), 'cdn', 'manifest.json'), 'utf8'));
    assert.equal(parts.part.file, `parts/${named}`);
    assert.match(parts.part.integrity, /^sha384-/);
  });

  it('ask for parts themselves, which take what both have', async () => {
    write({
      'shared.ts': 'export const made = {};',
      'outer.ts': "export { outside } from './outside.ts';\nexport const inner = () => import('./inner.ts');",
      'outside.ts': 'export const outside = {};',
      'inner.ts': "export { made } from './shared.ts';\nexport { outside } from './outside.ts';",
      'a.ts': "export { made } from './shared.ts';\nexport const late = () => import('./outer.ts');",
    });
    await build('a.ts');
    const { made, late } = await load('a.mjs');
    const outer = await late();
    const inner = await outer.inner();
    assert.deepEqual([inner.made === made, inner.outside === outer.outside], [true, true]);
  });

  it('that did not come are asked for again, and those that are gone leave no file', async () => {
    write({ 'part.ts': 'export const one = 1;', 'a.ts': "export const late = () => import('./part.ts');" });
    await build('a.ts');
    const older = readdirSync(join(dist(), 'parts'));
    write({ 'part.ts': 'export const one = 2;' });
    await build('a.ts');
    assert.equal(
      readdirSync(join(dist(), 'parts'))
        .filter((name) => older.includes(name))
        .join(),
      'part.js',
    );
    const { late } = await load('a.mjs');
    const named = join(dist(), 'parts', readdirSync(join(dist(), 'cdn', 'parts'))[0]);
    const content = readFileSync(named);
    rmSync(named);
    await assert.rejects(late());
    writeFileSync(named, content);
    assert.equal((await late()).one, 2);
  });

  it('bring no library, and are not in the bundle as well', async () => {
    const library = {
      name: 'library',
      resolveId: (id) => (id === 'lib' ? join(folder, 'node_modules', 'lib', 'lib.js') : null),
      load: (id) => (id.endsWith('lib.js') ? 'export const lib = 1;' : null),
    };
    write({ 'part.ts': "export { lib } from 'lib';", 'a.ts': "export const late = () => import('./part.ts');" });
    const parts = await findParts([path('a.ts')], () => [library]);
    const [part] = parts.values();
    const bundle = await rollup({ input: part.id, plugins: [library, givenShared(part)] });
    await assert.rejects(bundle.generate({ format: 'es' }), /would bring .*lib/);
    write({
      'part.ts': 'export const one = 1;',
      'a.ts': "export * from './part.ts';\nexport const late = () => import('./part.ts');",
    });
    await assert.rejects(
      findParts([path('a.ts')], () => [library]),
      /in what asks for it as well/,
    );
  });

  it('of the same name, and circles, are refused', async () => {
    write({
      'a.ts': "export const late = () => import('./part.ts');",
      'part.ts': "export const again = () => import('./next.ts');",
      'next.ts': "export const again = () => import('./part.ts');",
    });
    await assert.rejects(
      findParts([path('a.ts')], () => []),
      /circle/,
    );
  });
});
