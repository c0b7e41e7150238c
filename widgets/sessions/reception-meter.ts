import type { PeerSample } from '../relay-client/peer-sample.ts';
import { type Reception, ReceptionModel } from './reception.ts';

export interface ReceptionMeterOptions {
  /** A reading of the connection, or null while nothing is to be heard. */
  sample(): Promise<PeerSample> | null;
  onReception(reception: Reception): void;
  /** Two readings in a row, of the same commercial. */
  onSamples?(before: PeerSample, after: PeerSample): void;
}

/** Each reading asks all of the connection, and a frame that shows it costs a page as much again. */
const SAMPLE_MS = 250;

/** Reads the connection's counters four times a second while somebody is selected. */
export class ReceptionMeter {
  readonly #options: ReceptionMeterOptions;
  readonly #model = new ReceptionModel();
  #timer: ReturnType<typeof setInterval> | undefined;
  #last: PeerSample | null = null;

  constructor(options: ReceptionMeterOptions) {
    this.#options = options;
  }

  /** From nothing, for another commercial. */
  start(): void {
    this.stop();
    this.#timer = setInterval(() => void this.#read(), SAMPLE_MS);
  }

  /** Idempotent. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#last = null;
    this.#options.onReception(this.#model.reset());
  }

  async #read(): Promise<void> {
    const timer = this.#timer;
    const { sample, onReception, onSamples } = this.#options;
    const pending = sample();
    if (!pending) {
      this.#last = null;
      onReception(this.#model.reset());
      return;
    }
    const read = await pending.catch(() => null);
    if (!read || timer !== this.#timer) return;
    if (this.#last) onSamples?.(this.#last, read);
    this.#last = read;
    onReception(this.#model.push(read, performance.now()));
  }
}
