import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { ErrorCode } from '../protocol/error-codes.ts';
import type { NotificationName, PayloadOf } from '../protocol/messages.ts';
import type { Peer } from '../streams/peer.ts';
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
