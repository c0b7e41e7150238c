import { isPassing } from './relay-use.ts';

/** A transport that nobody uses is closed after this long. */
const IDLE_MS = 3 * 60_000;
const RETRY_MS = 1_500;

/** What the upkeep works with. */
export interface MediaUpkeepOptions {
  /** Resolves when the transport is there. */
  open(): Promise<unknown>;
  /** Whether it may be closed when its time is over: it is there, and nobody is to be heard. */
  isIdle(): boolean;
  /** Closes it, here and at the relay. */
  close(): void;
  /** Opening it did not succeed, and may in a moment. */
  again(): void;
}

/** Opens a transport when it is wanted, tries again what failed in passing, and closes it when nobody has used it for a while. */
export class MediaUpkeep {
  readonly #options: MediaUpkeepOptions;
  #closed = false;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: MediaUpkeepOptions) {
    this.#options = options;
  }

  /** Rejects with what went wrong, unless it is tried again. */
  async open(): Promise<void> {
    this.used();
    clearTimeout(this.#retryTimer);
    try {
      await this.#options.open();
    } catch (error) {
      if (this.#closed || !isPassing(error)) throw error;
      this.#retryTimer = setTimeout(() => this.#options.again(), RETRY_MS);
    }
  }

  /** It is needed now, or was until now: its time begins anew. */
  used(): void {
    clearTimeout(this.#idleTimer);
    if (this.#closed) return;
    this.#idleTimer = setTimeout(() => {
      if (this.#options.isIdle()) this.#options.close();
    }, IDLE_MS);
  }

  /** Nothing more is to be done until it is opened or used again. */
  rest(): void {
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#retryTimer);
  }

  /** Nothing more is to be done. */
  end(): void {
    this.rest();
    this.#closed = true;
  }
}
