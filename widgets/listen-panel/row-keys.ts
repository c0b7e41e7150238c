/**
 * Which line has which nodes: making the nodes of a row, and having the browser lay them out, costs far more than new words in those that are there.
 * A line that stays keeps its own, wherever it moves, so that focus and presses stay with it; who comes takes those of who leaves.
 */
export class RowKeys {
  /** By id, in the order of the list. */
  #keys: ReadonlyMap<string, number> = new Map();
  #made = 0;
  #anew = false;

  /** The next lines are others: nodes stay at their places, and nothing is moved. */
  begin(): void {
    this.#anew = true;
  }

  /** @param ids of the lines that are there, in their order. @returns a key for each */
  of(ids: readonly string[]): ReadonlyMap<string, number> {
    const staying = this.#anew ? new Set<string>() : new Set(ids);
    const free = [...this.#keys].flatMap(([id, key]) => (staying.has(id) ? [] : key));
    const kept = (id: string) => (staying.has(id) ? this.#keys.get(id) : undefined);
    this.#keys = new Map(ids.map((id) => [id, kept(id) ?? free.shift() ?? this.#made++]));
    this.#anew = false;
    return this.#keys;
  }
}
