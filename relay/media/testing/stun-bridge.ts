import { createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { crc32 } from 'node:zlib';

const MAGIC_COOKIE = 0x2112a442;
const BINDING_SUCCESS = 0x0101;
/** Attributes (RFC 8489 18.3, RFC 8445 16.1). */
const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const PRIORITY = 0x0024;
const USE_CANDIDATE = 0x0025;
const FINGERPRINT = 0x8028;
const ICE_CONTROLLING = 0x802a;

/** Where an ICE-lite transport listens, and the credentials that it answers to. */
export interface IceLiteSide {
  readonly ip: string;
  readonly port: number;
  readonly ufrag: string;
  readonly pwd: string;
}

/** One attribute with its padding. */
export function stunAttribute(type: number, value: Buffer): Buffer {
  const field = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  field.writeUInt16BE(type, 0);
  field.writeUInt16BE(value.length, 2);
  value.copy(field, 4);
  return field;
}

/** A STUN header (RFC 8489 5) before a body of that many bytes. */
export function stunHeader(type: number, bodyLength: number, transaction: Buffer = randomBytes(12)): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(bodyLength, 2);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  transaction.copy(header, 8);
  return header;
}

/** A controlling agent's connectivity check that nominates its pair at once (RFC 8445 7.2.2). */
export function bindingRequest({ ufrag, pwd }: { readonly ufrag: string; readonly pwd: string }): Buffer {
  const transaction = randomBytes(12);
  const priority = Buffer.alloc(4);
  priority.writeUInt32BE(0x6e_00_1e_ff);
  const fields = Buffer.concat([
    stunAttribute(USERNAME, Buffer.from(`${ufrag}:page`)),
    stunAttribute(PRIORITY, priority),
    stunAttribute(ICE_CONTROLLING, Buffer.alloc(8, 1)),
    stunAttribute(USE_CANDIDATE, Buffer.alloc(0)),
  ]);
  // Each of the two last attributes covers what stands before it, under a length that counts itself.
  const covered = Buffer.concat([stunHeader(0x0001, fields.length + 24, transaction), fields]);
  const integrity = stunAttribute(MESSAGE_INTEGRITY, createHmac('sha1', pwd).update(covered).digest());
  const whole = Buffer.concat([stunHeader(0x0001, fields.length + 32, transaction), fields, integrity]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE((crc32(whole) ^ 0x5354554e) >>> 0);
  return Buffer.concat([whole, stunAttribute(FINGERPRINT, checksum)]);
}

/**
 * Joins two ICE-lite transports, neither of which would ever begin: it plays the controlling agent towards both and passes
 * everything else on. So two mediasoup transports speak DTLS and SRTP with each other as a page and a relay do.
 */
export class StunBridge {
  readonly #socket: Socket;
  readonly #sides: readonly [IceLiteSide, IceLiteSide];
  readonly #agreed = new Set<number>();
  #timer: NodeJS.Timeout | null = null;

  private constructor(socket: Socket, sides: readonly [IceLiteSide, IceLiteSide]) {
    this.#socket = socket;
    this.#sides = sides;
    socket.on('message', (packet, { port }) => this.#receive(packet, port));
    socket.on('error', () => undefined);
    this.#check();
  }

  static async between(relay: IceLiteSide, page: IceLiteSide): Promise<StunBridge> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new StunBridge(socket, [relay, page]);
  }

  /** Idempotent. The path is simply gone: neither side is told. */
  close(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#socket.close();
  }

  /** Quickly until both have answered, then often enough for their consent timers (RFC 7675). */
  #check(): void {
    for (const side of this.#sides) this.#socket.send(bindingRequest(side), side.port, side.ip);
    this.#timer = setTimeout(() => this.#check(), this.#agreed.size === 2 ? 2_000 : 50);
  }

  #receive(packet: Buffer, port: number): void {
    const from = this.#sides.findIndex((side) => side.port === port);
    const to = this.#sides[1 - from];
    const first = packet[0];
    if (from === -1 || !to || first === undefined) return;
    if (first > 3) this.#socket.send(packet, to.port, to.ip);
    else if (packet.length >= 20 && packet.readUInt16BE(0) === BINDING_SUCCESS) this.#agreed.add(port);
  }
}
