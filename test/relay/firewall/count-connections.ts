/**
 * Runs inside a network namespace: loads firewall rules, listens on a media port, opens connections to it from one address and prints how many of them
 * came about, as JSON. Arguments: the file of rules, the port, the address, how many.
 */
import { execFileSync } from 'node:child_process';
import { createServer, type Socket, connect as toPort } from 'node:net';

const [rules = '', port = '', address = '', count = ''] = process.argv.slice(2);
execFileSync('nft', ['-f', rules]);

const held: Socket[] = [];
const server = createServer((socket) => held.push(socket));
await new Promise<void>((resolve) => server.listen(Number(port), address, resolve));

function opens(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = toPort(Number(port), address);
    held.push(socket);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
}

let opened = 0;
for (let i = 0; i < Number(count); i += 1) if (await opens()) opened += 1;
console.log(JSON.stringify({ opened }));
process.exit(0);
