import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { ErrorCode } from '../protocol/error-codes.ts';
import type { NotificationName, PayloadOf } from '../protocol/messages.ts';
import type { NotifyAll, Peer } from '../streams/peer.ts';
import { Backlog } from './backlog.ts';

/** A page's Socket.IO connection, as the streams see it. */
export class SocketPeer implements Peer {
  readonly #socket: Socket;
  readonly #backlog: Backlog;
  #heardAt = performance.now();

  /** `onStuck`: the page does not read what it is sent, and has been disconnected. */
  constructor(socket: Socket, logger: Logger, onStuck: () => void) {
    this.#socket = socket;
    // Of the engine: also what is no request, such as the answer to a heartbeat.
    socket.conn.on('packet', () => {
      this.#heardAt = performance.now();
    });
    this.#backlog = new Backlog(socket.conn, () => {
      logger.warn({ socket: socket.id }, 'connection dropped: the page does not read what it is sent');
      socket.conn.close(true);
      onStuck();
    });
  }

  /** The message is encoded, and put into its WebSocket frame, once for all of these pages: that is what Socket.IO's rooms do, and each socket is a room. */
  static readonly notifyAll: NotifyAll = (peers, name, payload) => {
    const sockets: Socket[] = [];
    for (const peer of peers) {
      if (!(peer instanceof SocketPeer)) peer.notify(name, payload);
      else if (peer.#socket.connected) sockets.push(peer.#socket);
    }
    sockets[0]?.nsp.to(sockets.map(({ id }) => id)).emit(name, payload);
  };

  get congested(): boolean {
    return this.#backlog.congested;
  }

  get silentForMs(): number {
    return performance.now() - this.#heardAt;
  }

  notify<N extends NotificationName>(name: N, payload: PayloadOf<N>): void {
    if (this.#socket.connected) this.#socket.emit(name, payload);
  }

  end(code: ErrorCode, message: string): void {
    this.notify('session:ended', { code, message });
    this.drop();
  }

  drop(): void {
    this.#socket.disconnect(true);
  }
}
