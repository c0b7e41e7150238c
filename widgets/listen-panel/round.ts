import type { Commercial } from '../sessions/state.ts';

/** Seconds between two commercials of a round that an admin can choose from. */
export const ROUND_SECONDS = [10, 20, 30, 60] as const;
/** A host may set others, within these. */
const SHORTEST_S = 3;
const LONGEST_S = 3600;

/** What a round works with. */
export interface RoundOptions {
  /** Hears the next one who is live; nothing where there is none. */
  next(): void;
  /** It began, ended, or has another length. */
  changed(): void;
}

/** Hears one live commercial after the other, until the admin does something by hand. */
export class Round {
  readonly #options: RoundOptions;
  #seconds = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: RoundOptions) {
    this.#options = options;
  }

  /** Seconds between two commercials; 0 while there is no round. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Begins, with the next one at once; 0 ends. To be called inside the click, as the first one is heard by it. */
  start(seconds: number): void {
    this.stop();
    if (seconds === 0) return;
    this.#seconds = roundSeconds(seconds);
    this.#timer = setInterval(() => this.#options.next(), this.#seconds * 1000);
    this.#options.changed();
    this.#options.next();
  }

  /** With the element it stops. */
  hostDisconnected(): void {
    this.stop();
  }

  /** Idempotent; who is heard is heard on. */
  stop(): void {
    if (this.#seconds === 0) return;
    clearInterval(this.#timer);
    this.#seconds = 0;
    this.#options.changed();
  }
}

/** A host's number of seconds, within bounds; NaN and the like give the usual one. */
export function roundSeconds(seconds: number): number {
  return Number.isFinite(seconds) && seconds > 0
    ? Math.min(LONGEST_S, Math.max(SHORTEST_S, seconds))
    : ROUND_SECONDS[1];
}

/**
 * Who is heard after this one: the next live one in the order of the list, and after the last one the first.
 * @param shown the list's; of all commercials where it shows nobody who is live
 */
export function nextLive(
  shown: readonly Commercial[],
  all: readonly Commercial[],
  selectedId: string | null,
): Commercial | undefined {
  const live = [shown, all]
    .map((rows) => rows.filter(({ status }) => status === 'live'))
    .find(({ length }) => length > 0);
  const after = live?.[(live.findIndex(({ id }) => id === selectedId) + 1) % live.length];
  return after?.id === selectedId ? undefined : after;
}
