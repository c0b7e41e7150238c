import { openStunLink, type StunLink } from '../../relay/cli/doctor/turn/stun-link.ts';
import {
  ATTRIBUTE,
  type Attributes,
  encodeRequest,
  longTermKey,
  METHOD,
  type StunMessage,
} from '../../relay/cli/doctor/turn/stun-message.ts';

const XOR_PEER_ADDRESS = 0x0012;
const CREATE_PERMISSION = 0x0008;
const COOKIE = Buffer.from('2112a442', 'hex');

/** As much of a TURN client (RFC 8656) as asks what a server allows: it sends nothing to any peer. */
export class TurnClient {
  readonly #link: StunLink;
  readonly #username: string;
  readonly #password: string;
  #realm: Buffer = Buffer.alloc(0);
  #nonce: Buffer = Buffer.alloc(0);

  /** @param port of a server on 127.0.0.1, over UDP */
  static async open(port: number, credentials: { username: string; password: string }): Promise<TurnClient> {
    return new TurnClient(
      await openStunLink({ scheme: 'turn', host: '127.0.0.1', port, transport: 'udp' }),
      credentials,
    );
  }

  private constructor(link: StunLink, { username, password }: { username: string; password: string }) {
    this.#link = link;
    this.#username = username;
    this.#password = password;
  }

  /** Asks for a relayed address. @returns the type of the answer: 0x0103 yes, 0x0113 no (RFC 8489, 5) */
  async allocate(): Promise<number> {
    const transport: Attributes = [[ATTRIBUTE.requestedTransport, Buffer.from([17, 0, 0, 0])]];
    const challenge = await this.#link.ask(encodeRequest(METHOD.allocate, transport));
    this.#realm = attributeOf(challenge, ATTRIBUTE.realm);
    this.#nonce = attributeOf(challenge, ATTRIBUTE.nonce);
    return (await this.#askSigned(METHOD.allocate, transport)).type;
  }

  /** Asks whether it might send to a peer (IPv4). @returns the type of the answer: 0x0108 yes, 0x0118 no */
  async permission(peer: string): Promise<number> {
    return (await this.#askSigned(CREATE_PERMISSION, [[XOR_PEER_ADDRESS, hiddenAddress(peer)]])).type;
  }

  close(): void {
    this.#link.close();
  }

  #askSigned(method: number, attributes: Attributes): Promise<StunMessage> {
    const credentials: Attributes = [
      [ATTRIBUTE.username, Buffer.from(this.#username)],
      [ATTRIBUTE.realm, this.#realm],
      [ATTRIBUTE.nonce, this.#nonce],
    ];
    const key = longTermKey(this.#username, this.#realm.toString('utf8'), this.#password);
    return this.#link.ask(encodeRequest(method, [...attributes, ...credentials], key));
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

function attributeOf(message: StunMessage, wanted: number): Buffer {
  const value = message.attributes.get(wanted);
  if (!value) throw new Error(`The answer has no attribute ${wanted}.`);
  return value;
}
