import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { rollup } from 'rollup';
import { contentNamed, nameByContent } from './content-named.mjs';

const sha384 = (content, encoding) => createHash('sha384').update(content).digest(encoding);

describe('files for a CDN', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prospect-cdn-'));
  after(() => rmSync(folder, { recursive: true }));
  const cdn = join(folder, 'cdn');
  const read = (name) => readFileSync(join(cdn, name), 'utf8');
  const manifest = () => JSON.parse(read('manifest.json'));

  async function build(name, source, version = '1.0.0') {
    const bundle = await rollup({
      input: 'entry',
      plugins: [
        {
          name: 'source',
          resolveId: (id) => id,
          load: () => source,
          generateBundle() {
            this.emitFile({ type: 'asset', fileName: `${name}.licences.txt`, source: `licences of ${name}` });
          },
        },
        contentNamed(name, version),
      ],
    });
    await bundle.write({ file: join(folder, `${name}.js`), format: 'es', sourcemap: true });
    await bundle.close();
  }

  it('stand under names of their content, with what the browser checks them by', async () => {
    await build('first', 'export const answer = 42;');
    const { version, files } = manifest();
    assert.equal(version, '1.0.0');
    const { file, integrity, bytes, map } = files['first.js'];
    assert.deepEqual(readdirSync(cdn).sort(), ['first.js', 'first.licences.txt', 'manifest.json', file, map].sort());
    const content = read(file);
    assert.equal(file, `first-${sha384(content, 'hex').slice(0, 16)}.js`);
    assert.equal(map, `first-${sha384(read(map), 'hex').slice(0, 16)}.js.map`);
    assert.equal(integrity, `sha384-${sha384(content, 'base64')}`);
    assert.equal(bytes, Buffer.byteLength(content));
    assert.ok(content.endsWith(`\n//# sourceMappingURL=${map}\n`));
    assert.equal(JSON.parse(read(map)).sourcesContent[0], 'export const answer = 42;');
  });

  it('the stable name leads to the newest, which alone is left', async () => {
    await build('first', 'export const answer = 43;');
    const { file } = manifest().files['first.js'];
    const module = await import(pathToFileURL(join(cdn, 'first.js')).href);
    assert.equal(module.answer, 43);
    assert.equal(
      readdirSync(cdn)
        .filter((name) => /^first-.*\.js$/.test(name))
        .join(),
      file,
    );
  });

  it('the same content has the same name, and bundles do not touch each other', async () => {
    const before = manifest().files['first.js'];
    await build('second', 'export const other = true;');
    await build('first', 'export const answer = 43;');
    assert.deepEqual(manifest().files['first.js'], before);
    assert.deepEqual(Object.keys(manifest().files), ['first.js', 'second.js']);
  });

  it('of another version nothing stays in the manifest', async () => {
    await build('second', 'export const other = true;', '2.0.0');
    assert.deepEqual([manifest().version, Object.keys(manifest().files)], ['2.0.0', ['second.js']]);
  });

  it('another map gives the code another name', () => {
    const code = 'a;\n//# sourceMappingURL=x.js.map\n';
    const [one, two] = [nameByContent('x', code, '{"a":1}').entry, nameByContent('x', code, '{"a":2}').entry];
    assert.notEqual(one.map, two.map);
    assert.notEqual(one.file, two.file);
    assert.throws(() => nameByContent('x', 'a;\n', '{}'), /place of its source map/);
  });
});
