/** The longest delay a timer takes (a signed 32-bit count of milliseconds); a longer one would fire at once. */
const MAX_TIMEOUT = 2 ** 31 - 1;
const LEAD_MS = 60_000;
/** An end that comes so much sooner than was reckoned is no matter of latency: the device slept. */
const SLEPT_MS = 10_000;
/** From one asking to the next: the first pause, doubled each time up to the longest. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Asks for another token: a minute before the present one's end (or at the last tenth of its life, if shorter), and again with growing
 * pauses until there is one, also after its end: the host's first answer may have got lost in a dead spot. Time is counted by a clock
 * that nobody sets; one that slept with the device rings late, and then says how late it is.
 */
export class TokenExpiry {
  readonly #onExpiring: (expiresInMs: number) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #token: string | null = null;
  #asking = false;
  #endsAt = 0;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(onExpiring: (expiresInMs: number) => void) {
    this.#onExpiring = onExpiring;
  }

  /**
   * The relay said how long this token lasts. The same token again (after a reconnect or a probe) keeps its timer, unless it ends sooner
   * than was reckoned: in several browsers `performance.now()` stands still while the device sleeps (w3c/hr-time#115).
   */
  watch(token: string, expiresInMs: number): void {
    const endsAt = performance.now() + expiresInMs;
    if (token === this.#token && (this.#asking || endsAt > this.#endsAt - SLEPT_MS)) return;
    this.cancel();
    this.#token = token;
    this.#endsAt = endsAt;
    this.#await(this.#endsAt - Math.min(LEAD_MS, expiresInMs / 10));
  }

  /** The relay refused this token: another is wanted now, and then at the same growing pauses. */
  refused(token: string): void {
    if (this.#asking && token === this.#token) return;
    const pauseMs = this.#asking ? this.#pauseMs : FIRST_PAUSE_MS;
    this.cancel();
    this.#token = token;
    this.#pauseMs = pauseMs;
    this.#endsAt = performance.now();
    this.#ask();
  }

  /** Asks no more. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#token = null;
    this.#asking = false;
    this.#pauseMs = FIRST_PAUSE_MS;
  }

  #await(at: number): void {
    const wait = Math.max(0, at - performance.now());
    this.#timer = setTimeout(
      () => {
        if (performance.now() < at) this.#await(at);
        else this.#ask();
      },
      Math.min(wait, MAX_TIMEOUT),
    );
  }

  #ask(): void {
    this.#asking = true;
    // Half of the pause is random: pages that lost their tokens together do not ask together.
    this.#await(performance.now() + this.#pauseMs * (0.75 + Math.random() / 2));
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    this.#onExpiring(Math.max(0, Math.round(this.#endsAt - performance.now())));
  }
}
