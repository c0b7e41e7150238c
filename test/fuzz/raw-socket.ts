import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A TCP connection that writes anything and remembers what came back. */
export class RawSocket {
  readonly #socket: Socket;
  #received = '';
  #closed = false;
  #waiting: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      this.#received = (this.#received + data.toString('latin1')).slice(-65_536);
      this.#wake();
    });
    // Half open counts as closed: the relay has said all it will say.
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.#closed = true;
        this.#wake();
      });
    }
  }

  static async open(port: number): Promise<RawSocket> {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    await once(socket, 'connect');
    return new RawSocket(socket);
  }

  /** True once the other side has closed, or the connection broke. */
  get closed(): boolean {
    return this.#closed;
  }

  /** What came back so far, as Latin-1. */
  get received(): string {
    return this.#received;
  }

  write(data: string | Buffer): void {
    if (!this.#closed) this.#socket.write(data);
  }

  /** Waits until something is so of this connection; false when it was not in time. */
  async until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs;
    while (!holds()) {
      const left = end - performance.now();
      if (left <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return true;
  }

  /** Ends it without a goodbye. */
  destroy(): void {
    this.#socket.destroy();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** The request that opens a WebSocket to the relay's Socket.IO (RFC 6455 4.1). */
export function upgradeRequest(headers: Readonly<Record<string, string>> = {}): string {
  const all: Record<string, string> = {
    Host: '127.0.0.1',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** How a frame differs from a right one. */
export interface FrameFaults {
  readonly opcode: number;
  readonly fin: boolean;
  readonly reserved: number;
  readonly masked: boolean;
  /** The length that the frame states; null: the true one. */
  readonly statedLength: number | null;
}

/** A client's frame (RFC 6455 5.2); with all in order it is a masked text frame. */
export function frame(payload: Buffer, faults: Partial<FrameFaults> = {}): Buffer {
  const { opcode = 1, fin = true, reserved = 0, masked = true, statedLength = null } = faults;
  const length = statedLength ?? payload.length;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | ((reserved & 7) << 4) | (opcode & 15);
  head[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(Math.floor(length)), 2);
  if (!masked) return Buffer.concat([head, payload]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}
