import type { PublishPeer } from '../relay-client/peer-connection.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import type { Capture } from './capture.ts';
import type { MediaLink } from './media-link.ts';
import { OutgoingWatchdog } from './outgoing-watchdog.ts';

/** What sending needs of the stream. */
export interface SendingOptions<Track> {
  readonly media: MediaLink<PublishPeer<Track>>;
  readonly log: DebugLog;
  /** The microphone, while it is taken. */
  capture(): Capture<Track> | null;
  /** Whether sound may leave, as far as the stream is concerned. */
  wanted(): boolean;
}

/** Puts the microphone's sound on the way, or takes it off, and sees to it that it does leave. */
export class Sending<Track> {
  readonly #options: SendingOptions<Track>;
  readonly #watchdog: OutgoingWatchdog;

  constructor(options: SendingOptions<Track>) {
    const { media, capture, log } = options;
    this.#options = options;
    this.#watchdog = new OutgoingWatchdog({
      bytesSent: async () => (await media.peer?.sample())?.bytesSent ?? null,
      shouldGrow: () => this.track !== null && media.state === 'connected' && (capture()?.level ?? 0) > 0,
      onStuck: () => {
        log('sound at the microphone, but nothing leaves: taking it anew');
        void capture()?.renew();
      },
    });
  }

  /** What is sent, or null: nothing is. */
  get track(): Track | null {
    return this.#options.wanted() ? (this.#options.capture()?.track ?? null) : null;
  }

  /** Something it depends on may have changed. */
  apply(): void {
    const { media, log } = this.#options;
    for (const peer of media.peers)
      peer.send(this.track).catch((error: unknown) => log('replaceTrack failed', String(error)));
  }

  readonly watch = (): void => this.#watchdog.start();
  readonly rest = (): void => this.#watchdog.stop();
}
