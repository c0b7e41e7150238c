import type { ExpectedPerson, ListeningControl, ListeningState } from '../sessions/state.ts';
import { readExpected } from './expected.ts';

/** The session at this moment, and its state. */
export interface PresentSession {
  readonly state: ListeningState;
  readonly session: ListeningControl | null;
  /** The session is there, and its state is the element's. */
  readonly isOpen: boolean;
  /** See `SessionController`. */
  call(call: (session: ListeningControl) => Promise<void>): Promise<void>;
}

/** What a session is made with. */
type Given = { readonly volume: number | null; readonly muted: boolean };

/** What the host chose before there was a session, and for the next one: volume, silence, and who stands in the list. */
export class HostWishes {
  readonly #present: () => PresentSession;
  #volume: number | null = null;
  #muted = false;
  #expected: readonly ExpectedPerson[] = [];
  /** What the present session was made with. */
  #given: Given = { volume: null, muted: false };

  constructor(present: () => PresentSession) {
    this.#present = present;
  }

  /** What a session begins with. */
  give(): Given {
    this.#given = { volume: this.#volume, muted: this.#muted };
    return this.#given;
  }

  /** A session is there: also what the host chose while its code was under way. */
  apply(session: ListeningControl): void {
    const { volume, muted } = this.#given;
    if (this.#volume !== null && this.#volume !== volume) session.setVolume(this.#volume);
    if (this.#muted !== muted) session.setMuted(this.#muted);
    if (this.#expected.length > 0) session.setExpected(this.#expected);
  }

  get volume(): number {
    const { state, isOpen } = this.#present();
    return isOpen ? state.volume : (this.#volume ?? state.volume);
  }
  set volume(volume: number) {
    if (!Number.isFinite(volume)) return;
    this.#volume = Math.min(1, Math.max(0, volume));
    this.#running?.setVolume(this.#volume);
  }

  get muted(): boolean {
    const { state, isOpen } = this.#present();
    return isOpen ? state.muted : this.#muted;
  }
  set muted(muted: boolean) {
    this.#muted = Boolean(muted);
    this.#running?.setMuted(this.#muted);
  }

  get expected(): readonly ExpectedPerson[] {
    return this.#expected;
  }

  /** A list with something wrong is not taken; the console says what. @param tag the element, for the console */
  expect(people: readonly ExpectedPerson[] | null, tag: string): void {
    try {
      this.#expected = readExpected(people);
      this.#running?.setExpected(this.#expected);
    } catch (error) {
      console.warn(`<${tag}> ${String(error)}`);
    }
  }

  get #running(): ListeningControl | null {
    // Asking for the session would open it.
    const present = this.#present();
    return present.isOpen ? present.session : null;
  }
}
