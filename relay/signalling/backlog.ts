import type { Socket } from 'socket.io';

/** From here on the relay holds back what can wait. */
export const CONGESTED_BYTES = 32 * 1024;

/** A page that lets this much pile up is disconnected. It may come back and resume. */
export const MAX_BACKLOG_BYTES = 512 * 1024;

/**
 * What the relay has written to one connection and the transport could not take yet, in characters. It bounds the memory that
 * a page which reads slowly, or not at all, can make the relay hold.
 */
export class Backlog {
  #waiting = 0;

  /** `onOverflow` is called once. */
  constructor(conn: Socket['conn'], onOverflow: () => void) {
    let overflowed = false;
    conn.on('packetCreate', (packet: { data?: unknown }) => {
      this.#waiting += typeof packet.data === 'string' ? packet.data.length : 0;
      if (this.#waiting <= MAX_BACKLOG_BYTES || overflowed) return;
      overflowed = true;
      // After the write that is under way, and only if the transport did not take it all.
      setImmediate(() => {
        if (this.#waiting > MAX_BACKLOG_BYTES) onOverflow();
        else overflowed = false;
      });
    });
    conn.on('flush', () => {
      this.#waiting = 0; // the transport takes everything, or nothing
    });
  }

  get congested(): boolean {
    return this.#waiting > CONGESTED_BYTES;
  }
}
