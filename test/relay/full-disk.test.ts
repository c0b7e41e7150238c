/** What becomes of streams and of the audit trail on a disk that is really full: a small tmpfs in a mount namespace of the test's own. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** Who is not root becomes it in a user namespace of their own, where the machine lets them. */
const APART = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])];
const SMALL = '1m';

const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
const mounted = `mount -t tmpfs -o size=${SMALL} tmpfs "$SMALL_DISK" && exec "$@"`;
const env = { ...process.env, SMALL_DISK: folder, NODE_TEST_CONTEXT: undefined };
const canMount = spawnSync('unshare', [...APART, 'sh', '-c', mounted, 'sh', 'true'], { env }).status === 0;

test('streams stop or go on as the policy says, and the trail stays whole', {
  skip: canMount ? false : 'this machine lets nobody here mount a tmpfs',
}, async (t) => {
  t.after(() => rmdirSync(folder));
  const inside = fileURLToPath(new URL('full-disk/on-a-full-disk.ts', import.meta.url));
  const child = spawn(
    'unshare',
    [...APART, 'sh', '-c', mounted, 'sh', process.execPath, '--test-reporter=tap', inside],
    {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += String(bytes)));
  const [code] = await once(child, 'close');
  assert.equal(code, 0, said);
  assert.match(said, /^# pass 3$/m, said);
});
