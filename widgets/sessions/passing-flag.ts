/** How long "taken over by another page" is shown. */
const SHOWN_MS = 10_000;

/** A flag that falls by itself. */
export class PassingFlag {
  readonly #show: (raised: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(show: (raised: boolean) => void) {
    this.#show = show;
  }

  raise(): void {
    this.lower();
    this.#show(true);
    this.#timer = setTimeout(() => this.#show(false), SHOWN_MS);
  }

  /** Idempotent. */
  lower(): void {
    clearTimeout(this.#timer);
    this.#show(false);
  }
}
