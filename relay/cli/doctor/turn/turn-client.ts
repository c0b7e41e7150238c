import type { IceAddress } from './ice-url.ts';
import { openStunLink, type StunLink } from './stun-link.ts';
import {
  ATTRIBUTE,
  type Attributes,
  addressIn,
  encodeRequest,
  errorIn,
  longTermKey,
  METHOD,
  type StunMessage,
} from './stun-message.ts';

const SUCCESS = 0x0100;
/** UDP between the TURN server and its peers (RFC 8656, 18.8). */
const RELAY_UDP = Buffer.from([17, 0, 0, 0]);
const AT_ONCE = Buffer.alloc(4);

/** The server answered, and said no. */
export class StunError extends Error {
  override readonly name = 'StunError';
  /** As RFC 8489, 14.8 and RFC 8656, 19 number them: 401 wrong credentials, 486 quota, 508 no ports left. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** What an allocation was. */
export interface Allocation {
  /** Where the server would have received for us; null when it did not say. */
  readonly relayed: { readonly ip: string; readonly port: number } | null;
  /** As what this machine is seen there. */
  readonly mapped: { readonly ip: string; readonly port: number } | null;
}

/** As what address this machine is seen by a STUN server. @throws StunError, or Error without an answer */
export async function askMappedAddress(server: IceAddress): Promise<Allocation['mapped']> {
  const link = await openStunLink(server);
  try {
    return addressIn(await ask(link, METHOD.binding, []), ATTRIBUTE.xorMappedAddress);
  } finally {
    link.close();
  }
}

/**
 * Makes an allocation as a page does (RFC 8656, 7), and gives it back at once.
 * @throws StunError when the server refuses it, or Error without an answer
 */
export async function tryAllocation(
  server: IceAddress,
  credentials: { readonly username: string; readonly credential: string },
): Promise<Allocation> {
  const link = await openStunLink(server);
  try {
    const wanted: Attributes = [[ATTRIBUTE.requestedTransport, RELAY_UDP]];
    // The first one is refused, with what the credentials are to be made with.
    const challenge = await send(link, METHOD.allocate, wanted);
    const [realm, nonce] = [challenge.attributes.get(ATTRIBUTE.realm), challenge.attributes.get(ATTRIBUTE.nonce)];
    if (errorIn(challenge)?.code !== 401 || !realm || !nonce)
      throw refusalOf(challenge) ?? new StunError(0, 'it lets anybody in, without credentials');
    const key = longTermKey(credentials.username, realm.toString('utf8'), credentials.credential);
    const signed: Attributes = [
      [ATTRIBUTE.username, Buffer.from(credentials.username)],
      [ATTRIBUTE.realm, realm],
      [ATTRIBUTE.nonce, nonce],
    ];
    const made = await ask(link, METHOD.allocate, [...wanted, ...signed], key);
    // A lifetime of nothing ends it; what came of that is of no interest.
    await send(link, METHOD.refresh, [[ATTRIBUTE.lifetime, AT_ONCE], ...signed], key).catch(() => undefined);
    return {
      relayed: addressIn(made, ATTRIBUTE.xorRelayedAddress),
      mapped: addressIn(made, ATTRIBUTE.xorMappedAddress),
    };
  } finally {
    link.close();
  }
}

function send(link: StunLink, method: number, attributes: Attributes, key: Buffer | null = null): Promise<StunMessage> {
  return link.ask(encodeRequest(method, attributes, key));
}

async function ask(link: StunLink, method: number, attributes: Attributes, key: Buffer | null = null) {
  const answer = await send(link, method, attributes, key);
  if (answer.type === method + SUCCESS) return answer;
  throw refusalOf(answer) ?? new StunError(0, 'it answered something else');
}

function refusalOf(message: StunMessage): StunError | null {
  const error = errorIn(message);
  return error && new StunError(error.code, `it answered ${error.code} ${error.reason}`.trim());
}
