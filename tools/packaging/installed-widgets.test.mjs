// The packed widgets, installed by npm into an empty folder outside the repository, as hosts use them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import { pack } from './pack.mjs';
import { install, newFolder, pinned, removeFolder } from './testing/npm.mjs';
import { consumerFile, RESOLUTIONS, readmeSamples, typeCheck } from './testing/type-check.mjs';

describe('the widgets, installed from their package', { timeout: 300_000 }, () => {
  const folder = newFolder();
  before(() => install(folder, [pack(folder).widgets, pinned('react'), pinned('@types/react'), pinned('vue')]));
  after(() => removeFolder(folder));
  const installed = (...path) => join(folder, 'node_modules', '@prospect-live', 'widgets', ...path);

  it('come with lit and socket.io-client, and neither the relay nor zod', () => {
    for (const name of ['lit', 'socket.io-client']) assert.ok(existsSync(join(folder, 'node_modules', name)), name);
    for (const name of ['zod', 'mediasoup', '@prospect-live/relay']) {
      assert.ok(!existsSync(join(folder, 'node_modules', name)), name);
    }
  });

  it('every module can be imported in bare Node: nothing happens', () => {
    const { exports } = JSON.parse(readFileSync(installed('package.json'), 'utf8'));
    // The worker's file is for a worker's scope, and says there at once that it runs.
    const modules = Object.keys(exports).filter((path) => !path.endsWith('.json') && path !== './e2ee-worker.js');
    assert.ok(modules.length >= 10);
    const code = `
      const before = Object.getOwnPropertyNames(globalThis);
      for (const path of ${JSON.stringify(modules)}) await import('@prospect-live/widgets' + path.slice(1));
      const { WIDGET_VERSION, ProspectStreamButton } = await import('@prospect-live/widgets');
      // Lit puts the versions of its parts there, and in Node an empty registry of elements.
      const lits = /^(?:lit\\w+|reactive\\w+|customElements)$/;
      const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name) && !lits.test(name));
      const defined = Boolean(globalThis.customElements?.get('prospect-stream-button'));
      console.log(JSON.stringify({ WIDGET_VERSION, version: ProspectStreamButton.version, added, defined }));
    `;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: folder,
      encoding: 'utf8',
    });
    const { version } = JSON.parse(readFileSync(installed('package.json'), 'utf8'));
    // One line: no deprecation, no warning, and the process ended by itself.
    assert.deepEqual(JSON.parse(printed), { WIDGET_VERSION: version, version, added: [], defined: false });
  });

  for (const options of RESOLUTIONS) {
    it(`TypeScript knows tags, events, JSX and Vue, with moduleResolution ${options.moduleResolution}`, () => {
      const files = {
        'elements.tsx': consumerFile('elements.tsx'),
        'react.tsx': consumerFile('react.tsx'),
        'vue.tsx': consumerFile('vue.tsx'),
        ...readmeSamples('widgets'),
      };
      assert.deepEqual(typeCheck(folder, files, { ...options, types: [] }), []);
    });
  }

  it('esbuild bundles what is used, and nothing of what is not', async () => {
    const bundle = async (code) => {
      const { outputFiles } = await esbuild({
        stdin: { contents: code, resolveDir: folder },
        bundle: true,
        minify: true,
        format: 'esm',
        write: false,
        // It says that an import without effects is left out, as is right.
        logOverride: { 'ignored-bare-import': 'silent' },
      });
      return outputFiles[0]?.text ?? '';
    };
    const button = await bundle(`import '@prospect-live/widgets/stream-button/define';`);
    assert.match(button, /prospect-stream-button/);
    assert.doesNotMatch(button, /prospect-listen-panel/);
    const both = await bundle(`import '@prospect-live/widgets/define';`);
    assert.match(
      both,
      /prospect-stream-button[\s\S]*prospect-listen-panel|prospect-listen-panel[\s\S]*prospect-stream-button/,
    );
    const event = await bundle(
      `import { ProspectErrorEvent } from '@prospect-live/widgets'; console.log(ProspectErrorEvent);`,
    );
    assert.ok(event.length < 2_000, `an event class alone takes ${event.length} bytes`);
    assert.equal((await bundle(`import '@prospect-live/widgets';`)).trim(), '');
    assert.equal((await bundle(`import '@prospect-live/widgets/react';`)).trim(), '');
  });

  it('Vite bundles a page with them', async () => {
    writeFileSync(join(folder, 'index.html'), '<script type="module" src="/main.js"></script><prospect-listen-panel>');
    writeFileSync(join(folder, 'main.js'), `import '@prospect-live/widgets/define';`);
    await vite({ root: folder, logLevel: 'silent', configFile: false, build: { outDir: 'site', assetsDir: '' } });
    const page = readFileSync(join(folder, 'site', 'index.html'), 'utf8');
    const script = readFileSync(join(folder, 'site', /src="\/([\w.-]+\.js)"/.exec(page)?.[1] ?? ''), 'utf8');
    for (const tag of ['prospect-stream-button', 'prospect-listen-panel']) assert.ok(script.includes(tag), tag);
  });

  it("editors' data lies where package.json and the README say", () => {
    const { customElements, 'web-types': webTypes } = JSON.parse(readFileSync(installed('package.json'), 'utf8'));
    const settings = /^```json\n([\s\S]*?)^```$/m.exec(readFileSync(installed('README.md'), 'utf8'))?.[1] ?? '{}';
    const named = [
      ...Object.values(JSON.parse(settings))
        .flat()
        .map((path) => join(folder, path)),
    ];
    assert.equal(named.length, 2);
    for (const path of [...named, installed(customElements), installed(webTypes)]) {
      assert.equal(typeof JSON.parse(readFileSync(path, 'utf8')), 'object', path);
    }
  });
});
