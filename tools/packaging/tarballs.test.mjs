// What `npm publish` would upload: complete, without what nobody needs, and in order by the tools that check packages.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { inRoot } from '../setup/paths.mjs';
import { importsOf } from './declarations.mjs';
import { PACKAGES, pack } from './pack.mjs';
import { newFolder, removeFolder } from './testing/npm.mjs';

/** These resolve as no ES module can: CommonJS `require`, and TypeScript's way of before `exports`. */
const NOT_FOR_MODULES = ['node10', 'node16-cjs'];

const manifestOf = (name) => JSON.parse(readFileSync(inRoot(name, 'package.json'), 'utf8'));

describe('the packages', { timeout: 300_000 }, () => {
  const folder = newFolder();
  /** @type {Record<string, Buffer>} */
  const tarballs = {};
  /** @type {Record<string, import('@arethetypeswrong/core').Package>} */
  const contents = {};
  before(() => {
    for (const [name, path] of Object.entries(pack(folder))) {
      tarballs[name] = readFileSync(path);
      contents[name] = createPackageFromTarballData(new Uint8Array(tarballs[name]));
    }
  });
  after(() => removeFolder(folder));

  const filesOf = (name) => contents[name].listFiles().map((path) => path.replace(/^.*?@prospect-live\/\w+\//, ''));
  const read = (name, file) => contents[name].readFile(`/node_modules/@prospect-live/${name}/${file}`);

  for (const name of PACKAGES) {
    it(`${name}: publint has nothing to say`, async () => {
      const tarball = new Uint8Array(tarballs[name]).buffer;
      const { messages, pkg } = await publint({ pack: { tarball }, strict: true, level: 'suggestion' });
      assert.deepEqual(
        messages.map((message) => formatMessage(message, pkg)),
        [],
      );
    });

    it(`${name}: are the types wrong? No`, async () => {
      const result = await checkPackage(contents[name]);
      assert.ok(result.types, 'it has types');
      const problems = result.problems.filter(
        (problem) => !('resolutionKind' in problem && NOT_FOR_MODULES.includes(problem.resolutionKind)),
      );
      assert.deepEqual(problems, []);
    });

    it(`${name}: everything that package.json names is there, and no source, test or hidden file`, () => {
      const files = filesOf(name);
      for (const target of pathsIn(manifestOf(name))) assert.ok(files.includes(target), target);
      for (const needed of ['LICENSE', 'README.md', 'package.json']) assert.ok(files.includes(needed), needed);
      const strays = files.filter((file) =>
        /\.test\.|testing|fixtures|(?<!\.d)\.ts$|(^|\/)\.(?!env\.example$)/.test(file),
      );
      assert.deepEqual(strays, []);
      assert.equal(read(name, 'LICENSE'), readFileSync(inRoot('LICENSE'), 'utf8'));
    });

    it(`${name}: declarations lead to nothing outside the package but its dependencies`, () => {
      const files = filesOf(name);
      const { dependencies } = manifestOf(name);
      // Whoever imports these types has the framework.
      const allowed = new Set([...Object.keys(dependencies), 'react', 'vue', 'node']);
      for (const file of files.filter((path) => path.endsWith('.d.ts'))) {
        for (const target of importsOf(read(name, file))) {
          if (target.startsWith('.')) {
            const path = new URL(target, `file:///${file}`).pathname.slice(1);
            assert.match(target, /\.js$/, `${file} imports ${target}`);
            assert.ok(files.includes(path.replace(/\.js$/, '.d.ts')), `${file} imports ${target}`);
          } else {
            assert.ok(allowed.has(packageOf(target)), `${file} imports ${target}`);
          }
        }
      }
    });
  }

  it('have one version, and the relay depends on exactly that of the widgets', () => {
    const { version } = manifestOf('widgets');
    assert.equal(manifestOf('relay').version, version);
    assert.equal(manifestOf('relay').dependencies['@prospect-live/widgets'], version);
    assert.match(read('widgets', 'dist/modules/shared/version.js'), new RegExp(`'${version.replaceAll('.', '\\.')}'`));
    assert.equal(JSON.parse(read('widgets', 'types/web-types.json')).version, version);
  });

  it('the files for a CDN are those that their manifest names, each with the hash that it says', () => {
    const inFolder = filesOf('widgets').filter((file) => file.startsWith('dist/cdn/'));
    const { version, files, locales, parts } = JSON.parse(read('widgets', 'dist/cdn/manifest.json'));
    assert.equal(version, manifestOf('widgets').version);
    const bundles = Object.keys(manifestOf('widgets').exports).filter((name) => /^\.\/prospect-.*\.js$/.test(name));
    assert.deepEqual(Object.keys(files).sort(), bundles.map((name) => name.slice(2)).sort());
    const named = Object.entries(files).flatMap(([bundle, { file, map }]) => [
      bundle,
      bundle.replace(/\.js$/, '.licences.txt'),
      file,
      map,
    ]);
    const late = [locales, parts].flatMap((kind) => {
      const found = Object.values(kind);
      assert.ok(found.length > 0);
      return found;
    });
    assert.deepEqual(
      inFolder.sort(),
      [...named, ...late.map(({ file }) => file), 'manifest.json'].map((name) => `dist/cdn/${name}`).sort(),
    );
    for (const { file, integrity } of [...Object.values(files), ...late]) {
      const hash = createHash('sha384')
        .update(read('widgets', `dist/cdn/${file}`))
        .digest('base64');
      assert.equal(integrity, `sha384-${hash}`);
    }
  });

  it('the manifest of the elements names the modules as they lie in the package', () => {
    const { modules } = JSON.parse(read('widgets', 'dist/custom-elements.json'));
    const files = filesOf('widgets');
    assert.equal(modules.length, 2);
    for (const { path, exports } of modules) {
      assert.ok(files.includes(path), path);
      for (const { declaration } of exports) assert.equal(declaration.module, path);
    }
  });

  it('only modules that register elements are marked as having effects', () => {
    const { sideEffects } = manifestOf('widgets');
    const patterns = sideEffects.map(
      (glob) => new RegExp(`^${glob.slice(2).replaceAll('.', '\\.').replaceAll('*', '[^/]+')}$`),
    );
    const marked = filesOf('widgets').filter(
      (file) => file.endsWith('.js') && patterns.some((glob) => glob.test(file)),
    );
    const registering = filesOf('widgets').filter(
      (file) => /^dist\/(?:cdn\/)?prospect-[\w-]+\.js$|\/define\.js$|\/bundle\//.test(file) && file.endsWith('.js'),
    );
    assert.deepEqual(marked.sort(), registering.sort());
  });
});

/** All files that a package.json points to. */
function pathsIn(value) {
  if (typeof value === 'string')
    return /^(?:\.\/)?(?:dist|types)\/[^*]+\.\w+$/.test(value) ? [value.replace('./', '')] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

function packageOf(specifier) {
  if (specifier.startsWith('node:')) return 'node';
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
