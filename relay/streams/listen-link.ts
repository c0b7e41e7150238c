import type { Logger } from 'pino';
import { RelayError } from '../errors.ts';
import type { AudioSource, ListenTransport, Media, TransportLoss } from '../media/media.ts';
import { TransportSlot } from './transport-slot.ts';

/** What a listen link is made with. */
export interface ListenLinkOptions {
  readonly media: Media;
  readonly logger: Logger;
  /** ICE or DTLS of the transport changed, and `alive` perhaps with it. */
  readonly onState: () => void;
  /** `hearing` changed. */
  readonly onHearing: () => void;
  /** The transport is gone; the page must negotiate anew. */
  readonly onLost: (reason: TransportLoss) => void;
}

/** An admin's media connection: at most one transport, which always carries the source that is wanted now. */
export class ListenLink {
  readonly #options: ListenLinkOptions;
  readonly #slot: TransportSlot<ListenTransport>;
  #wanted: AudioSource | null = null;

  constructor(options: ListenLinkOptions) {
    this.#options = options;
    this.#slot = new TransportSlot({ onState: options.onState, onLost: options.onLost, gone });
  }

  get connected(): boolean {
    return this.#slot.current !== null;
  }

  /** What is carried now, whatever is wanted. */
  get hearing(): AudioSource | null {
    return this.#slot.current?.hearing ?? null;
  }

  /** True while the page is there at the other end of the transport. */
  get alive(): boolean {
    return this.#slot.state === 'connected';
  }

  /** The relay's offer. @throws RelayError not_connected (restart-ice without a transport), media_unavailable */
  connect(mode: 'connect' | 'restart-ice'): Promise<string> {
    return this.#slot.run(() => (mode === 'connect' ? this.#connect() : this.#slot.need().restartIce()));
  }

  /** The page's answer to the latest offer. @throws RelayError not_connected, sdp_invalid */
  answer(sdp: string): Promise<void> {
    return this.#slot.run(() => this.#slot.need().accept(sdp));
  }

  /** Carry this source, or nothing, now and on every later transport. */
  hear(source: AudioSource | null): void {
    this.#wanted = source;
    this.#apply();
  }

  /** Closes the transport, and cancels what is under way. What is wanted stays wanted, for the next transport. */
  release(): void {
    this.#slot.release();
  }

  /** Idempotent. */
  close(): void {
    this.#wanted = null;
    this.#slot.close();
  }

  async #connect(): Promise<string> {
    const offer = await this.#slot.replace(
      (events) => this.#options.media.createListenTransport({ ...events, onHearing: this.#options.onHearing }),
      (transport) => transport.offer(),
    );
    this.#apply();
    return offer;
  }

  /** The transport itself lets the newest call win; a source that closes meanwhile brings another call here. */
  #apply(): void {
    const transport = this.#slot.current;
    const wanted = this.#wanted;
    if (!transport) return;
    transport.hear(wanted).catch((err: unknown) => {
      if (this.#slot.current !== transport || this.#wanted !== wanted || wanted?.closed) return;
      this.#options.logger.error({ err, transport: transport.id }, 'listening could not be switched');
    });
  }
}

function gone(): RelayError {
  return new RelayError(
    'not_connected',
    'There is no media connection. Send listen:connect with mode "connect" first.',
  );
}
