import type { HandshakeAuth, NotificationName } from '../../relay/protocol/messages.ts';
import { type Fault, type PageFaultCode, ProspectError } from '../shared/fault.ts';
import type { RelayAddress } from '../shared/relay-url.ts';
import type { LinkEvents } from './relay-link.ts';

export interface RelaySocketEvents {
  /** The relay let the page in; notifications follow. */
  onOpen(): void;
  onNotification<N extends NotificationName>(name: N, payload: LinkEvents[N]): void;
  /** Over, or never come about; with what the relay said, if it was the relay that refused. Called once, never after `close`. */
  onClose(fault: Fault | null): void;
}

/** An attempt that takes longer is given up: in a dead spot the next one finds the network sooner than TCP's own retries. */
const OPEN_TIMEOUT_MS = 5_000;

/** Packet types: Engine.IO protocol 4 (the first character), Socket.IO protocol 5 (the second, inside a message). */
const OPEN = '0';
const PING = '2';
const PONG = '3';
const MESSAGE = '4';
const CONNECT = '0';
const DISCONNECT = '1';
const EVENT = '2';
const ACK = '3';
const CONNECT_ERROR = '4';
/** Of a message: type, acknowledgement number, JSON. The namespace is always the default one, which is not written. */
const PACKET = /^4(\d)(\d*)(.*)$/s;

/**
 * One connection to the relay's Socket.IO server over the browser's own WebSocket. It speaks the part of the protocols that the
 * relay uses: text events, acknowledgements, heartbeat. The whole of socket.io-client would be a third of the widgets' weight,
 * for HTTP long-polling, namespaces, binary data and a reconnection that relay-client.ts does by its own policy.
 */
export class RelaySocket {
  readonly #socket: WebSocket;
  readonly #events: RelaySocketEvents;
  readonly #waiting = new Map<number, (code: PageFaultCode | null, ack?: unknown) => void>();
  #requests = 0;
  #admitted = false;
  #closed = false;
  /** How long the server may be silent, once it has said so. */
  #patience = OPEN_TIMEOUT_MS;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor({ origin, path }: RelayAddress, auth: HandshakeAuth, events: RelaySocketEvents) {
    this.#events = events;
    const socket = new WebSocket(`${origin.replace('http', 'ws')}${path}/?EIO=4&transport=websocket`);
    this.#socket = socket;
    this.#expect(OPEN_TIMEOUT_MS);
    socket.onclose = () => this.#end(null);
    socket.onmessage = ({ data }) => {
      try {
        this.#read(String(data), auth);
      } catch {
        // Whoever is at the other end is no Socket.IO server.
        this.#end(null);
      }
    };
  }

  /** @returns what the relay acknowledged. @throws ProspectError request_timeout, relay_unreachable */
  request(name: string, params: unknown, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.#requests++;
      const settle = (code: PageFaultCode | null, ack?: unknown): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        if (code) reject(new ProspectError(code, `${name} was not answered.`));
        else resolve(ack);
      };
      const timer = setTimeout(() => settle('request_timeout'), timeoutMs);
      this.#waiting.set(id, settle);
      if (this.#admitted && !this.#closed)
        this.#socket.send(`${MESSAGE}${EVENT}${id}${JSON.stringify([name, params])}`);
      else settle('relay_unreachable');
    });
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    if (this.#admitted) this.#socket.send(MESSAGE + DISCONNECT);
    this.#release();
  }

  #read(data: string, auth: HandshakeAuth): void {
    if (data.startsWith(OPEN)) {
      const { pingInterval, pingTimeout } = JSON.parse(data.slice(1));
      this.#patience = pingInterval + pingTimeout;
      // Not in a URL, where proxies and logs would see the token.
      this.#socket.send(MESSAGE + CONNECT + JSON.stringify(auth));
    } else if (data === PING) this.#socket.send(PONG);
    // The server pings at its interval: with neither that nor anything else, the path is dead.
    this.#expect(this.#patience);
    const [, type, id = '', json = ''] = PACKET.exec(data) ?? [];
    if (type === CONNECT) {
      this.#admitted = true;
      this.#events.onOpen();
    } else if (type === EVENT) {
      const [name, payload] = JSON.parse(json);
      this.#events.onNotification(name, payload);
    } else if (type === ACK) this.#waiting.get(Number(id))?.(null, JSON.parse(json)[0]);
    else if (type === CONNECT_ERROR) {
      const { message, data: details } = JSON.parse(json);
      this.#end(details?.code ? { code: details.code, message } : null);
    } else if (type === DISCONNECT) this.#end(null);
  }

  #expect(ms: number): void {
    clearTimeout(this.#deadline);
    if (!this.#closed) this.#deadline = setTimeout(() => this.#end(null), ms);
  }

  #end(fault: Fault | null): void {
    if (this.#closed) return;
    this.#release();
    this.#events.onClose(fault);
  }

  #release(): void {
    this.#closed = true;
    clearTimeout(this.#deadline);
    this.#socket.onclose = this.#socket.onmessage = null;
    this.#socket.close();
    for (const settle of [...this.#waiting.values()]) settle('relay_unreachable');
  }
}
