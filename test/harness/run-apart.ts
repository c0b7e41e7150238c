import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs tests of a file in a process of its own, and holds them to what they print. How the process ends does not count: the library with
 * which the load makes its connections now and then crashes while it is unloaded, after everything is done.
 */
export async function runApart(file: URL): Promise<void> {
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const child = spawn(process.execPath, ['--test-reporter=tap', fileURLToPath(file)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await new Promise((resolve) => child.once('close', resolve));
  const count = (what: string): number => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1] ?? -1);
  assert.equal(count('fail'), 0, output);
  assert.ok(count('pass') + count('skipped') > 0, output);
}
