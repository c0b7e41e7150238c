import type { Logger } from 'pino';
import { RelayError } from '../errors.ts';
import type { Room } from '../load/room.ts';
import type { AudioSource, ListenTransport, Media, TransportLoss, TransportState } from '../media/media.ts';
import type { PageTrace } from '../tracing/page-trace.ts';
import type { Timer, TimerSet } from './timers.ts';
import { TransportSlot, type TransportSlotOptions } from './transport-slot.ts';

/** What could not be carried is tried again: the first pause, doubled each time up to the longest. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10_000;

/** What a listen link is made with. */
export interface ListenLinkOptions {
  readonly media: Media;
  readonly logger: Logger;
  readonly timers: TimerSet;
  /** The page's. */
  readonly trace?: PageTrace;
  /** `failing` changed. */
  readonly onFailing: () => void;
  /** ICE or DTLS of the transport changed, and `alive` perhaps with it. */
  readonly onState: () => void;
  /** `hearing` or `sending` changed. */
  readonly onHearing: () => void;
  /** The transport is gone; the page must negotiate anew. */
  readonly onLost: (reason: TransportLoss) => void;
  /** A fault of the path or the transport is over. */
  readonly onRecovered: TransportSlotOptions['onRecovered'];
}

/** An admin's media connection: at most one transport, which always carries the source that is wanted now. */
export class ListenLink {
  readonly #options: ListenLinkOptions;
  readonly #slot: TransportSlot<ListenTransport>;
  #wanted: AudioSource | null = null;
  #meanwhile: AudioSource | null = null;
  #failures = 0;
  #retry: Timer | null = null;

  constructor(options: ListenLinkOptions) {
    this.#options = options;
    const { onState, onLost, onRecovered } = options;
    this.#slot = new TransportSlot({ onState, onLost, onRecovered, gone });
  }

  get connected(): boolean {
    return this.#slot.current !== null;
  }

  /** Where an admin who listens to nobody yet would be carried. */
  get room(): Room {
    return (this.#slot.current ?? this.#options.media).room;
  }

  /** What is carried now, whatever is wanted. */
  get hearing(): AudioSource | null {
    return this.#slot.current?.hearing ?? null;
  }

  /** What is carried now, once its first packet was sent to the page. */
  get sending(): AudioSource | null {
    return this.#slot.current?.sending ?? null;
  }

  /** The transport is connected and carries somebody of whom no packet comes. */
  get silent(): boolean {
    return this.alive && this.#slot.current?.silent === true;
  }

  /** What is wanted cannot be carried just now (no descriptor for a pipe, say), nor anything in its place; it is tried again by itself. */
  get failing(): boolean {
    return this.#failures > 0 && this.hearing === null;
  }

  get state(): TransportState {
    return this.#slot.state;
  }

  /** True while the page is there at the other end of the transport. */
  get alive(): boolean {
    return this.#slot.state === 'connected';
  }

  /** The relay's offer. @throws RelayError not_connected (restart-ice without a transport), media_unavailable */
  connect(mode: 'connect' | 'restart-ice'): Promise<string> {
    return this.#slot.run(() =>
      mode === 'connect' ? this.#connect((transport) => transport.offer()) : this.#slot.need().restartIce(),
    );
  }

  /** The answer to a player's offer, on a new transport. @throws RelayError sdp_invalid, media_unavailable */
  take(offer: string): Promise<string> {
    return this.#slot.run(() => this.#connect((transport) => transport.take(offer)));
  }

  /** The page's answer to the latest offer. @throws RelayError not_connected, sdp_invalid */
  async answer(sdp: string, switches = true): Promise<void> {
    await this.#slot.run(() => this.#slot.need().accept(sdp, switches));
    // An answer is accepted although another node may not pass on yet what is wanted: that is seen to here.
    if (this.#wanted && !this.hearing && !this.#retry) this.#apply();
  }

  /** Carry this source, or nothing, now and on every later transport. @param meanwhile as `ListenTransport.hear` */
  hear(source: AudioSource | null, meanwhile: AudioSource | null = null): void {
    const isSame = meanwhile === this.#meanwhile;
    this.#meanwhile = meanwhile;
    if (source === this.#wanted && this.#retry) {
      if (isSame) return;
      // What may no longer be heard ends now, and not with the next attempt.
      this.#retry.cancel();
      this.#retry = null;
    } else this.#settled();
    this.#wanted = source;
    this.#apply();
  }

  /** Closes the transport, and cancels what is under way. What is wanted stays wanted, for the next transport. */
  release(): void {
    this.#settled();
    this.#slot.release();
  }

  /** Idempotent. */
  close(): void {
    this.#settled();
    this.#wanted = this.#meanwhile = null;
    this.#slot.close();
  }

  async #connect(negotiate: (transport: ListenTransport) => Promise<string> | string): Promise<string> {
    const description = await this.#slot.replace(
      (events) =>
        this.#options.media.createListenTransport(
          {
            ...events,
            onHearing: () => this.#onHearing(),
            onSending: () => this.#options.onHearing(),
          },
          this.#options.trace,
        ),
      negotiate,
    );
    this.#apply();
    return description;
  }

  /** The transport itself lets the newest call win; a source that closes meanwhile brings another call here. */
  #apply(): void {
    const transport = this.#slot.current;
    const wanted = this.#wanted;
    if (!transport) return;
    const isPast = (): boolean =>
      this.#slot.current !== transport || this.#wanted !== wanted || wanted?.closed === true;
    transport.hear(wanted, this.#meanwhile).then(
      () => {
        if (isPast() || this.#failures === 0) return;
        this.#settled();
        this.#options.onFailing();
      },
      (err: unknown) => {
        if (isPast()) return;
        this.#options.logger.error({ err, transport: transport.id }, 'listening could not be switched; tried again');
        this.#tryAgain();
      },
    );
  }

  /** What is carried changed; where that was no wish (a copy on another worker ended), it is asked for anew. */
  #onHearing(): void {
    this.#options.onHearing();
    if (this.#wanted && !this.#wanted.closed && !this.hearing && !this.#retry) this.#apply();
  }

  #tryAgain(): void {
    const pause = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS);
    this.#failures += 1;
    this.#retry?.cancel();
    this.#retry = this.#options.timers.after(pause, () => {
      this.#retry = null;
      this.#apply();
    });
    if (this.#failures === 1) this.#options.onFailing();
  }

  #settled(): void {
    this.#failures = 0;
    this.#retry?.cancel();
    this.#retry = null;
  }
}

function gone(): RelayError {
  return new RelayError(
    'not_connected',
    'There is no media connection. Send listen:connect with mode "connect" first.',
  );
}
