/** Counts by name; names with nothing to count take no memory. */
export class Counter {
  readonly #counts = new Map<string, number>();

  /** Names that are counted. */
  get size(): number {
    return this.#counts.size;
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** @returns takes this one back, once */
  add(name: string): () => void {
    this.#counts.set(name, this.get(name) + 1);
    let counted = true;
    return () => {
      if (!counted) return;
      counted = false;
      const left = this.get(name) - 1;
      if (left > 0) this.#counts.set(name, left);
      else this.#counts.delete(name);
    };
  }
}
