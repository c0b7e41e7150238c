// The samples of docs/testing.md, run as they stand: the elements in documents that are simulated in Node.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inRoot } from '../setup/paths.mjs';

const SAMPLE = /```js host=node file=(\S+)\n(.*?)```/gs;

describe('the samples of docs/testing.md', { timeout: 60_000 }, () => {
  const samples = [...readFileSync(inRoot('docs', 'testing.md'), 'utf8').matchAll(SAMPLE)];
  it('are one for jsdom and one for happy-dom', () => assert.equal(samples.length, 2));
  const folder = inRoot('.cache', 'host-tooling');
  mkdirSync(folder, { recursive: true });
  for (const [, name = '', code = ''] of samples) {
    it(name, () => {
      const path = join(folder, name);
      writeFileSync(path, code);
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', path], { encoding: 'utf8', env });
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout, /pass 1\b/);
    });
  }
});
