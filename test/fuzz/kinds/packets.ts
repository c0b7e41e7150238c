/** Socket.IO and Engine.IO packets that no client would write, over a real WebSocket, before and after the handshake. */
import fc from 'fast-check';
import { realToken } from '../../harness/relay/real-relay.ts';
import { fuzzKind } from '../kind.ts';
import type { Outcome } from '../outcome.ts';
import { judgeCode, type Target } from '../target.ts';
import { hostileText } from '../values.ts';

/** A connection is replaced after so many packets. */
const PACKETS_PER_CONNECTION = 40;

const json = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom(
    '["stream:stop",{}]',
    '["stream:stop"]',
    '[]',
    '{}',
    '[1]',
    '[null]',
    '["stream:start",{"_placeholder":true,"num":0}]',
  ),
  fc.constantFrom(
    '["disconnect"]',
    '["connect"]',
    '["__proto__",{}]',
    '[["stream:stop"],{}]',
    '"text"',
    '{"token":',
    '',
  ),
  hostileText,
);

/** Engine.IO type, Socket.IO type, number of attachments, namespace, id, data: each may be missing or wrong. */
const packet = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom('4', '4', '4', '4', '0', '1', '2', '3', '5', '6', '7', 'b', ''),
        fc.constantFrom('0', '1', '2', '2', '2', '3', '4', '5', '6', '7', '9', ''),
        fc.constantFrom('', '', '', '1-', '0-', '-1-', '99999999-', '1', '1e9-', '-'),
        fc.constantFrom('', '', '', '/,', '/other,', '/\u0000,', '/__proto__,', '//,'),
        fc.constantFrom('', '', '7', '0', '99999999999999999999', '-1', '1.5'),
        json,
      )
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: hostileText },
);
const message = fc.oneof(
  { weight: 5, arbitrary: packet.map((text) => ({ text, binary: false })) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }).map((text) => ({ text, binary: true })) },
);

/** A WebSocket of somebody who writes packets by hand. */
class PacketSocket {
  readonly #socket: WebSocket;
  #received = '';
  #wake = (): void => undefined;

  constructor(port: number) {
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onmessage = ({ data }) => {
      this.#received = (this.#received + String(data)).slice(-65_536);
      this.#wake();
    };
    this.#socket.onclose = () => this.#wake();
  }

  get closed(): boolean {
    return this.#socket.readyState >= WebSocket.CLOSING;
  }

  get received(): string {
    return this.#received;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(data);
  }

  /** Waits until something came that fits, or the connection is closed. @returns false when neither was in time */
  async until(fits: (received: string) => boolean, timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs;
    while (!this.closed && !fits(this.#received)) {
      const left = end - performance.now();
      if (left <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return true;
  }

  close(): void {
    this.#socket.close();
  }
}

class PacketConnection {
  readonly #target: Target;
  #socket: PacketSocket | null = null;
  #sent = 0;
  #probes = 0;

  constructor(target: Target) {
    this.#target = target;
  }

  async send(text: string, binary: boolean, authenticated: boolean): Promise<Outcome> {
    const socket = await this.#connection(authenticated);
    const before = socket.received.length;
    this.#sent += 1;
    socket.send(binary ? Buffer.from(text) : text);
    return authenticated ? this.#probe(socket) : this.#answer(socket, before);
  }

  close(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  /** A good request after the bad packet: answered, or the connection is gone. */
  async #probe(socket: PacketSocket): Promise<Outcome> {
    this.#probes += 1;
    const id = 1_000_000 + this.#probes;
    socket.send(`42${id}["stream:stop",{}]`);
    // Attachments that the bad packet promised make the relay close the connection at the probe.
    const answered = await socket.until((received) => received.includes(`43${id}[{"ok":true`), 5_000);
    if (!answered) throw new Error(`the relay neither answered nor closed: ${socket.received.slice(-200)}`);
    return socket.closed ? 'disconnect' : 'silence';
  }

  /** Before the handshake the relay owes no answer; it may refuse or close. */
  async #answer(socket: PacketSocket, before: number): Promise<Outcome> {
    await socket.until((received) => received.length > before, 15);
    const refusal = /44(?:\/[^,]*,)?(\{.*\})/.exec(socket.received.slice(before))?.[1];
    const { closed } = socket;
    this.close();
    if (refusal === undefined) return closed ? 'disconnect' : 'silence';
    const parsed: unknown = JSON.parse(refusal);
    const data = typeof parsed === 'object' && parsed !== null && 'data' in parsed ? parsed.data : null;
    if (typeof data === 'object' && data !== null && 'code' in data && 'message' in data) {
      judgeCode(data.code, data.message);
    } else if (!refusal.includes('Invalid namespace')) throw new Error(`refused without a code: ${refusal}`);
    return 'error';
  }

  async #connection(authenticated: boolean): Promise<PacketSocket> {
    if (this.#socket && (this.#socket.closed || this.#sent >= PACKETS_PER_CONNECTION)) this.close();
    if (this.#socket) return this.#socket;
    this.#sent = 0;
    const socket = new PacketSocket(this.#target.relay.port);
    this.#socket = socket;
    await socket.until((received) => received.includes('"sid"'), 5_000);
    if (authenticated) {
      socket.send(`40${JSON.stringify({ token: realToken(this.#target.newUser('commercial')) })}`);
      await socket.until((received) => received.includes('session:ready'), 5_000);
    }
    return socket;
  }
}

function kind(name: string, share: number, authenticated: boolean) {
  return fuzzKind({
    name,
    share,
    arbitrary: message,
    open: async (target) => {
      const connection = new PacketConnection(target);
      return {
        attempt: ({ text, binary }) => connection.send(text, binary, authenticated),
        close: () => connection.close(),
      };
    },
  });
}

/** By someone with a good token. */
export const packets = kind('raw Socket.IO and Engine.IO packets', 9, true);

/** By anybody. */
export const packetsBefore = kind('raw packets before the handshake', 2, false);
