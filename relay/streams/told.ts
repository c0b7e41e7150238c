import type { Peer } from './peer.ts';
import type { Session } from './session.ts';

/** What each page was told of something over its present connection. */
export class Told<T> {
  readonly #told = new WeakMap<Session, { readonly peer: Peer | null; readonly what: T }>();
  readonly #unsaid: T;

  /** @param unsaid what a page takes for true over a connection that has not told it otherwise */
  constructor(unsaid: T) {
    this.#unsaid = unsaid;
  }

  /** @returns whether this page does not know that yet; from now on it does */
  isNews(session: Session, what: T): boolean {
    const { peer } = session;
    const told = this.#told.get(session);
    if ((told?.peer === peer ? told.what : this.#unsaid) === what) return false;
    this.#told.set(session, { peer, what });
    return true;
  }
}
