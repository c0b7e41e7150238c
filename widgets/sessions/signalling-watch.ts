/** How long after an answer the next one is asked for. */
export const ASK_EVERY_MS = 800;
/** An answer that takes longer leaves it open who listens. With the pause before it: less than 3 s after the last sign. */
export const ANSWER_WITHIN_MS = 2_000;
/** A connection that is known to be lost may be back at once. */
export const BACK_WITHIN_MS = 1_000;

/** What is watched. */
export interface WatchFacts {
  /** The page tells somebody who listens. */
  readonly claims: boolean;
  /** There is a connection, as far as anybody knows. */
  readonly online: boolean;
}

export interface SignallingWatchOptions {
  /** Asks the relay for any answer. @returns whether one came */
  ask(): Promise<boolean>;
  readonly onChange: (uncertain: boolean) => void;
  /** The relay is silent: the connection may be dead. */
  readonly onSilent: () => void;
}

/**
 * Tells when the page can no longer know who listens: audio may flow on while the connection that tells it is dead, and nothing says so for
 * as long as a heartbeat takes. Asks only while somebody is shown as listening: without, nobody may be heard anyway.
 */
export class SignallingWatch {
  readonly #options: SignallingWatchOptions;
  #facts: WatchFacts = { claims: false, online: false };
  #uncertain = false;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;
  /** Of the question under way, or to come. */
  #round = 0;

  constructor(options: SignallingWatchOptions) {
    this.#options = options;
  }

  /** Call it after every change. */
  look(facts: WatchFacts): void {
    const { claims, online } = this.#facts;
    if (facts.claims === claims && facts.online === online) return;
    this.#facts = facts;
    this.#stop();
    if (!facts.claims) this.#set(false);
    else if (facts.online) void this.#ask();
    else this.#deadline = setTimeout(() => this.#set(true), BACK_WITHIN_MS);
  }

  /** Idempotent. */
  close(): void {
    this.#stop();
    this.#facts = { claims: false, online: false };
  }

  async #ask(): Promise<void> {
    const round = this.#round;
    this.#deadline ??= setTimeout(() => {
      this.#set(true);
      this.#options.onSilent();
    }, ANSWER_WITHIN_MS);
    const answered = await this.#options.ask();
    if (round !== this.#round) return;
    if (answered) {
      this.#rest();
      this.#set(false);
    }
    this.#next = setTimeout(() => void this.#ask(), ASK_EVERY_MS);
  }

  #stop(): void {
    this.#round += 1;
    this.#rest();
    clearTimeout(this.#next);
  }

  #rest(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  #set(uncertain: boolean): void {
    if (uncertain === this.#uncertain) return;
    this.#uncertain = uncertain;
    this.#options.onChange(uncertain);
  }
}
