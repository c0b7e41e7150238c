import type { TransportState } from '../media/media.ts';
import type { Timer, TimerSet } from './timers.ts';

/** A path that is gone for less than this is not worth a word: phones lose and find it all the time. */
export const NETWORK_PATIENCE_MS = 2_000;

/** What the watch is made with. */
export interface NetworkWatchOptions {
  readonly timers: TimerSet;
  /** Bytes of RTP received so far. */
  readonly bytesReceived: () => Promise<number>;
  /** `lost` changed. */
  readonly onChange: () => void;
}

/**
 * Decides whether the network to a streaming page is lost. It is, when its transport is not connected for 2 s, or when its
 * signalling connection is gone for 2 s and no audio arrives either: audio that flows is never called lost.
 */
export class NetworkWatch {
  readonly #options: NetworkWatchOptions;
  #closed = false;
  #transportLost = false;
  #transportTimer: Timer | null = null;
  #peerLost = false;
  #peerTimer: Timer | null = null;
  /** Counts the absences of the page, so that an answer about an older one is recognised. */
  #absence = 0;

  constructor(options: NetworkWatchOptions) {
    this.#options = options;
  }

  get lost(): boolean {
    return this.#transportLost || this.#peerLost;
  }

  /** The transport's state; `new` too is not connected yet. `closed` is lost at once. */
  transport(state: TransportState): void {
    if (this.#closed) return;
    if (state === 'connected' || state === 'closed') {
      this.#transportTimer?.cancel();
      this.#transportTimer = null;
      this.#set(state === 'closed', this.#peerLost);
      return;
    }
    if (this.#transportLost) return;
    this.#transportTimer ??= this.#options.timers.after(NETWORK_PATIENCE_MS, () => {
      this.#transportTimer = null;
      this.#set(true, this.#peerLost);
    });
  }

  /** The page's signalling connection came or went. */
  peer(present: boolean): void {
    if (this.#closed) return;
    this.#absence += 1;
    this.#peerTimer?.cancel();
    this.#peerTimer = null;
    if (present) this.#set(this.#transportLost, false);
    else void this.#compare(this.#absence, null);
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#absence += 1;
    this.#transportTimer?.cancel();
    this.#peerTimer?.cancel();
  }

  /** While the page is absent: reads the counter every 2 s and compares it with the reading before. */
  async #compare(absence: number, before: number | null): Promise<void> {
    const bytes = await this.#options.bytesReceived().catch(() => 0);
    if (absence !== this.#absence) return;
    if (before !== null) this.#set(this.#transportLost, bytes <= before);
    this.#peerTimer = this.#options.timers.after(NETWORK_PATIENCE_MS, () => void this.#compare(absence, bytes));
  }

  #set(transportLost: boolean, peerLost: boolean): void {
    const before = this.lost;
    this.#transportLost = transportLost;
    this.#peerLost = peerLost;
    if (this.lost !== before) this.#options.onChange();
  }
}
