import { Emitter } from './emitter.ts';

/** Holds one frozen state object; every commit replaces it and tells the subscribers. */
export class StateStore<S extends object> {
  #state: Readonly<S>;
  readonly #changes = new Emitter<{ change: undefined }>();

  constructor(initial: S) {
    this.#state = Object.freeze({ ...initial });
  }

  getState(): Readonly<S> {
    return this.#state;
  }

  /** Merges the patch; when nothing differs, the state object stays the same and nobody is told. */
  commit(patch: Partial<S>): void {
    const next = { ...this.#state, ...patch };
    const keys = Object.keys(next) as (keyof S)[];
    if (keys.every((key) => Object.is(next[key], this.#state[key]))) return;
    this.#state = Object.freeze(next);
    this.#changes.emit('change', undefined);
  }

  /** Called after each commit. @returns the function that ends the subscription */
  subscribe(listener: () => void): () => void {
    return this.#changes.on('change', listener);
  }

  /** Forgets the subscribers; the last state stays readable. */
  close(): void {
    this.#changes.clear();
  }
}
