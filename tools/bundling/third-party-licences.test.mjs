import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import { inRoot } from '../setup/paths.mjs';
import { thirdPartyLicences } from './third-party-licences.mjs';

describe('licences of third parties', () => {
  it('are written in full, for packages with package.json files inside too', async () => {
    const bundle = await rollup({
      input: inRoot('widgets', 'define.ts'),
      plugins: [
        {
          name: 'entry',
          load: (id) =>
            id.endsWith('define.ts') ? "export { io } from 'socket.io-client';\nexport { html } from 'lit';" : null,
        },
        nodeResolve({ browser: true, exportConditions: ['production'] }),
        thirdPartyLicences('licences.txt'),
      ],
    });
    const { output } = await bundle.generate({ format: 'es' });
    const file = output.find(({ fileName }) => fileName === 'licences.txt');
    const text = file?.type === 'asset' ? String(file.source) : '';
    const { version, license } = JSON.parse(
      readFileSync(inRoot('node_modules', 'socket.io-client', 'package.json'), 'utf8'),
    );
    assert.ok(text.includes(`socket.io-client ${version} (${license})\n\n`), text);
    assert.match(text, /^@socket\.io\/component-emitter \S+ \(MIT\)$/m);
    assert.match(text, /^lit-html \S+ \(BSD-3-Clause\)$/m);
    assert.doesNotMatch(text, /undefined/);
  });
});
