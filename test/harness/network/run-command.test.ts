import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { hasCommand, runCommand } from './run-command.ts';

const skip = !existsSync('/usr/sbin/chroot') && 'this system has its programs elsewhere';

test('a program that only the system’s folders have is found without them in the PATH, and runs', {
  skip,
}, async (t) => {
  const { PATH } = process.env;
  t.after(() => {
    process.env.PATH = PATH;
  });
  process.env.PATH = '/usr/bin:/bin';
  assert.equal(await hasCommand('no-such-program'), false);
  process.env.PATH = '/usr/bin:/bin';
  assert.equal(await hasCommand('chroot'), true);
  assert.match(await runCommand('chroot', ['--version']), /chroot/);
});
