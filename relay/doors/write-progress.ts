/** What is looked at of a socket (`net.Socket`, `tls.TLSSocket`). */
export interface WrittenTo {
  /** Bytes given to it, those that wait included. */
  readonly bytesWritten: number;
  /** Bytes that wait. */
  readonly writableLength: number;
  /** Whether everything was said from this side. */
  readonly writableEnded: boolean;
}

/** Sees whether the other side takes what is written to it. */
export class WriteProgress {
  readonly #now: () => number;
  #taken = -1;
  #since: number;

  /** @param now milliseconds of a clock that never jumps */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /**
   * For how long something has waited of which nothing was taken, in milliseconds. After everything was said, the other side's end of
   * the connection is what is waited for.
   */
  stalledMs({ bytesWritten, writableLength, writableEnded }: WrittenTo): number {
    const taken = bytesWritten - writableLength;
    if ((writableLength === 0 && !writableEnded) || taken !== this.#taken) this.#since = this.#now();
    this.#taken = taken;
    return this.#now() - this.#since;
  }
}
