import { latePart } from '../shared/late-part.ts';
import type { SessionMove, SessionMoveOptions } from './session-move.ts';

const part = latePart(() => import('./session-move.ts'));

/** A move to another node (`SessionMove`), whose code is loaded when a node first asks a page to go. */
export class LateMove {
  readonly #options: SessionMoveOptions;
  #move: SessionMove | null = null;
  #over = false;

  /** Begins as soon as it can. @param withinMs for how long it is tried */
  constructor(options: SessionMoveOptions, withinMs: number) {
    this.#options = options;
    void part.get().then(({ SessionMove }) => {
      if (!this.#over) this.#move = new SessionMove(options, withinMs);
    });
  }

  /** Something came over the present connection: told now, or held back. */
  present(tell: () => void): void {
    if (this.#move) this.#move.present(tell);
    else tell();
  }

  /** Gives up. Idempotent. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#move) this.#move.end();
    else this.#options.ended();
  }
}
