import type { ParamsOf } from '../../relay/protocol/messages.ts';
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
  /** Why it is paused, while the relay has not said that it knows. */
  #untold: { readonly reason?: 'objection' } = {};
  #objection = false;

  constructor(options: PauseOptions) {
    this.#options = options;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Paused because a person at the door minds. */
  get objection(): boolean {
    return this.#objection && this.#paused;
  }

  /** What a relay is told that may not know it. */
  get told(): ParamsOf<'stream:pause'> {
    return { paused: this.#paused, ...(this.#paused && this.#untold) };
  }

  /**
   * @param live whether the relay has the stream already; one that has not begun is told of its pause when it does
   * @param signal ends with the stream
   */
  async set(paused: boolean, live: boolean, signal: AbortSignal, reason?: 'objection'): Promise<void> {
    const { relay, log, onFault, apply } = this.#options;
    if (paused === this.#paused && paused === this.#wanted) {
      if (!reason || this.#objection) return;
      // Paused before: nobody hears anything, and going on is a matter of its own from here on. The relay counts it.
      this.#objection = true;
      this.#untold = { reason };
      apply(paused);
      if (!live) return;
      try {
        await relay.request('stream:pause', this.told);
        if (!signal.aborted) this.#untold = {};
      } catch (error) {
        // It is told with the pause when the relay is back.
        log('objection not acknowledged', toFault(error).code);
      }
      return;
    }
    this.#wanted = paused;
    if (paused) {
      this.#objection = reason !== undefined;
      this.#untold = reason ? { reason } : {};
    }
    if (paused || !live) this.#apply(paused);
    if (!live) return;
    try {
      await relay.request('stream:pause', paused ? { paused, ...this.#untold } : { paused });
      if (paused && this.#wanted) this.#untold = {};
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
      void tell(relay, log, 'stream:pause', this.told);
    }
  }

  /** The next stream is not paused. */
  reset(): void {
    this.#paused = this.#wanted = this.#objection = false;
    this.#untold = {};
  }

  #apply(paused: boolean): void {
    this.#paused = paused;
    this.#options.apply(paused);
  }
}
