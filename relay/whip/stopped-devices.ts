/** How long a device that a page stopped is kept out, in milliseconds: longer than any encoder goes on trying by itself. */
export const STOP_HOLDS_MS = 10 * 60_000;

/** Takes note that this user's device is kept out with this token. */
export type TellStopped = (userId: string, token: string) => void;

/**
 * Devices that a page of the same person has stopped, or taken over from. Encoders connect again by themselves, at once: without this
 * the person's stop would last for two seconds. Another token says that somebody wants it anew.
 */
export class StoppedDevices {
  readonly #now: () => number;
  /** By user; the oldest stands first. */
  readonly #stopped = new Map<string, { readonly token: string; readonly until: number }>();

  /** @param now milliseconds of a clock that never jumps */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get size(): number {
    return this.#stopped.size;
  }

  /** @param token names the device's token, without being it */
  add(userId: string, token: string): void {
    this.#stopped.delete(userId);
    this.#stopped.set(userId, { token, until: this.#now() + STOP_HOLDS_MS });
  }

  /** Milliseconds for which this token is kept out; 0: it is not. */
  heldMs(userId: string, token: string): number {
    const now = this.#now();
    for (const [id, { until }] of this.#stopped) {
      if (until > now) break;
      this.#stopped.delete(id);
    }
    const found = this.#stopped.get(userId);
    return found?.token === token ? found.until - now : 0;
  }
}
