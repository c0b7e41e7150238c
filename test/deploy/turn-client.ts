import { createHash, createHmac } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { stunRequest } from '../harness/network/stun.ts';

const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const XOR_PEER_ADDRESS = 0x0012;
const REALM = 0x0014;
const NONCE = 0x0015;
const REQUESTED_TRANSPORT = 0x0019;
const ALLOCATE = 0x0003;
const CREATE_PERMISSION = 0x0008;
const COOKIE = Buffer.from('2112a442', 'hex');

type Attribute = readonly [type: number, value: Buffer];

/** As much of a TURN client (RFC 8656) as asks what a server allows: it sends nothing to any peer. */
export class TurnClient {
  readonly #socket: Socket = createSocket('udp4');
  readonly #port: number;
  readonly #username: string;
  readonly #password: string;
  #realm: Buffer = Buffer.alloc(0);
  #nonce: Buffer = Buffer.alloc(0);

  constructor(port: number, credentials: { username: string; password: string }) {
    this.#port = port;
    this.#username = credentials.username;
    this.#password = credentials.password;
  }

  /** Asks for a relayed address. @returns the type of the answer: 0x0103 yes, 0x0113 no (RFC 8489, 5) */
  async allocate(): Promise<number> {
    const transport: Attribute = [REQUESTED_TRANSPORT, Buffer.from([17, 0, 0, 0])];
    const challenge = await this.#ask(stunRequest(ALLOCATE, [transport]));
    this.#realm = attributeOf(challenge, REALM);
    this.#nonce = attributeOf(challenge, NONCE);
    return (await this.#ask(this.#signed(ALLOCATE, [transport]))).readUInt16BE(0);
  }

  /** Asks whether it might send to a peer (IPv4). @returns the type of the answer: 0x0108 yes, 0x0118 no */
  async permission(peer: string): Promise<number> {
    const request = this.#signed(CREATE_PERMISSION, [[XOR_PEER_ADDRESS, hiddenAddress(peer)]]);
    return (await this.#ask(request)).readUInt16BE(0);
  }

  close(): void {
    this.#socket.close();
  }

  async #ask(request: Buffer): Promise<Buffer> {
    this.#socket.send(request, this.#port, '127.0.0.1');
    const [answer] = await once(this.#socket, 'message', { signal: AbortSignal.timeout(10_000) });
    return answer;
  }

  /** With MESSAGE-INTEGRITY of long-term credentials (RFC 8489, 9.2 and 14.5). */
  #signed(type: number, attributes: readonly Attribute[]): Buffer {
    const request = stunRequest(type, [
      ...attributes,
      [USERNAME, Buffer.from(this.#username)],
      [REALM, this.#realm],
      [NONCE, this.#nonce],
      [MESSAGE_INTEGRITY, Buffer.alloc(20)],
    ]);
    const key = createHash('md5').update(`${this.#username}:${this.#realm}:${this.#password}`).digest();
    const hmac = createHmac('sha1', key).update(request.subarray(0, -24)).digest();
    hmac.copy(request, request.length - 20);
    return request;
  }
}

/** The address and some port, hidden under the cookie (RFC 8489, 14.2). */
function hiddenAddress(peer: string): Buffer {
  const value = Buffer.alloc(8);
  value.writeUInt8(1, 1);
  value.writeUInt16BE(4444 ^ COOKIE.readUInt16BE(0), 2);
  for (const [index, part] of peer.split('.').entries())
    value.writeUInt8(Number(part) ^ (COOKIE[index] ?? 0), 4 + index);
  return value;
}

function attributeOf(message: Buffer, wanted: number): Buffer {
  for (let at = 20; at + 4 <= message.length; ) {
    const length = message.readUInt16BE(at + 2);
    if (message.readUInt16BE(at) === wanted) return Buffer.from(message.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  throw new Error(`The answer has no attribute ${wanted}.`);
}
