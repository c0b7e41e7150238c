/** A typed event emitter: names to payloads. Smaller than EventTarget with CustomEvent, and typed. */
export class Emitter<E> {
  #listeners: { [K in keyof E]?: Set<(payload: E[K]) => void> } = {};
  #held: (() => void)[] | null = null;

  /** Keeps what is emitted from now on, until it is released. */
  hold(): void {
    this.#held = [];
  }

  /** Tells what was kept, in its order. Idempotent. */
  release(): void {
    const held = this.#held;
    this.#held = null;
    for (const tell of held ?? []) tell();
  }

  /** @returns the function that ends the subscription */
  on<N extends keyof E>(name: N, listener: (payload: E[N]) => void): () => void {
    let set = this.#listeners[name];
    if (!set) {
      set = new Set();
      this.#listeners[name] = set;
    }
    set.add(listener);
    return () => set.delete(listener);
  }

  /** A listener that throws harms no other: its error surfaces as an uncaught one. */
  emit<N extends keyof E>(name: N, payload: E[N]): void {
    if (this.#held) {
      this.#held.push(() => this.emit(name, payload));
      return;
    }
    for (const listener of [...(this.#listeners[name] ?? [])]) {
      try {
        listener(payload);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** Forgets every listener, and what was kept. */
  clear(): void {
    this.#held = null;
    this.#listeners = {};
  }
}
