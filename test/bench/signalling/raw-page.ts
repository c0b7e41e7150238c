import { connect, type Socket } from 'node:net';

/** RFC 6455, 5.2: a text frame that is final, and the bit that says a client's payload is masked. */
const FINAL_TEXT = 0x81;
const MASKED = 0x80;

/**
 * A page reduced to its frames (RFC 6455, Engine.IO protocol 4, Socket.IO protocol 5), so that hundreds cost less than the relay that is
 * measured. It counts what comes and reads no more of it than it must.
 */
export class RawPage {
  /** Bytes that came in, the heads of the WebSocket frames included. */
  bytes = 0;
  /** Notifications that came in. */
  notifications = 0;
  readonly #socket: Socket;
  readonly #waiting = new Map<string, () => void>();
  readonly #onEvent: ((text: string) => void) | null;
  #unread: Buffer | null = null;
  #requests = 0;

  private constructor(socket: Socket, onEvent: ((text: string) => void) | null) {
    this.#socket = socket;
    this.#onEvent = onEvent;
  }

  /**
   * Connects and authenticates.
   * @param onEvent gets each notification as it came
   * @throws Error when it is refused
   */
  static open(port: number, token: string, onEvent: ((text: string) => void) | null = null): Promise<RawPage> {
    const socket = connect(port, '127.0.0.1');
    const page = new RawPage(socket, onEvent);
    socket.setNoDelay(true);
    socket.write(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: relay\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('The relay closed the connection.')));
      socket.on('data', (chunk: Buffer) => {
        if (page.#read(chunk, token)) resolve(page);
      });
    });
  }

  /** Sends a request; resolves when it is acknowledged, however. */
  request(name: string, params: object): Promise<void> {
    const id = String(this.#requests++);
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send(`42${id}${JSON.stringify([name, params])}`);
    });
  }

  /** Sends what needs no answer. */
  tell(name: string, params: object): void {
    this.#send(`42${JSON.stringify([name, params])}`);
  }

  /** Masked with zeros, which leaves the text as it is. */
  #send(text: string): void {
    const payload = Buffer.from(text);
    const short = payload.length < 126;
    const head = Buffer.alloc(short ? 6 : 8);
    head[0] = FINAL_TEXT;
    head[1] = MASKED | (short ? payload.length : 126);
    if (!short) head.writeUInt16BE(payload.length, 2);
    this.#socket.write(Buffer.concat([head, payload]));
  }

  /** @returns whether the page is connected since */
  #read(chunk: Buffer, token: string): boolean {
    const data = this.#unread ? Buffer.concat([this.#unread, chunk]) : chunk;
    let connected = false;
    let at = 0;
    if (this.bytes === 0 && data[0] === 'H'.charCodeAt(0)) {
      const end = data.indexOf('\r\n\r\n');
      at = end < 0 ? data.length : end + 4;
    }
    while (at + 2 <= data.length) {
      const short = (data[at + 1] ?? 0) & 127;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (at + head > data.length) break;
      const length = head === 2 ? short : head === 4 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
      const end = at + head + length;
      if (end > data.length) break;
      this.bytes += end - at;
      connected = this.#take(data.subarray(at + head, end), token) || connected;
      at = end;
    }
    this.#unread = at < data.length ? data.subarray(at) : null;
    return connected;
  }

  /** @returns whether this says that the page is connected */
  #take(text: Buffer, token: string): boolean {
    const kind = text.toString('latin1', 0, 2);
    if (kind === '42') {
      this.notifications += 1;
      this.#onEvent?.(text.toString());
    } else if (kind === '43') {
      const id = /\d*/.exec(text.toString('latin1', 2, 12))?.[0] ?? '';
      this.#waiting.get(id)?.();
      this.#waiting.delete(id);
    } else if (kind === '2') this.#send('3');
    else if (kind.startsWith('0')) this.#send(`40${JSON.stringify({ token })}`);
    return kind === '40';
  }
}
