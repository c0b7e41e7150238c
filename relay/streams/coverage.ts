import type { Session } from './session.ts';

/** Tells the admins' pages whether commercials on other relays may be missing from what they see. */
export class Coverage {
  readonly #sessions: Iterable<Session>;
  #complete = true;

  /** @param sessions those that are open, whenever it is asked */
  constructor(sessions: Iterable<Session>) {
    this.#sessions = sessions;
  }

  /** Everybody is told of a change. */
  set(complete: boolean): void {
    if (this.#complete === complete) return;
    this.#complete = complete;
    for (const session of this.#sessions) if (session.user.role === 'admin') this.#tell(session);
  }

  /** The page has a connection, and takes the roster for complete. */
  attached(session: Session): void {
    if (!this.#complete) this.#tell(session);
  }

  #tell(session: Session): void {
    session.notify('roster:coverage', { complete: this.#complete });
  }
}
