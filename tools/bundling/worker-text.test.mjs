import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { inRoot } from '../setup/paths.mjs';
import { WORKER_TEXT, workerScript, workerTextModule } from './worker-text.mjs';

describe('the worker of sealed streams as text', () => {
  it('is that of the sources (else: npm run e2ee-worker)', () => {
    assert.equal(readFileSync(inRoot(WORKER_TEXT), 'utf8'), workerTextModule());
  });

  it('is what the script says, and needs no import', async () => {
    const { WORKER_TEXT: text } = await import('../../widgets/e2ee/worker-text.ts');
    assert.equal(text, workerScript());
    assert.doesNotMatch(text, /\bimport\b|\brequire\(/);
  });
});
