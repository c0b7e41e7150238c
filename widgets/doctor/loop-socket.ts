import { Manager, type Socket } from 'socket.io-client';
import type { LoopBackReady } from '../../relay/protocol/loop-back.ts';
import { type Fault, ProspectError } from '../shared/fault.ts';

const OPEN_MS = 8_000;
const REQUEST_MS = 8_000;

/** The page's connection to the relay's namespace /doctor (PROTOCOL.md, Loop-back): made once, for one run. */
export class LoopSocket {
  readonly ready: LoopBackReady;
  readonly #socket: Socket;

  private constructor(socket: Socket, ready: LoopBackReady) {
    this.#socket = socket;
    this.ready = ready;
  }

  /**
   * @param onEnded called once when the relay ends it
   * @throws ProspectError with the relay's code when it refuses; relay_unreachable when nothing answers
   */
  static open(base: URL, token: string, onEnded: () => void): Promise<LoopSocket> {
    const manager = new Manager(base.origin, {
      path: `${base.pathname}socket.io`,
      transports: ['websocket'],
      upgrade: false,
      reconnection: false,
      timeout: OPEN_MS,
    });
    // The token goes into the first packet, not into a URL, where proxies and logs would see it.
    const socket = manager.socket('/doctor', { auth: token === '' ? {} : { token } });
    return new Promise((resolve, reject) => {
      const fail = (fault: Fault): void => {
        clearTimeout(timer);
        socket.disconnect();
        reject(new ProspectError(fault.code, fault.message));
      };
      const timer = setTimeout(() => fail({ code: 'relay_unreachable', message: 'No answer.' }), OPEN_MS);
      socket.on('connect_error', ({ message, data }: Error & { data?: Fault }) =>
        fail(data?.code ? data : { code: 'relay_unreachable', message }),
      );
      socket.on('loopback:ready', (ready: LoopBackReady) => {
        clearTimeout(timer);
        socket.once('disconnect', onEnded);
        resolve(new LoopSocket(socket, ready));
      });
    });
  }

  /** The relay's answer to the page's offer of what it sends. @throws ProspectError */
  offer(sdp: string): Promise<string> {
    return this.#request('loopback:offer', { sdp });
  }

  /** The relay's offer of what comes back. @throws ProspectError */
  connect(): Promise<string> {
    return this.#request('loopback:connect', {});
  }

  /** @throws ProspectError */
  async answer(sdp: string): Promise<void> {
    await this.#request('loopback:answer', { sdp });
  }

  /** Idempotent; `onEnded` is not called for it. */
  close(): void {
    this.#socket.off('disconnect');
    this.#socket.disconnect();
  }

  async #request(name: string, params: object): Promise<string> {
    let ack: { ok: true; data: { sdp?: string } } | { ok: false; error: Fault };
    try {
      ack = await this.#socket.timeout(REQUEST_MS).emitWithAck(name, params);
    } catch {
      throw new ProspectError('request_timeout', `${name} was not answered.`);
    }
    if (!ack.ok) throw new ProspectError(ack.error.code, ack.error.message);
    return ack.data.sdp ?? '';
  }
}
