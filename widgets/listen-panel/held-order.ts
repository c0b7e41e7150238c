import type { Commercial } from '../sessions/state.ts';
import { type Item, isGroup } from './arrange.ts';

/** What the list shows while it holds. */
export interface Held {
  readonly items: readonly Item[];
  /** How many commercials would come, go or move. */
  readonly changes: number;
}

/** Keeps the order of the list while a pointer or the focus is in it, so that no row slides away under a press; what the rows say changes on. */
export class HeldOrder {
  #items: readonly Item[] = [];
  #fresh: readonly Item[] = [];
  #held: Held = { items: [], changes: 0 };

  /**
   * @param fresh the lines as they would stand now
   * @param commercials everybody, also whom a filter leaves out by now
   */
  show(fresh: readonly Item[], commercials: readonly Commercial[], holding: boolean): Held {
    if (fresh === this.#fresh && holding) return this.#held;
    this.#fresh = fresh;
    if (!holding || this.#items.length === 0) {
      if (this.#items !== fresh) this.#held = { items: fresh, changes: 0 };
    } else {
      const now = new Map<string, Item>([...commercials, ...fresh].map((item) => [item.id, item]));
      // Who left the service stays to be seen, and can no longer be heard.
      const items = this.#items.map(
        (item) =>
          now.get(item.id) ?? (isGroup(item) ? item : { ...item, status: 'offline' as const, level: 0 as const }),
      );
      this.#held = { items, changes: changesBetween(idsOf(items), idsOf(fresh)) };
    }
    this.#items = this.#held.items;
    return this.#held;
  }

  /** The next lines that are shown are as they stand then: the admin asked for other ones. */
  release(): void {
    this.#items = [];
    this.#fresh = [];
  }
}

const idsOf = (items: readonly Item[]): readonly string[] => items.flatMap((item) => (isGroup(item) ? [] : item.id));

/** How many of either order have no place in the longest run that both have in common: they come, go or move. */
function changesBetween(before: readonly string[], after: readonly string[]): number {
  const places = new Map(before.map((id, index) => [id, index]));
  const common = after.flatMap((id) => places.get(id) ?? []);
  // The ends of the best rising runs of each length ("patience sorting").
  const ends: number[] = [];
  for (const place of common) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    ends[low] = place;
  }
  return before.length - common.length + (after.length - common.length) + (common.length - ends.length);
}
