import { Manager, type Socket } from 'socket.io-client';
import type {
  Ack,
  HandshakeAuth,
  NodePlace,
  NotificationName,
  ParamsOf,
  RequestName,
  ResultOf,
} from '../../relay/protocol/messages.ts';
import { type Fault, type PageFaultCode, ProspectError, traced } from '../shared/fault.ts';
import type { RelayAddress } from '../shared/relay-url.ts';
import type { LinkEvents } from './relay-link.ts';

/** What the relay says when it refuses a connection. */
type Refusal = Partial<Fault> & { traceId?: string; place?: NodePlace };

/** What a connection tells its owner. */
export interface RelaySocketEvents {
  onNotification<N extends NotificationName>(name: N, payload: LinkEvents[N]): void;
  /**
   * Over, or never come about; with what the relay said, if it was the relay that refused, and where to connect instead, if it said so.
   * Called once, never after `close`.
   */
  onClose(fault: Fault | null, place?: NodePlace): void;
}

/**
 * One connection to the relay's Socket.IO server, made once and never again: relay-client.ts makes the next one by its own
 * policy. WebSocket alone: a connection is then one TCP connection, for which a load balancer needs no sticky sessions.
 */
export class RelaySocket {
  readonly #socket: Socket;
  readonly #events: RelaySocketEvents;
  #closed = false;
  #traceId: string | undefined;

  /** @param openMs an attempt that takes longer is given up */
  constructor({ origin, path }: RelayAddress, auth: HandshakeAuth, events: RelaySocketEvents, openMs = 5_000) {
    this.#events = events;
    const manager = new Manager(origin, {
      path,
      transports: ['websocket'],
      upgrade: false,
      reconnection: false,
      timeout: openMs,
    });
    // The token goes into the first packet, not into a URL, where proxies and logs would see it.
    const socket = manager.socket('/', { auth });
    this.#socket = socket;
    socket.onAny((name, payload) => {
      if (this.#closed) return;
      if (name === 'session:ready') this.#traceId = payload.traceId;
      events.onNotification(
        name,
        name === 'session:ended' ? { ...payload, message: traced(payload.message, this.#traceId) } : payload,
      );
    });
    socket.on('disconnect', () => this.#end(null));
    socket.on('connect_error', ({ message, data }: Error & { data?: Refusal }) =>
      this.#end(data?.code ? { code: data.code, message: traced(message, data.traceId) } : null, data?.place),
    );
  }

  /** What the relay grants. @throws ProspectError with the relay's code, or request_timeout, relay_unreachable */
  async ask<N extends RequestName>(name: N, params: ParamsOf<N>, timeoutMs: number): Promise<ResultOf<N>> {
    const ack = (await this.request(name, params, timeoutMs)) as Ack<N>;
    if (ack.ok) return ack.data;
    throw new ProspectError(ack.error.code, traced(ack.error.message, this.#traceId));
  }

  /** @returns what the relay acknowledged. @throws ProspectError request_timeout, relay_unreachable */
  async request(name: string, params: unknown, timeoutMs: number): Promise<unknown> {
    const socket = this.#socket;
    let code: PageFaultCode = 'relay_unreachable';
    // Without a connection Socket.IO would keep the request for the next one.
    if (socket.connected) {
      try {
        return await socket.timeout(timeoutMs).emitWithAck(name, params);
      } catch {
        if (socket.connected) code = 'request_timeout';
      }
    }
    throw new ProspectError(code, traced(`${name} was not answered.`, this.#traceId));
  }

  /** Lost without a connection: Socket.IO would keep it for the next one. */
  send(name: string, params: unknown): void {
    if (this.#socket.connected) this.#socket.emit(name, params);
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    // A request that found the path dead waits there for a next connection; without this its promise would wait as well.
    this.#socket.sendBuffer = [];
    this.#socket.disconnect();
  }

  #end(fault: Fault | null, place?: NodePlace): void {
    if (this.#closed) return;
    this.close();
    this.#events.onClose(fault, place);
  }
}
