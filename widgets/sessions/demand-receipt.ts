import type { DebugLog } from '../shared/debug-log.ts';
import { toFault } from '../shared/fault.ts';

export interface DemandReceiptOptions {
  /** Resolves when the element has rendered the newest state. */
  shown(): Promise<unknown>;
  /** Tells the relay; rejects when it could not be told. */
  acknowledge(version: number): Promise<unknown>;
  /** The relay has taken in what the page shows, and nothing newer has come meanwhile. */
  onAcknowledged?(): void;
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
  #working: Promise<boolean> | null = null;
  /** The version that the relay was told last. */
  #told: number | null = null;

  constructor(options: DemandReceiptOptions) {
    this.#options = options;
  }

  /** The state holds the list of this version now. */
  show(version: number): void {
    this.#newest = { version };
    this.#working ??= this.#work();
  }

  /** The stream is over, or goes on in another session, and with it what was shown. */
  reset(): void {
    this.#newest = this.#told = null;
  }

  /** Tells the relay once more what it was told, to see whether it answers. @returns whether it did; true when there is nothing to tell */
  async again(): Promise<boolean> {
    if (this.#working) return this.#working;
    if (this.#told === null) return true;
    return this.#options.acknowledge(this.#told).then(
      () => true,
      () => false,
    );
  }

  async #work(): Promise<boolean> {
    let answered = false;
    for (let list = this.#newest; list; list = this.#newest) {
      try {
        await this.#options.shown();
        list = this.#newest;
        if (!list) break;
        await this.#options.acknowledge(list.version);
        answered = true;
        if (this.#newest === list) {
          this.#told = list.version;
          this.#options.onAcknowledged?.();
        }
      } catch (error) {
        answered = false;
        // A lost connection: the relay sends the list again over the next one.
        this.#options.log('listeners not acknowledged', toFault(error).code);
      }
      if (this.#newest === list) break;
    }
    this.#working = null;
    return answered;
  }
}
