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
  // A crash at the end may swallow the summary and the line of the outermost suite, but none of a test.
  const begun = output.match(/^ *# Subtest: /gm)?.length ?? 0;
  const passed = output.match(/^ *ok \d+ - /gm)?.length ?? 0;
  assert.doesNotMatch(output, /^ *not ok /m);
  assert.ok(begun > 0 && passed >= begun - 1, output);
}
