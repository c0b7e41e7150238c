import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** `host:port` of IPv4, and IPv6 in brackets with or without a port (RFC 3986, 3.2.2), as proxies write them. */
const WITH_PORT = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d{1,5})?$/;

/** A /64, in groups of 16 bits: an IPv6 subscriber has at least that (RFC 6177), and all addresses in it are free to them. */
const IPV6_NETWORK_GROUPS = 4;

/**
 * The name under which an address is counted: an IPv4 address, or the /64 network of an IPv6 address, since one host has all of
 * those. Every spelling of an address has one name: a port, brackets and a zone (RFC 4007) are left out, and an IPv4 address
 * mapped into IPv6 (RFC 4291, 2.5.5.2) is that IPv4 address.
 * @returns null for what is no address
 */
export function countedAddress(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  const [, bracketed, dotted] = WITH_PORT.exec(trimmed) ?? [];
  const bare = (bracketed ?? dotted ?? trimmed).replace(/%.*$/, '');
  // Node's check is the strict one: ipaddr.js also reads “127.1” and octal numbers.
  if (isIP(bare) === 0) return null;
  const address = ipaddr.process(bare);
  if (address.kind() === 'ipv4') return address.toString();
  const network = address.toNormalizedString().split(':').slice(0, IPV6_NETWORK_GROUPS);
  return `${network.join(':')}::/${IPV6_NETWORK_GROUPS * 16}`;
}
