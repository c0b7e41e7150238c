import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { succeeds, which } from './run.mjs';

const skip = !existsSync('/usr/sbin/chroot') && 'this system has its programs elsewhere';

test('a program that only the system’s folders have is found without them in the PATH', { skip }, (t) => {
  const { PATH } = process.env;
  t.after(() => {
    process.env.PATH = PATH;
  });
  process.env.PATH = '/usr/bin:/bin';
  assert.equal(which('no-such-program'), null);
  assert.equal(process.env.PATH, '/usr/bin:/bin');
  assert.equal(which('chroot'), '/usr/sbin/chroot');
  assert.equal(succeeds('chroot', ['--version']), true, 'what is started by its name is found too');
});
