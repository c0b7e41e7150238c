import type { ListenerInfo } from '../../relay/protocol/messages.ts';

const NOBODY: readonly ListenerInfo[] = Object.freeze([]);

/** Who listens, and whether anything needs to be sent: while somebody does, and for a linger after the last one left. */
export class Demand {
  readonly #onChange: () => void;
  #listeners = NOBODY;
  #wanted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get listeners(): readonly ListenerInfo[] {
    return this.#listeners;
  }

  get wanted(): boolean {
    return this.#wanted;
  }

  update(listeners: readonly ListenerInfo[], lingerMs: number): void {
    clearTimeout(this.#timer);
    this.#listeners = Object.freeze([...listeners]);
    if (listeners.length > 0) this.#wanted = true;
    else if (this.#wanted) {
      this.#timer = setTimeout(() => {
        this.#wanted = false;
        this.#onChange();
      }, lingerMs);
    }
    this.#onChange();
  }

  /** The stream is over. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#listeners = NOBODY;
    this.#wanted = false;
  }
}
