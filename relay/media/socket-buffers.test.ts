import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../test/harness/network/free-port.ts';
import { describeRefused, refusedBuffers, SOCKET_BUFFER_BYTES } from './socket-buffers.ts';
import { startMedia } from './testing/media-fixtures.ts';

test('what the kernel does not give is said with the command that mends it', () => {
  const small = refusedBuffers((setting) => (setting === 'net.core.rmem_max' ? '212992' : '8388608'));
  assert.deepEqual(small, [{ setting: 'net.core.rmem_max', bytes: 212_992 }]);
  assert.match(describeRefused(small), /net\.core\.rmem_max is 212992.*sysctl -w net\.core\.rmem_max=4194304$/);
  assert.deepEqual(
    refusedBuffers(() => String(SOCKET_BUFFER_BYTES)),
    [],
  );
  assert.equal(refusedBuffers(() => '4096').length, 2);
});

test('where the kernel does not say, nothing is claimed', () => {
  const unreadable = (): never => {
    throw new Error('ENOENT');
  };
  assert.deepEqual(refusedBuffers(unreadable), []);
  assert.deepEqual(
    refusedBuffers(() => 'unlimited'),
    [],
  );
});

/** Packets that the kernel dropped at this port because its buffer was full: the last column. */
function dropped(port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const line = readFileSync('/proc/net/udp', 'utf8')
    .split('\n')
    .find((text) => text.includes(`:${hex} 00000000:0000`));
  assert.ok(line, `nobody listens on ${port}`);
  return Number(line.trim().split(/\s+/).at(-1));
}

test('a media port keeps what comes while its worker is held up', async (t) => {
  const port = await freePort(['127.0.0.1'], 2);
  const media = await startMedia({ workers: 1, basePort: port });
  t.after(() => media.close());
  const [worker] = await media.dump();
  assert.ok(worker);
  const socket = createSocket('udp4');
  t.after(() => socket.close());
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const packet = Buffer.alloc(120, 0x80);
  process.kill(worker.pid, 'SIGSTOP');
  try {
    // The default buffer holds 256; one of the usual greatest size (`net.core.rmem_max`) 512.
    for (let i = 0; i < 400; i += 1) socket.send(packet);
    await wait(100);
  } finally {
    process.kill(worker.pid, 'SIGCONT');
  }
  assert.equal(dropped(port), 0);
});
