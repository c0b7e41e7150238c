import type { LinkStatus } from '../relay-client/relay-link.ts';

/** How long a live page whose token was refused holds the microphone for a new one. */
export const TOKEN_PATIENCE_MS = 10_000;
/** How much longer when a new token is being tried just then: a connection takes its time on a bad network. */
export const ATTEMPT_PATIENCE_MS = 15_000;
/** How long a live page holds the microphone while no sound can leave: a lift or a cellar, not the rest of the day. */
export const LOST_PATIENCE_MS = 5 * 60_000;

/** What the patience depends on. */
export interface LostFacts {
  readonly live: boolean;
  readonly relay: LinkStatus;
  /** The stream shows as `reconnecting`. */
  readonly lost: boolean;
}

/**
 * A microphone that nobody can hear is not held for ever. The times count from the first sign, and start anew only with what was waited
 * for: a host that tries one bad token after the other gains nothing.
 */
export class LostPatience {
  readonly #onOver: (why: 'refused' | 'lost') => void;
  #refused: ReturnType<typeof setTimeout> | undefined;
  #lost: ReturnType<typeof setTimeout> | undefined;
  #relay: LinkStatus = 'idle';

  constructor(onOver: (why: 'refused' | 'lost') => void) {
    this.#onOver = onOver;
  }

  /** Call it after every change. */
  look({ live, relay, lost }: LostFacts): void {
    this.#relay = relay;
    if (!live || relay === 'online') this.#refused = stop(this.#refused);
    else if (relay === 'refused') this.#refused ??= setTimeout(() => this.#tokenOver(), TOKEN_PATIENCE_MS);
    if (!live || !lost) this.#lost = stop(this.#lost);
    else this.#lost ??= setTimeout(() => this.#onOver('lost'), LOST_PATIENCE_MS);
  }

  #tokenOver(): void {
    if (this.#relay === 'refused') this.#onOver('refused');
    else this.#refused = setTimeout(() => this.#onOver('refused'), ATTEMPT_PATIENCE_MS);
  }
}

function stop(timer: ReturnType<typeof setTimeout> | undefined): undefined {
  clearTimeout(timer);
}
