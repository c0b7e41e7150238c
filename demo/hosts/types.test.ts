/** The host applications' own code is type-checked, with the elements' types as the npm package has them. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

interface Packages {
  ensurePackages(): Promise<void>;
}

const run = promisify(execFile);
const inHosts = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const tsc = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace(/package\.json$/, 'bin/tsc');

/** Runs a checker. Its output is the failure. */
async function check(...args: string[]): Promise<void> {
  const output = await run(process.execPath, args).then(
    () => '',
    (error: { stdout?: string; message: string }) => error.stdout || error.message,
  );
  assert.equal(output, '');
}

describe('types of the host applications', { timeout: 180_000 }, () => {
  before(async () => {
    // Not by a fixed path: plain JavaScript, which this project's types do not reach.
    const path = new URL('../../tools/packaging/build-packages.mjs', import.meta.url).href;
    await ((await import(path)) as Packages).ensurePackages();
  });

  for (const host of ['react', 'react18', 'ssr']) {
    test(`${host}: every use of the elements in JSX, and what must be refused`, () => check(tsc, '-p', inHosts(host)));
  }

  test('vue: every use of the elements in templates, and what must be refused', () =>
    check(inHosts('vue/check-types.mjs')));
});
