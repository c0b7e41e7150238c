import type { DebugLog } from '../shared/debug-log.ts';
import { toFault } from '../shared/fault.ts';

export interface DemandReceiptOptions {
  /** Resolves when the element has rendered the newest state. */
  shown(): Promise<unknown>;
  /** Tells the relay; rejects when it could not be told. */
  acknowledge(version: number): Promise<unknown>;
  readonly log: DebugLog;
}

/**
 * Tells the relay which list of listeners the page shows: only who is shown may be heard. Level-triggered, one at a time: while one
 * receipt is under way, newer lists are gathered, and the newest is acknowledged for all of them.
 */
export class DemandReceipt {
  readonly #options: DemandReceiptOptions;
  /** An object for each list: versions begin anew in another session. */
  #newest: { readonly version: number } | null = null;
  #working = false;

  constructor(options: DemandReceiptOptions) {
    this.#options = options;
  }

  /** The state holds the list of this version now. */
  show(version: number): void {
    this.#newest = { version };
    if (!this.#working) void this.#work();
  }

  /** The stream is over, or goes on in another session, and with it what was shown. */
  reset(): void {
    this.#newest = null;
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let list = this.#newest; list; list = this.#newest) {
      try {
        await this.#options.shown();
        list = this.#newest;
        if (!list) break;
        await this.#options.acknowledge(list.version);
      } catch (error) {
        // A lost connection: the relay sends the list again over the next one.
        this.#options.log('listeners not acknowledged', toFault(error).code);
      }
      if (this.#newest === list) break;
    }
    this.#working = false;
  }
}
