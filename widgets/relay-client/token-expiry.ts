/** The longest delay a timer takes (a signed 32-bit count of milliseconds); a longer one would fire at once. */
const MAX_TIMEOUT = 2 ** 31 - 1;
const LEAD_MS = 60_000;

/** Says once per token, a minute before its end (or at the last tenth of its life, if shorter), that it ends. */
export class TokenExpiry {
  readonly #onExpiring: (expiresInMs: number) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #token: string | null = null;

  constructor(onExpiring: (expiresInMs: number) => void) {
    this.#onExpiring = onExpiring;
  }

  /** The relay said how long this token lasts. The same token again (after a reconnect) keeps its timer. */
  watch(token: string, expiresInMs: number): void {
    if (token === this.#token) return;
    this.cancel();
    this.#token = token;
    const endsAt = Date.now() + expiresInMs;
    const warnAt = endsAt - Math.min(LEAD_MS, expiresInMs / 10);
    const arm = (): void => {
      const wait = warnAt - Date.now();
      if (wait > 0) this.#timer = setTimeout(arm, Math.min(wait, MAX_TIMEOUT));
      else this.#onExpiring(Math.max(0, endsAt - Date.now()));
    };
    arm();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#token = null;
  }
}
