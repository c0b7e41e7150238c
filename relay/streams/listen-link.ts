import type { Logger } from 'pino';
import { RelayError } from '../errors.ts';
import type { AudioSource, ListenTransport, Media, TransportLoss } from '../media/media.ts';
import { SerialQueue } from './serial-queue.ts';

/** What a listen link is made with. */
export interface ListenLinkOptions {
  readonly media: Media;
  readonly logger: Logger;
  /** The transport is gone; the page must negotiate anew. */
  readonly onLost: (reason: TransportLoss) => void;
}

/** An admin's media connection: at most one transport, which always carries the source that is wanted now. */
export class ListenLink {
  readonly #options: ListenLinkOptions;
  readonly #queue = new SerialQueue();
  #transport: ListenTransport | null = null;
  #wanted: AudioSource | null = null;
  /** Raised by `release`: work that was asked for before must not bring a transport back. */
  #epoch = 0;
  #closed = false;

  constructor(options: ListenLinkOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#transport !== null;
  }

  /** The relay's offer. @throws RelayError not_connected (restart-ice without a transport), media_unavailable */
  connect(mode: 'connect' | 'restart-ice'): Promise<string> {
    const epoch = this.#epoch;
    return this.#queue.run(async () => {
      this.#check(epoch);
      return mode === 'connect' ? this.#connect(epoch) : this.#need().restartIce();
    });
  }

  /** The page's answer to the latest offer. @throws RelayError not_connected, sdp_invalid */
  answer(sdp: string): Promise<void> {
    const epoch = this.#epoch;
    return this.#queue.run(async () => {
      this.#check(epoch);
      await this.#need().accept(sdp);
    });
  }

  /** Carry this source, or nothing, now and on every later transport. */
  hear(source: AudioSource | null): void {
    this.#wanted = source;
    this.#apply();
  }

  /** Closes the transport, and cancels what is under way. What is wanted stays wanted, for the next transport. */
  release(): void {
    this.#epoch += 1;
    const transport = this.#transport;
    this.#transport = null;
    transport?.close();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#wanted = null;
    this.release();
  }

  async #connect(epoch: number): Promise<string> {
    let failure: TransportLoss | null = null;
    let adopted = false; // the events may come before the transport itself does
    const transport = await this.#options.media.createListenTransport({
      onState: () => undefined,
      onLost: (reason) => {
        failure = reason;
        if (!adopted || this.#transport !== transport) return;
        this.#transport = null;
        this.#options.onLost(reason);
      },
    });
    try {
      this.#check(epoch);
      if (failure) throw new RelayError('media_unavailable', 'The media worker ended meanwhile. Try again.');
      const offer = transport.offer();
      const older = this.#transport;
      this.#transport = transport;
      adopted = true;
      older?.close();
      this.#apply();
      return offer;
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  /** The transport itself lets the newest call win; a source that closes meanwhile brings another call here. */
  #apply(): void {
    const transport = this.#transport;
    const wanted = this.#wanted;
    if (!transport) return;
    transport.hear(wanted).catch((err: unknown) => {
      if (this.#transport !== transport || this.#wanted !== wanted || wanted?.closed) return;
      this.#options.logger.error({ err, transport: transport.id }, 'listening could not be switched');
    });
  }

  #need(): ListenTransport {
    if (!this.#transport) {
      throw new RelayError(
        'not_connected',
        'There is no media connection. Send listen:connect with mode "connect" first.',
      );
    }
    return this.#transport;
  }

  #check(epoch: number): void {
    if (this.#closed || epoch !== this.#epoch) {
      throw new RelayError('not_connected', 'The media connection was closed meanwhile.');
    }
  }
}
