import { RelayError } from '../errors.ts';
import type { Room } from '../load/room.ts';
import type { AudioSource, Media, PublishTransport, TransportLoss, TransportState } from '../media/media.ts';
import type { PageTrace } from '../tracing/page-trace.ts';
import { TransportSlot, type TransportSlotOptions } from './transport-slot.ts';

/** What a publish link tells its owner. */
export interface PublishLinkEvents {
  state(state: TransportState): void;
  /** A new transport took the older one's place, whose audio has ended. */
  replaced(): void;
  /** The transport is gone; the page must negotiate anew. */
  lost(reason: TransportLoss): void;
  /** A fault of the path or the transport is over. */
  recovered: TransportSlotOptions['onRecovered'];
}

/** A commercial's media connection: at most one transport, whatever the order in which requests and answers arrive. */
export class PublishLink {
  readonly #media: Media;
  readonly #trace: PageTrace | undefined;
  readonly #events: PublishLinkEvents;
  readonly #asks: boolean;
  readonly #slot: TransportSlot<PublishTransport>;

  /** @param trace the page's @param asks as in `Media.createPublishTransport` */
  constructor(media: Media, events: PublishLinkEvents, trace?: PageTrace, asks = true) {
    this.#asks = asks;
    this.#media = media;
    this.#trace = trace;
    this.#events = events;
    this.#slot = new TransportSlot({
      onState: (state) => events.state(state),
      onLost: (reason) => events.lost(reason),
      onRecovered: (fault, ms) => events.recovered(fault, ms),
      gone,
    });
  }

  get connected(): boolean {
    return this.#slot.current !== null;
  }

  /** Where a stream that begins would be carried. */
  get room(): Room {
    return (this.#slot.current ?? this.#media).room;
  }

  get state(): TransportState {
    return this.#slot.state;
  }

  /** The answer to the page's offer. @throws RelayError sdp_invalid, not_connected, media_unavailable */
  offer(mode: 'connect' | 'restart-ice', sdp: string): Promise<string> {
    return this.#slot.run(() => (mode === 'connect' ? this.#connect(sdp) : this.#slot.need().restartIce(sdp)));
  }

  /** The audio of the transport that was negotiated. @throws RelayError not_connected */
  produce(): Promise<AudioSource> {
    return this.#slot.run(async () => {
      const source = await this.#slot.need().produce();
      if (source.closed) throw gone();
      return source;
    });
  }

  /** Bytes of RTP received so far, 0 without a transport. */
  async bytesReceived(): Promise<number> {
    return this.#slot.current?.bytesReceived() ?? 0;
  }

  /** Closes the transport, and cancels what is under way. The page may negotiate again. */
  release(): void {
    this.#slot.release();
  }

  /** Idempotent. */
  close(): void {
    this.#slot.close();
  }

  async #connect(sdp: string): Promise<string> {
    const answer = await this.#slot.replace(
      (events) => this.#media.createPublishTransport(events, this.#trace, this.#asks),
      (transport) => transport.answer(sdp),
    );
    this.#events.replaced();
    return answer;
  }
}

function gone(): RelayError {
  return new RelayError('not_connected', 'There is no media connection. Send publish:offer with mode "connect" first.');
}
