import type { VerifiedUser } from '../auth/user.ts';
import type { WishSession } from './wish-session.ts';

/** The WHIP or WHEP sessions that there are, by their secret id. */
export class WishBook {
  readonly #byId = new Map<string, WishSession>();

  get size(): number {
    return this.#byId.size;
  }

  add(entry: WishSession): void {
    this.#byId.set(entry.id, entry);
  }

  delete(entry: WishSession): void {
    this.#byId.delete(entry.id);
  }

  /** The session of this id, if it is this user's: to anybody else there is none. */
  find(id: string, { user }: VerifiedUser): WishSession | null {
    const entry = this.#byId.get(id);
    const owner = entry?.session.user;
    return entry && owner?.id === user.id && owner.role === user.role ? entry : null;
  }

  /** All of one user, as of now. */
  of(userId: string): WishSession[] {
    return [...this.#byId.values()].filter(({ session }) => session.user.id === userId);
  }
}
