import { Commercial } from './commercial.ts';
import type { Timer, TimerSet } from './timers.ts';

/** What the directory is made with. */
export interface DirectoryOptions {
  readonly timers: TimerSet;
  /** How long a commercial who left is kept. */
  readonly offlineKeepMs: number;
  /** Pages of this commercial are no longer known here. */
  readonly onForgotten: (commercial: Commercial) => void;
}

/** The commercials that somebody may ask about: connected, streaming, waited for, gone for a short while, or known to another relay. */
export class Directory {
  readonly #options: DirectoryOptions;
  readonly #byId = new Map<string, Commercial>();
  /** Set when a commercial left, null when the time has run out and only a listener still keeps them. */
  readonly #leaving = new Map<Commercial, Timer | null>();

  constructor(options: DirectoryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byId.size;
  }

  find(id: string): Commercial | null {
    return this.#byId.get(id) ?? null;
  }

  /** Whether this is the commercial of its id: one that was let go may have a successor of the same id. */
  holds(commercial: Commercial): boolean {
    return this.#byId.get(commercial.id) === commercial;
  }

  /** The commercial of this id, known or not yet. Follow it with `settle` once something holds it. */
  obtain(id: string): Commercial {
    const known = this.#byId.get(id);
    if (known) return known;
    const commercial = new Commercial(id);
    this.#byId.set(id, commercial);
    return commercial;
  }

  /** Keeps or lets go, after anything about the commercial changed. */
  settle(commercial: Commercial): void {
    if (!this.holds(commercial)) return;
    if (commercial.stream || commercial.present.size > 0) {
      this.#leaving.get(commercial)?.cancel();
      this.#leaving.delete(commercial);
      return;
    }
    if (commercial.localUser && !this.#leaving.has(commercial)) {
      const timer = this.#options.timers.after(this.#options.offlineKeepMs, () => {
        this.#leaving.set(commercial, null);
        this.settle(commercial);
      });
      this.#leaving.set(commercial, timer);
    }
    if (this.#leaving.get(commercial)) return;
    const listeners = [...commercial.listeners.values()];
    // Only who may hear somebody keeps them known; an admin of another team, who waits for the id, changes nothing for anybody.
    if (listeners.some(({ permitted }) => permitted)) return;
    this.#leaving.delete(commercial);
    const known = commercial.localUser !== null;
    commercial.forget();
    const elsewhere = commercial.mirrors.size > 0;
    if (!elsewhere && listeners.length === 0) this.#byId.delete(commercial.id);
    if (known || !elsewhere) this.#options.onForgotten(commercial);
  }

  [Symbol.iterator](): IterableIterator<Commercial> {
    return this.#byId.values();
  }
}
