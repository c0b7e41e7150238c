/** `up` is towards the relay, `down` towards the page. */
export type Direction = 'up' | 'down';
export type Protocol = 'udp' | 'tcp';

/** Packets (TCP: chunks) and bytes in one direction. `dropped` counts packets that were not passed on. */
export interface Counter {
  packets: number;
  bytes: number;
  dropped: number;
}

/** One page socket's traffic through the link: a UDP source address, or a TCP connection. */
export interface Flow {
  /** Counts up from 1 within the link, in order of appearance. */
  readonly id: number;
  readonly protocol: Protocol;
  /** The page's side. */
  readonly client: { readonly address: string; readonly port: number };
  /** The ICE username fragment of the page (RFC 8445 7.2.2), once a connectivity check was seen: tells pages apart. */
  ufrag: string | null;
  readonly counters: Readonly<Record<Direction, Counter>>;
}

/** A fresh flow with zero counters. */
export function newFlow(id: number, protocol: Protocol, address: string, port: number): Flow {
  return {
    id,
    protocol,
    client: { address, port },
    ufrag: null,
    counters: { up: { packets: 0, bytes: 0, dropped: 0 }, down: { packets: 0, bytes: 0, dropped: 0 } },
  };
}

const STUN_HEADER_BYTES = 20;
const STUN_BINDING_REQUEST = 0x0001;
const STUN_MAGIC_COOKIE = 0x2112a442;
const STUN_USERNAME = 0x0006;

/**
 * The sender's username fragment out of an ICE connectivity check (RFC 8489: USERNAME is `receiver:sender`), or null when the
 * packet is anything else.
 */
export function readUfrag(packet: Buffer): string | null {
  if (packet.length < STUN_HEADER_BYTES || packet.readUInt16BE(0) !== STUN_BINDING_REQUEST) return null;
  if (packet.readUInt32BE(4) !== STUN_MAGIC_COOKIE) return null;
  let offset = STUN_HEADER_BYTES;
  while (offset + 4 <= packet.length) {
    const type = packet.readUInt16BE(offset);
    const length = packet.readUInt16BE(offset + 2);
    if (type === STUN_USERNAME) {
      const value = packet.toString('utf8', offset + 4, Math.min(offset + 4 + length, packet.length));
      const colon = value.indexOf(':');
      return colon < 0 ? null : value.slice(colon + 1);
    }
    offset += 4 + Math.ceil(length / 4) * 4;
  }
  return null;
}
