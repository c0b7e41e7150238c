import type { PageMemory } from '../shared/storage.ts';

const NAME = 'live';
/** How long after the page was last known to be live a reload still invites to go on. */
export const MAX_AGE_MS = 10 * 60_000;
/** How often a page that is live says so: it may crash at any moment. */
export const STAMP_MS = 15_000;

/**
 * Remembers over a reload or a crash that this user was live in this tab. Never the token: who goes on must have one. By the wall
 * clock, since no other is the same before and after a reload.
 */
export class LiveMemory {
  readonly #memory: PageMemory;
  #user: string | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(memory: PageMemory) {
    this.#memory = memory;
  }

  /** The user is live here until `ended`, or until the page is gone. Idempotent. */
  live(user: string): void {
    if (this.#user === user) return;
    this.#user = user;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#stamp(), STAMP_MS);
    this.#stamp();
  }

  /** The live ended for a reason that the user knows. */
  ended(): void {
    this.left();
    this.#memory.write(NAME, null);
  }

  /** The page goes away: what it leaves behind is for the next one. */
  left(): void {
    if (this.#user) this.#stamp();
    this.#user = null;
    clearInterval(this.#timer);
  }

  /** Whether the page that was in this tab before ended while this user was live. */
  wasLive(user: string): boolean {
    const kept = this.#memory.read(NAME);
    if (!kept || typeof kept !== 'object' || !('user' in kept && 'at' in kept)) return false;
    const age = Date.now() - Number(kept.at);
    return kept.user === user && age >= 0 && age < MAX_AGE_MS;
  }

  #stamp(): void {
    this.#memory.write(NAME, { user: this.#user, at: Date.now() });
  }
}
