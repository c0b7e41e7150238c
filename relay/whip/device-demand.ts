import type { AudioSource } from '../media/media.ts';
import type { PayloadOf } from '../protocol/messages.ts';
import { SerialQueue } from '../streams/serial-queue.ts';
import type { Timer, TimerSet } from '../streams/timers.ts';

/** What a device's demand is made with. */
export interface DeviceDemandOptions {
  readonly timers: TimerSet;
  /** How long the audio is taken in after the last listener left. */
  readonly lingerMs: number;
  /** The device's audio. @throws RelayError not_connected */
  readonly source: () => Promise<AudioSource>;
  /** The audio is taken in for this list of listeners: they may be heard. */
  readonly seen: (version: number) => void;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Who listens to a device. A page sends nothing while nobody does; a device cannot be told, and sends all the time: so the relay takes
 * nothing in, its media worker throws the packets away, until somebody listens.
 */
export class DeviceDemand {
  readonly #options: DeviceDemandOptions;
  readonly #listeners = new Set<string>();
  readonly #queue = new SerialQueue();
  #linger: Timer | null = null;
  #closed = false;

  constructor(options: DeviceDemandOptions) {
    this.#options = options;
  }

  /** Nobody listens yet. */
  begin(): void {
    this.#apply(null);
  }

  changed({ version, since, joined, left }: PayloadOf<'demand:changed'>): void {
    if (since === null) this.#listeners.clear();
    for (const id of left) this.#listeners.delete(id);
    for (const { id } of joined) this.#listeners.add(id);
    this.#linger?.cancel();
    this.#linger = null;
    if (this.#listeners.size > 0) {
      this.#apply(version);
      return;
    }
    this.#options.seen(version);
    this.#linger = this.#options.timers.after(this.#options.lingerMs, () => this.#apply(null));
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#linger?.cancel();
  }

  /** One step after the other, each looking at what is so then. */
  #apply(version: number | null): void {
    this.#queue
      .run(async () => {
        if (this.#closed) return;
        const source = await this.#options.source();
        const isHeard = this.#listeners.size > 0;
        if (source.paused === isHeard) await (isHeard ? source.resume() : source.pause());
        if (version !== null && !this.#closed) this.#options.seen(version);
      })
      .catch((error: unknown) => {
        if (!this.#closed) this.#options.onFailed(error);
      });
  }
}
