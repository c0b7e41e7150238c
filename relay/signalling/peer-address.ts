import type { IncomingMessage } from 'node:http';
import { countedAddress } from '../doors/address.ts';

/**
 * The address that a request is counted under. Each trusted proxy adds the address it saw at the end of `X-Forwarded-For`; what
 * stands before those was written by the peer and is not believed. An entry that is no address ends the walk: the request then
 * counts for the nearest hop that is known, never for what stands further left.
 */
export function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const header = request.headers['x-forwarded-for'];
  const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').reverse();
  let known = countedAddress(request.socket.remoteAddress) ?? 'unknown';
  for (const hop of forwarded.slice(0, trustedProxies)) {
    const address = countedAddress(hop);
    if (address === null) break;
    known = address;
  }
  return known;
}
