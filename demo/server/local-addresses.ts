import { hostname, networkInterfaces } from 'node:os';
import { isHostName } from './relay-address.ts';

/** IPv4 addresses of this computer on its networks, without the loopback. */
export function lanAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => address.family === 'IPv4' && !address.internal)
    .map((address) => address.address);
}

/** Every name under which a page of this computer may be opened; the relay lets these origins in and no others. */
export function ownHostNames(): string[] {
  const name = hostname().toLowerCase();
  const names = [
    ...new Set(['localhost', '127.0.0.1', '[::1]', name, `${name.replace(/\.local$/, '')}.local`, ...lanAddresses()]),
  ];
  return names.filter(isHostName);
}
