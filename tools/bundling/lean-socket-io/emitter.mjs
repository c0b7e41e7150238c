/** Calls listeners by the name of an event. In place of @socket.io/component-emitter in the bundles. */
export class Emitter {
  #listeners = new Map();

  on(name, listener) {
    this.#listeners.set(name, [...this.listeners(name), listener]);
    return this;
  }

  once(name, listener) {
    const once = (...args) => {
      this.off(name, once);
      listener.apply(this, args);
    };
    return this.on(name, once);
  }

  off(name, listener) {
    this.#listeners.set(
      name,
      this.listeners(name).filter((other) => other !== listener),
    );
    return this;
  }

  /** Of this name, or without a name all. */
  removeAllListeners(name) {
    if (name) this.#listeners.delete(name);
    else this.#listeners.clear();
    return this;
  }

  emit(name, ...args) {
    return this.emitReserved(name, ...args);
  }

  /** What `emit` does where a class has not made more of that. */
  emitReserved(name, ...args) {
    for (const listener of this.listeners(name)) listener.apply(this, args);
    return this;
  }

  listeners(name) {
    return this.#listeners.get(name) ?? [];
  }
}
