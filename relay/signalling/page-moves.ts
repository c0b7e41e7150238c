import type { Session } from '../streams/session.ts';
import type { SessionRegistry } from '../streams/session-registry.ts';
import { moveTimeMs } from './return-time.ts';

/** Asks the pages of a node that stops to go over to another one, spread over some seconds. */
export class PageMoves {
  readonly #until: number;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  /** @param withinMs how long they have */
  constructor(sessions: SessionRegistry, withinMs: number) {
    this.#until = performance.now() + withinMs;
    const { attached } = sessions;
    for (const session of sessions) {
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer);
          this.ask(session);
        },
        moveTimeMs(attached, Math.random()),
      );
      this.#timers.add(timer);
    }
  }

  /** Asks one page, if it is there. One that is not is asked when it comes back. */
  ask(session: Session): void {
    const withinMs = Math.round(this.#until - performance.now());
    if (withinMs > 0) session.notify('relay:move', { withinMs });
  }

  /** Nobody is asked any more. Idempotent. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
