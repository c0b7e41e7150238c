import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Share of packets to drop, 0 to 1, by direction. */
export interface Loss {
  /** Page to relay. */
  up: number;
  /** Relay to page. */
  down: number;
}

/** Between one page and the relay's media port, for tests: passes UDP on, and loses a share of the RTP packets. */
export class UdpForwarder {
  readonly loss: Loss = { up: 0, down: 0 };
  readonly #front: Socket;
  readonly #back: Socket;
  #cut = false;
  #page: { address: string; port: number } | null = null;

  private constructor(front: Socket, back: Socket, relayPort: number) {
    this.#front = front;
    this.#back = back;
    front.on('message', (packet, { address, port }) => {
      this.#page = { address, port };
      if (!this.#cut && !drops(packet, this.loss.up)) back.send(packet, relayPort, '127.0.0.1');
    });
    back.on('message', (packet) => {
      if (this.#page !== null && !this.#cut && !drops(packet, this.loss.down))
        front.send(packet, this.#page.port, this.#page.address);
    });
  }

  static async create(relayPort: number): Promise<UdpForwarder> {
    const front = createSocket('udp4');
    const back = createSocket('udp4');
    front.bind(0, '127.0.0.1');
    back.bind(0, '127.0.0.1');
    await Promise.all([once(front, 'listening'), once(back, 'listening')]);
    return new UdpForwarder(front, back, relayPort);
  }

  /** Leads a description's UDP candidate through a new forwarder; its TCP candidates are taken out. */
  static async into(sdp: string): Promise<{ forwarder: UdpForwarder; sdp: string }> {
    const candidate = /^(a=candidate:\S+ 1 udp \d+ \S+ )(\d+)( typ host)$/m;
    const relayPort = Number(candidate.exec(sdp)?.[2]);
    const forwarder = await UdpForwarder.create(relayPort);
    const led = sdp.replace(candidate, `$1${forwarder.port}$3`).replace(/^a=candidate:\S+ 1 tcp .*\r\n/gm, '');
    return { forwarder, sdp: led };
  }

  get port(): number {
    return this.#front.address().port;
  }

  /** Passes nothing on, in either direction, until mended. */
  cut(): void {
    this.#cut = true;
  }

  mend(): void {
    this.#cut = false;
  }

  close(): void {
    this.#front.close();
    this.#back.close();
  }
}

/** RTP and RTCP start with 128 to 191 (RFC 7983); payload types 64 to 95 there are RTCP (RFC 5761), which is not lost. */
function drops(packet: Buffer, share: number): boolean {
  const first = packet[0] ?? 0;
  const payloadType = (packet[1] ?? 0) & 0x7f;
  const isRtp = first >= 128 && first <= 191 && (payloadType < 64 || payloadType > 95);
  return isRtp && Math.random() < share;
}
