/** Frames later than so many after the newest are taken for replayed: 20 s of speech, longer than any jitter buffer holds. */
export const REPLAY_WINDOW = 1_024;

/** Which counters of one key have come already (RFC 9605 9.4, as RFC 4303 3.4.3 does it): each is taken once, in any order, if it is not too late. */
export class ReplayWindow {
  #newest = -1;
  /** One bit for each counter of the window, at the counter modulo its length. */
  readonly #seen = new Uint8Array(REPLAY_WINDOW / 8);

  /** Whether this counter may still come. */
  takes(counter: number): boolean {
    if (counter > this.#newest) return true;
    return this.#newest - counter < REPLAY_WINDOW && !this.#has(counter);
  }

  /** It has come, and its frame was genuine. @returns false when it may not (any more): of two that come at once the second is the replay */
  note(counter: number): boolean {
    if (!this.takes(counter)) return false;
    if (counter - this.#newest >= REPLAY_WINDOW) this.#seen.fill(0);
    else for (let passed = this.#newest + 1; passed < counter; passed += 1) this.#set(passed, false);
    this.#newest = Math.max(this.#newest, counter);
    this.#set(counter, true);
    return true;
  }

  #has(counter: number): boolean {
    const at = counter % REPLAY_WINDOW;
    return ((this.#seen[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
  }

  #set(counter: number, seen: boolean): void {
    const at = counter % REPLAY_WINDOW;
    const byte = this.#seen[at >> 3] ?? 0;
    this.#seen[at >> 3] = seen ? byte | (1 << (at & 7)) : byte & ~(1 << (at & 7));
  }
}
