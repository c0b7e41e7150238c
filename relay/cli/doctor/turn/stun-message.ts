import { createHash, createHmac, randomBytes } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** RFC 8489, 5. */
const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;

/** Message types: methods of RFC 8489 and RFC 8656 with the class of a request. A success has 0x0100 more, an error 0x0110. */
export const METHOD = { binding: 0x0001, allocate: 0x0003, refresh: 0x0004 } as const;

/** Attribute types (RFC 8489, 18.3; RFC 8656, 18). */
export const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  xorRelayedAddress: 0x0016,
  realm: 0x0014,
  nonce: 0x0015,
  requestedTransport: 0x0019,
  xorMappedAddress: 0x0020,
} as const;

/** Attributes by their type. */
export type Attributes = readonly (readonly [type: number, value: Buffer])[];

/** A message that came. */
export interface StunMessage {
  readonly type: number;
  readonly transaction: Buffer;
  readonly attributes: ReadonlyMap<number, Buffer>;
}

/** A request's bytes, under a transaction id of its own; with a key also signed (MESSAGE-INTEGRITY, RFC 8489, 14.5). */
export function encodeRequest(method: number, attributes: Attributes, key: Buffer | null = null): Buffer {
  const body = attributes.map(([type, value]) => encodeAttribute(type, value));
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(method, 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(header, 8);
  const setLength = (signature: number) =>
    header.writeUInt16BE(
      body.reduce((sum, { length }) => sum + length, signature),
      2,
    );
  if (key !== null) {
    // The length that is signed counts the signature itself.
    setLength(24);
    const mac = createHmac('sha1', key)
      .update(Buffer.concat([header, ...body]))
      .digest();
    body.push(encodeAttribute(ATTRIBUTE.messageIntegrity, mac));
  }
  setLength(0);
  return Buffer.concat([header, ...body]);
}

/** The key of long-term credentials (RFC 8489, 9.2.2). */
export function longTermKey(username: string, realm: string, password: string): Buffer {
  return createHash('md5').update(`${username}:${realm}:${password}`).digest();
}

/** How long the message is that begins with these bytes; null while there are too few to say. */
export function messageLength(bytes: Buffer): number | null {
  return bytes.length < HEADER_BYTES ? null : HEADER_BYTES + bytes.readUInt16BE(2);
}

/** Reads a message; null when the bytes are none. */
export function decodeMessage(bytes: Buffer): StunMessage | null {
  if (messageLength(bytes) !== bytes.length || bytes.readUInt32BE(4) !== MAGIC_COOKIE) return null;
  const attributes = new Map<number, Buffer>();
  let at = HEADER_BYTES;
  while (at + 4 <= bytes.length) {
    const type = bytes.readUInt16BE(at);
    const length = bytes.readUInt16BE(at + 2);
    if (at + 4 + length > bytes.length) return null;
    // The first of a type counts (RFC 8489, 14).
    if (!attributes.has(type)) attributes.set(type, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + padded(length);
  }
  return { type: bytes.readUInt16BE(0), transaction: bytes.subarray(8, HEADER_BYTES), attributes };
}

/** An XOR-MAPPED-ADDRESS or XOR-RELAYED-ADDRESS (RFC 8489, 14.2); null when it is absent or malformed. */
export function addressIn(message: StunMessage, attribute: number): { ip: string; port: number } | null {
  const value = message.attributes.get(attribute);
  if (!value || value.length < 8) return null;
  const port = value.readUInt16BE(2) ^ (MAGIC_COOKIE >>> 16);
  const cookie = Buffer.alloc(4);
  cookie.writeUInt32BE(MAGIC_COOKIE);
  const mask = Buffer.concat([cookie, message.transaction]);
  const bytes = value.subarray(4).map((byte, index) => byte ^ (mask[index] ?? 0));
  if (value[1] === 1 && bytes.length === 4) return { ip: bytes.join('.'), port };
  if (value[1] !== 2 || bytes.length !== 16) return null;
  const groups = Array.from({ length: 8 }, (_, group) =>
    Buffer.from(bytes)
      .readUInt16BE(group * 2)
      .toString(16),
  );
  return { ip: groups.join(':'), port };
}

/** The code and the words of an error response (RFC 8489, 14.8); null in any other. */
export function errorIn(message: StunMessage): { code: number; reason: string } | null {
  const value = message.attributes.get(ATTRIBUTE.errorCode);
  if (!value || value.length < 4) return null;
  return { code: ((value[2] ?? 0) & 7) * 100 + (value[3] ?? 0), reason: value.subarray(4).toString('utf8') };
}

/** An address with its port, as URLs have it. */
export function hostPort(ip: string, port: number): string {
  return `${isIPv4(ip) ? ip : `[${ip}]`}:${port}`;
}

function encodeAttribute(type: number, value: Buffer): Buffer {
  const field = Buffer.alloc(4 + padded(value.length));
  field.writeUInt16BE(type, 0);
  field.writeUInt16BE(value.length, 2);
  value.copy(field, 4);
  return field;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
