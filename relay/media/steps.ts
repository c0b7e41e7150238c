/**
 * What is built step by step, with an await before each, and comes to its end as a whole, perhaps between two steps: what was done
 * until then is undone at once, and a step that was under way is undone when it is through.
 */
export class Steps {
  /** Newest last. */
  readonly #undo: (() => void)[] = [];
  #over = false;

  get over(): boolean {
    return this.#over;
  }

  /** A step is through; this undoes it. @throws Error when all is over already */
  done(undo: () => void): void {
    if (this.#over) undo();
    else this.#undo.push(undo);
    this.assertGoing();
  }

  /** @throws Error when all is over already */
  assertGoing(): void {
    if (this.#over) throw new Error('It ended while it was being made.');
  }

  /** Undoes everything, the newest first. Idempotent. */
  undo(): void {
    this.#over = true;
    for (const undo of this.#undo.splice(0).reverse()) undo();
  }
}
