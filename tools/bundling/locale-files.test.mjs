import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { rollup } from 'rollup';
import { LOCALES, localeNamed, localesApart } from './locale-files.mjs';

describe('files of languages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prospect-locales-'));
  after(() => rmSync(folder, { recursive: true }));
  const list = (...path) => readdirSync(join(folder, ...path)).sort();

  async function build(source, file, plugin) {
    const bundle = await rollup({
      input: 'entry',
      plugins: [{ name: 'source', resolveId: (id) => (id === 'entry' ? id : null), load: () => source }, plugin],
    });
    await bundle.write({ file: join(folder, file), format: 'es', inlineDynamicImports: true });
    await bundle.close();
  }
  const language = (text) => build(`export default { stop: '${text}' };`, 'locales/es.js', localeNamed('es', '1.0.0'));

  it('stand under names of their content, beside the bundles and for a CDN, with what pins them; older ones go', async () => {
    await language('Alto');
    await language('Detener');
    const { file, integrity, bytes } = JSON.parse(readFileSync(join(folder, 'cdn', 'manifest.json'), 'utf8')).locales
      .es;
    const [named] = list('cdn', 'locales');
    assert.deepEqual([file, list('locales')], [`locales/${named}`, [named, 'es.js'].sort()]);
    assert.match(named, /^es-[0-9a-f]{16}\.js$/);
    assert.match(integrity, /^sha384-/);
    assert.equal(readFileSync(join(folder, 'cdn', file)).length, bytes);
  });

  it('are asked for by a bundle relative to itself', async () => {
    await build("export const load = () => import('../locales/es.ts');", 'bundle.mjs', localesApart(folder));
    const { load } = await import(pathToFileURL(join(folder, 'bundle.mjs')).href);
    assert.equal((await load()).default.stop, 'Detener');
  });

  it('that are not built stop the build of the bundle', async () => {
    const bundle = (name) =>
      build(`export const load = () => import('../locales/${name}.ts');`, 'other.mjs', localesApart(folder));
    await assert.rejects(bundle('ar'), /no file of the language ar/);
    await assert.rejects(bundle('de'), /no file of the language de/);
  });

  it('are those that the widgets load', () => {
    const source = readFileSync(new URL('../../widgets/i18n/languages.ts', import.meta.url), 'utf8');
    const loaded = [...source.matchAll(/import\('\.\.\/locales\/(\w+)\.ts'\)/g)].map(([, name]) => name);
    assert.deepEqual(loaded, LOCALES);
  });
});
