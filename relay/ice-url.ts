import { isIP } from 'node:net';

const SCHEMES = ['stun', 'stuns', 'turn', 'turns'] as const;

/** A STUN or TURN URL, as it is written (RFC 7064, RFC 7065). */
export interface IceUrl {
  readonly scheme: (typeof SCHEMES)[number];
  /** A name or an address, of IPv6 without the brackets. */
  readonly host: string;
  /** Null: the scheme's own. */
  readonly port: number | null;
  /** Null: the scheme's own. */
  readonly transport: 'udp' | 'tcp' | null;
}

/** Scheme, host (IPv6 in brackets), port and transport. */
const ICE_URL = /^([a-z]+):(?:\[([^\]]*)\]|([^\s?,:/@[\]]+))(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/;

/** @returns null for what is no STUN or TURN URL */
export function parseIceUrl(url: string): IceUrl | null {
  const [, name, ipv6, host = ipv6, port, transport] = ICE_URL.exec(url) ?? [];
  const scheme = SCHEMES.find((each) => each === name);
  if (!scheme || !host || (ipv6 !== undefined && isIP(ipv6) !== 6)) return null;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return null;
  return {
    scheme,
    host,
    port: port === undefined ? null : Number(port),
    transport: transport === 'udp' || transport === 'tcp' ? transport : null,
  };
}
