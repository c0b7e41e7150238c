import type { Claim, ClaimKind } from './claim.ts';
import type { Commercial } from './commercial.ts';
import type { Session } from './session.ts';
import type { WhisperHome } from './whispering/whisper-home.ts';

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
  /**
   * Ends the streams that this commercial's pages have at other relays. Resolves when they have ended.
   * @throws RelayError internal: the other relay does not answer
   */
  stopAfar(commercial: Commercial): Promise<void>;
  /** Where whispers to this commercial go, when their page is at another relay; null: it is here. */
  whisperHome(commercial: Commercial): WhisperHome | null;
  /** The teams whose commercials are watched here. */
  watched(equipes: ReadonlySet<string>): void;
}

/** One relay, and nobody else. */
export class Alone implements Elsewhere {
  #order = 0;

  claim(): Promise<Claim> {
    this.#order += 1;
    const nothing = () => undefined;
    return Promise.resolve({
      order: this.#order,
      lost: false,
      lostToDevice: false,
      carriedMs: 0,
      goneOver: false,
      onLost: null,
      enforce: nothing,
      release: nothing,
    });
  }

  changed(): void {}

  stopAfar(): Promise<void> {
    return Promise.resolve();
  }

  whisperHome(): null {
    return null;
  }

  watched(): void {}
}
