export interface OutgoingWatchdogOptions {
  /** RTP bytes sent so far, or null when nobody can tell. */
  bytesSent(): Promise<number | null>;
  /** Sound is at the microphone, somebody listens, and the connection stands. */
  shouldGrow(): boolean;
  onStuck(): void;
}

const INTERVAL_MS = 1_000;
const STUCK_AFTER = 4;

/**
 * Notices when sound goes in and nothing comes out. Silence proves nothing: with discontinuous transmission next to nothing is
 * sent then, so only seconds with sound count.
 */
export class OutgoingWatchdog {
  readonly #options: OutgoingWatchdogOptions;
  #timer: ReturnType<typeof setInterval> | undefined;
  #bytes: number | null = null;
  #stuck = 0;

  constructor(options: OutgoingWatchdogOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.#timer = setInterval(() => void this.#look(), INTERVAL_MS);
  }

  /** Idempotent. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#bytes = null;
    this.#stuck = 0;
  }

  async #look(): Promise<void> {
    if (!this.#options.shouldGrow()) {
      this.#bytes = null;
      this.#stuck = 0;
      return;
    }
    const bytes = await this.#options.bytesSent().catch(() => null);
    if (this.#timer === undefined) return;
    this.#stuck = bytes !== null && bytes === this.#bytes ? this.#stuck + 1 : 0;
    this.#bytes = bytes;
    if (this.#stuck < STUCK_AFTER) return;
    this.#stuck = 0;
    this.#options.onStuck();
  }
}
