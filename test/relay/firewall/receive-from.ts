/**
 * Runs inside a network namespace: loads firewall rules, gives its loopback the addresses, and prints which of them a port can be
 * reached from, as JSON. Arguments: the file of rules, `udp` or `tcp`, the port, the addresses. The first one is where it listens.
 */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer, connect as toPort } from 'node:net';

const [rules = '', protocol = '', portText = '', ...addresses] = process.argv.slice(2);
const port = Number(portText);
const [own = ''] = addresses;
for (const address of addresses) execFileSync('ip', ['address', 'add', `${address}/32`, 'dev', 'lo']);
execFileSync('nft', ['-f', rules]);

const reached = new Set<string>();
if (protocol === 'udp') {
  const socket = createSocket('udp4');
  socket.on('message', (_, { address }) => reached.add(address));
  await new Promise<void>((resolve) => socket.bind(port, own, resolve));
  for (const address of addresses) {
    const sender = createSocket('udp4');
    await new Promise<void>((resolve) => sender.bind(0, address, resolve));
    await new Promise((resolve) => sender.send('pipe', port, own, resolve));
  }
} else {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, own, resolve));
  for (const localAddress of addresses) {
    await new Promise<void>((resolve) => {
      const socket = toPort({ port, host: own, localAddress });
      socket.once('connect', () => {
        reached.add(localAddress);
        resolve();
      });
      socket.once('error', () => resolve());
    });
  }
}
// Packets within one machine are there at once; the socket is read in the turns that follow.
await new Promise((resolve) => setTimeout(resolve, 200));
console.log(JSON.stringify(addresses.filter((address) => reached.has(address))));
process.exit(0);
