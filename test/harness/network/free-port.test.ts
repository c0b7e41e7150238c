import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePort } from './free-port.ts';

test('ports in a row that can be bound for TCP and UDP on every address', async () => {
  const hosts = ['127.0.0.1', '127.0.0.2'];
  const port = await freePort(hosts, 3);
  const opened: { close(): unknown }[] = [];
  try {
    for (const host of hosts) {
      for (const candidate of [port, port + 1, port + 2]) {
        const tcp = createServer().listen(candidate, host);
        const udp = createSocket('udp4');
        opened.push(tcp, udp);
        udp.bind(candidate, host);
        await Promise.all([once(tcp, 'listening'), once(udp, 'listening')]);
      }
    }
  } finally {
    for (const each of opened) each.close();
  }
});

test('an address that is not here has no free port', async () => {
  await assert.rejects(freePort(['192.0.2.1']), /No 1 free port\(s\) in a row on 192\.0\.2\.1/);
});
