import { RelayError } from '../errors.ts';
import type { AudioSource, Media, PublishTransport, TransportLoss, TransportState } from '../media/media.ts';
import { SerialQueue } from './serial-queue.ts';

/** What a publish link tells its owner. */
export interface PublishLinkEvents {
  state(state: TransportState): void;
  /** A new transport took the older one's place, whose audio has ended. */
  replaced(): void;
  /** The transport is gone; the page must negotiate anew. */
  lost(reason: TransportLoss): void;
}

/** A commercial's media connection: at most one transport, whatever the order in which requests and answers arrive. */
export class PublishLink {
  readonly #media: Media;
  readonly #events: PublishLinkEvents;
  readonly #queue = new SerialQueue();
  #transport: PublishTransport | null = null;
  /** Raised by `release`: work that was asked for before must not bring a transport back. */
  #epoch = 0;
  #closed = false;

  constructor(media: Media, events: PublishLinkEvents) {
    this.#media = media;
    this.#events = events;
  }

  get connected(): boolean {
    return this.#transport !== null;
  }

  get state(): TransportState {
    return this.#transport?.state ?? 'closed';
  }

  /** The answer to the page's offer. @throws RelayError sdp_invalid, not_connected, media_unavailable */
  offer(mode: 'connect' | 'restart-ice', sdp: string): Promise<string> {
    const epoch = this.#epoch;
    return this.#queue.run(async () => {
      this.#check(epoch);
      if (mode === 'connect') return this.#connect(sdp, epoch);
      return this.#need().restartIce(sdp);
    });
  }

  /** The audio of the transport that was negotiated. @throws RelayError not_connected */
  produce(): Promise<AudioSource> {
    const epoch = this.#epoch;
    return this.#queue.run(async () => {
      this.#check(epoch);
      const source = await this.#need().produce();
      this.#check(epoch);
      if (source.closed) throw gone();
      return source;
    });
  }

  /** Bytes of RTP received so far, 0 without a transport. */
  async bytesReceived(): Promise<number> {
    return this.#transport ? this.#transport.bytesReceived() : 0;
  }

  /** Closes the transport, and cancels what is under way. The page may negotiate again. */
  release(): void {
    this.#epoch += 1;
    const transport = this.#transport;
    this.#transport = null;
    transport?.close();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.release();
  }

  async #connect(sdp: string, epoch: number): Promise<string> {
    let failure: TransportLoss | null = null;
    let adopted = false; // the events may come before the transport itself does
    const transport = await this.#media.createPublishTransport({
      onState: (state) => {
        if (adopted && this.#transport === transport) this.#events.state(state);
      },
      onLost: (reason) => {
        failure = reason;
        if (!adopted || this.#transport !== transport) return;
        this.#transport = null;
        this.#events.lost(reason);
      },
    });
    try {
      this.#check(epoch);
      const answer = await transport.answer(sdp);
      this.#check(epoch);
      if (failure) throw new RelayError('media_unavailable', 'The media worker ended meanwhile. Try again.');
      const older = this.#transport;
      this.#transport = transport;
      adopted = true;
      older?.close();
      this.#events.replaced();
      return answer;
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  #need(): PublishTransport {
    if (!this.#transport) throw gone();
    return this.#transport;
  }

  #check(epoch: number): void {
    if (this.#closed || epoch !== this.#epoch) throw gone();
  }
}

function gone(): RelayError {
  return new RelayError('not_connected', 'There is no media connection. Send publish:offer with mode "connect" first.');
}
