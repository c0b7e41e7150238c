import type { Logger } from 'pino';
import type { Media } from '../media/media.ts';
import { ListenLink } from './listen-link.ts';
import { PublishLink } from './publish-link.ts';
import type { TimerSet } from './timers.ts';

/** What a loop-back is made with. */
export interface LoopBackOptions {
  readonly media: Media;
  readonly timers: TimerSet;
  readonly logger: Logger;
  /** A transport is gone; the page must negotiate it anew. */
  readonly onLost: (direction: 'up' | 'down') => void;
}

/**
 * One page's sound, led back to itself: a publishing and a listening connection as commercials and admins have them, tied to each
 * other and to nothing else. No stream, no session, no registry knows of it, so nobody else can see or hear it.
 */
export class LoopBack {
  readonly #publish: PublishLink;
  readonly #listen: ListenLink;

  constructor({ media, timers, logger, onLost }: LoopBackOptions) {
    this.#listen = new ListenLink({
      media,
      logger,
      timers,
      onFailing: () => undefined,
      onState: () => undefined,
      onHearing: () => undefined,
      onLost: () => onLost('down'),
      // A page that only tries itself counts in no metric.
      onRecovered: () => undefined,
    });
    this.#publish = new PublishLink(media, {
      state: () => undefined,
      replaced: () => undefined,
      lost: () => onLost('up'),
      recovered: () => undefined,
    });
  }

  /** The answer to the page's offer of what it sends. @throws RelayError sdp_invalid, not_connected, media_unavailable */
  async offer(sdp: string): Promise<string> {
    const answer = await this.#publish.offer('connect', sdp);
    this.#listen.hear(await this.#publish.produce());
    return answer;
  }

  /** The relay's offer of what comes back. @throws RelayError media_unavailable, not_connected */
  connect(): Promise<string> {
    return this.#listen.connect('connect');
  }

  /** The page's answer to it. @throws RelayError not_connected, sdp_invalid */
  answer(sdp: string): Promise<void> {
    return this.#listen.answer(sdp);
  }

  /** Idempotent. */
  close(): void {
    this.#publish.close();
    this.#listen.close();
  }
}
