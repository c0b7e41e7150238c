import type { RelayLink } from '../relay-client/relay-link.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import { type Fault, toFault } from '../shared/fault.ts';
import { tell } from './relay-use.ts';

/** What a pause needs of the stream. */
export interface PauseOptions {
  readonly relay: RelayLink;
  readonly log: DebugLog;
  /** Cuts the microphone, or opens it again. */
  readonly apply: (paused: boolean) => void;
  /** Going on did not succeed, or null: it did. */
  readonly onFault: (fault: Fault | null) => void;
}

/**
 * Whether the stream is paused. Privacy first: the microphone is cut here before the relay is asked, and opened only after
 * it agreed.
 */
export class Pause {
  readonly #options: PauseOptions;
  #paused = false;
  /** What the newest call asked for; the microphone opens only while it is false. */
  #wanted = false;

  constructor(options: PauseOptions) {
    this.#options = options;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /**
   * @param live whether the relay has the stream already; one that has not begun is told of its pause when it does
   * @param signal ends with the stream
   */
  async set(paused: boolean, live: boolean, signal: AbortSignal): Promise<void> {
    if (paused === this.#paused && paused === this.#wanted) return;
    const { relay, log, onFault } = this.#options;
    this.#wanted = paused;
    if (paused || !live) this.#apply(paused);
    if (!live) return;
    try {
      await relay.request('stream:pause', { paused });
      // Paused again meanwhile: the newest wish holds.
      if (this.#wanted || signal.aborted) return;
      onFault(null);
      this.#apply(false);
    } catch (error) {
      if (signal.aborted) return;
      const fault = toFault(error);
      log('pause not acknowledged', fault.code);
      // The socket may be dead; its successor is told of the pause anew.
      if (fault.code === 'request_timeout') relay.check();
      // A pause holds by itself, and is told again when the relay is back. Going on without the relay's word would not be heard.
      if (paused) return;
      this.#wanted = this.#paused;
      onFault(fault);
      // The relay may have agreed without our hearing of it.
      void tell(relay, log, 'stream:pause', { paused: this.#paused });
    }
  }

  /** The next stream is not paused. */
  reset(): void {
    this.#paused = this.#wanted = false;
  }

  #apply(paused: boolean): void {
    this.#paused = paused;
    this.#options.apply(paused);
  }
}
