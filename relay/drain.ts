/** How often it is looked whether everybody is gone: what comes after the last page should not wait. */
const LOOK_MS = 100;

/** What a drain is made with. */
export interface DrainOptions {
  /** How long pages have, in milliseconds; 0: none are asked to go. */
  readonly timeMs: number;
  /** Sessions whose page is here: connected, or with audio that goes on. */
  readonly sessions: () => number;
  /** Whether another relay of the service takes pages. */
  readonly hasOther: () => boolean;
  /**
   * Whether the others hear of a page that comes to them. While they do not, who listens elsewhere would lose it: nobody is asked to go, and
   * everything goes on here.
   */
  readonly isHeard: () => boolean;
  /** Asks every page to go over to another relay within so many milliseconds. */
  readonly move: (withinMs: number) => void;
}

/** What a drain does, as of now. */
export interface DrainStatus {
  /** Sessions whose page or audio is still here. */
  readonly sessions: number;
  /** They go over to another relay, while everything goes on here; false: the relay ends now, and they come back by themselves. */
  readonly moving: boolean;
  /** How long they have for that, in milliseconds. */
  readonly withinMs: number;
}

/** A relay on its way out, from the moment when it takes nobody new to the moment when it may close: once nobody is left who could move. */
export class Drain {
  readonly #options: DrainOptions;
  readonly #over = Promise.withResolvers<void>();
  readonly #until: number;
  #timer: ReturnType<typeof setInterval> | null = null;
  #asked = false;

  /** Begins at once. Other relays must have been told before, so that none that stops too is taken for one to go to. */
  constructor(options: DrainOptions) {
    this.#options = options;
    this.#until = performance.now() + options.timeMs;
    if (!this.#worthwhile()) {
      this.finish();
      return;
    }
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#ask();
  }

  get status(): DrainStatus {
    const moving = this.#timer !== null;
    const left = Math.max(0, Math.round(this.#until - performance.now()));
    return { sessions: this.#options.sessions(), moving, withinMs: moving ? left : 0 };
  }

  /** Resolves when the last page is gone, the time is up, or there is no other relay to go to (any more). */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** Waits for nobody any more. Idempotent. */
  finish(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#over.resolve();
  }

  #look(): void {
    if (this.#worthwhile()) this.#ask();
    else this.finish();
  }

  #ask(): void {
    const { isHeard, move } = this.#options;
    if (this.#asked || !isHeard()) return;
    this.#asked = true;
    move(Math.round(this.#until - performance.now()));
  }

  #worthwhile(): boolean {
    const { sessions, hasOther } = this.#options;
    return performance.now() < this.#until && hasOther() && sessions() > 0;
  }
}
