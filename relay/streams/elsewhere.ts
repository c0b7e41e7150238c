import type { Commercial } from './commercial.ts';
import type { Session } from './session.ts';

/** What a user can have only one of, over all their pages and all relays of the service: a stream, a selection. */
export type ClaimKind = 'stream' | 'listen';

/** The right to stream, or to listen, as this user: the newest claim has it. */
export interface Claim {
  /** Rises with each claim of the user, wherever it was made. */
  readonly order: number;
  /** Somebody else has it: a newer claim on another relay, or an older one that a page's going on may not take. */
  readonly lost: boolean;
  /** Called once, when the claim is lost after it had been given. */
  onLost: (() => void) | null;
  /** Whoever had it gives it up. Idempotent; a newer claim of the same user is left alone. */
  release(): void;
}

/** How a claim is made. */
export interface ClaimOptions {
  /** The page goes on after a loss: what another page has, it keeps. */
  readonly again: boolean;
}

/** The other relays of the service, as one relay's streams see them. A relay that runs alone has `Alone`. */
export interface Elsewhere {
  /** Never rejects: with nobody to ask, what is known here decides. Called in the order of the users' wishes. */
  claim(kind: ClaimKind, session: Session, options: ClaimOptions): Promise<Claim>;
  /** Something about this commercial changed, as far as this relay knows: their pages, their stream, who listens here. */
  changed(commercial: Commercial): void;
  /** The teams whose commercials are watched here. */
  watched(equipes: ReadonlySet<string>): void;
}

/** One relay, and nobody else. */
export class Alone implements Elsewhere {
  #order = 0;

  claim(): Promise<Claim> {
    this.#order += 1;
    return Promise.resolve({ order: this.#order, lost: false, onLost: null, release: () => undefined });
  }

  changed(): void {}

  watched(): void {}
}
