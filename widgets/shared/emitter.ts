/** A typed event emitter: names to payloads. Smaller than EventTarget with CustomEvent, and typed. */
export class Emitter<E> {
  #listeners: { [K in keyof E]?: Set<(payload: E[K]) => void> } = {};

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

  /** Forgets every listener. */
  clear(): void {
    this.#listeners = {};
  }
}
