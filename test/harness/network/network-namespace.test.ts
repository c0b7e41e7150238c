import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { NetworkNamespace, namespaceSupport } from './network-namespace.ts';
import { runCommand } from './run-command.ts';

const support = await namespaceSupport();

/** Sends one packet to this address from inside, and says from which address it came. */
async function sourceSeenBy(namespace: NetworkNamespace, hostAddress: string): Promise<string> {
  const server = createSocket('udp4');
  server.bind(0, hostAddress);
  await once(server, 'listening');
  const script = `const s = require('node:dgram').createSocket('udp4');
    s.send('here', ${server.address().port}, '${hostAddress}', () => s.close());`;
  const [command, ...args] = namespace.wrap(process.execPath, ['-e', script]);
  const arrival = once(server, 'message', { signal: AbortSignal.timeout(20_000) });
  try {
    await runCommand(command, args);
    const [, from] = (await arrival) as [Buffer, { address: string }];
    return from.address;
  } finally {
    server.close();
  }
}

test('a namespace reaches this machine by its first link, and by the second when the first is down', {
  skip: support.supported ? false : support.reason,
}, async () => {
  const namespace = await NetworkNamespace.create({ links: 2 });
  try {
    const [first, second] = namespace.links;
    assert.ok(first && second);
    // An address that both links lead to: packets go by the default route.
    const shared = second.hostAddress;
    assert.equal(await sourceSeenBy(namespace, first.hostAddress), first.address);
    assert.equal(await sourceSeenBy(namespace, shared), second.address);
    await first.down();
    assert.equal(await sourceSeenBy(namespace, first.hostAddress), second.address);
    await first.up();
    assert.equal(await sourceSeenBy(namespace, first.hostAddress), first.address);
  } finally {
    await namespace.close();
    await namespace.close();
  }
  assert.doesNotMatch(await runCommand('ip', ['netns', 'list']), new RegExp(`^${namespace.name}\\b`, 'm'));
  assert.doesNotMatch(await runCommand('ip', ['-o', '-4', 'addr']), new RegExp(namespace.links[0]?.hostAddress ?? ''));
});
