import type { ListeningControl } from '../sessions/state.ts';

/** What the host has chosen of the sound, while there is no session and for the next one. */
export class SoundChoice {
  /** 0 to 1; null: nothing. */
  volume: number | null = null;
  muted = false;
  #given: { readonly volume: number | null; readonly muted: boolean } = { volume: null, muted: false };

  /** For a session that is being made. */
  give(): { readonly volume: number | null; readonly muted: boolean } {
    this.#given = { volume: this.volume, muted: this.muted };
    return this.#given;
  }

  /** The session is there: what was chosen since is set. */
  catchUp(session: ListeningControl): void {
    if (this.volume !== null && this.volume !== this.#given.volume) session.setVolume(this.volume);
    if (this.muted !== this.#given.muted) session.setMuted(this.muted);
  }
}
