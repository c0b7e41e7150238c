import { type Fault, ProspectError, toFault } from '../shared/fault.ts';

/** How long the relay may be away before this counts as a fault: a planned restart takes 10 s, the next attempt up to 3 s more. */
const UNREACHABLE_AFTER_MS = 13_000;

/** Says once that the relay has been away for too long. */
export class AwayTimer {
  readonly #onLong: (fault: Fault) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onLong: (fault: Fault) => void) {
    this.#onLong = onLong;
  }

  /** @param away whether it is away now; the time counts from the first sign of it */
  look(away: boolean): void {
    const message = 'The relay has not answered for more than 10 seconds.';
    const tell = (): void => this.#onLong(toFault(new ProspectError('relay_unreachable', message)));
    if (away) this.#timer ??= setTimeout(tell, UNREACHABLE_AFTER_MS);
    else {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }
}
