import assert from 'node:assert/strict';
import { test } from 'node:test';
import { without } from './kits.ts';

/** Where set-up can install Debian's packages, no test of the kits may be left out unseen. */
const debian = without('apt-get') === false && process.getuid?.() === 0;

test('on Debian every program that reads the kits is here', {
  skip: !debian && 'this is not Debian, or not root',
}, () => {
  const programs = ['systemd-analyze', 'caddy', 'turnserver', 'haproxy', 'nginx', 'promtool', 'redis-server'];
  if (process.arch === 'x64') programs.push('helm');
  assert.deepEqual(programs.map(without).filter(Boolean), []);
});
