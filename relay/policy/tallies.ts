/** How long one commercial was heard on one day, as one relay has counted it. Milliseconds. */
export interface Tally {
  readonly commercialId: string;
  /** `2026-11-27`, of the team's own zone. */
  readonly day: string;
  /** By all together. */
  readonly heardMs: number;
  /** By each admin, by id. */
  readonly pairs: ReadonlyMap<string, number>;
}

interface Kept {
  heardMs: number;
  readonly pairs: Map<string, number>;
}

/**
 * What several relays have counted, each its own part, which only grows: what comes twice, late or in another order changes nothing, and
 * the sum of all parts is what was heard (a grow-only counter). What one day came to goes with the day after the next.
 */
export class Tallies {
  /** Relay -> commercial -> day. */
  readonly #byPart = new Map<string, Map<string, Map<string, Kept>>>();

  /** Commercials of whom something is kept, counted for each part. */
  get size(): number {
    let size = 0;
    for (const byCommercial of this.#byPart.values()) size += byCommercial.size;
    return size;
  }

  /** What the part came to by now: of two that differ, the greater counts. @returns whether it was not known */
  merge(part: string, { commercialId, day, heardMs, pairs }: Tally): boolean {
    const kept = this.#kept(part, commercialId, day);
    let isNews = heardMs > kept.heardMs;
    kept.heardMs = Math.max(kept.heardMs, heardMs);
    for (const [admin, ms] of pairs) {
      if (ms <= (kept.pairs.get(admin) ?? 0)) continue;
      kept.pairs.set(admin, ms);
      isNews = true;
    }
    return isNews;
  }

  /** So much more, of all together and of one admin. */
  add(part: string, commercialId: string, day: string, all: number, adminId: string, own: number): void {
    const kept = this.#kept(part, commercialId, day);
    kept.heardMs += all;
    kept.pairs.set(adminId, (kept.pairs.get(adminId) ?? 0) + own);
  }

  /** All parts together. @param adminId null: only all together */
  sum(commercialId: string, day: string, adminId: string | null): { heardMs: number; pairMs: number } {
    const sum = { heardMs: 0, pairMs: 0 };
    for (const byCommercial of this.#byPart.values()) {
      const kept = byCommercial.get(commercialId)?.get(day);
      sum.heardMs += kept?.heardMs ?? 0;
      if (adminId !== null) sum.pairMs += kept?.pairs.get(adminId) ?? 0;
    }
    return sum;
  }

  /** Each part with everything that it came to. */
  *all(): IterableIterator<readonly [part: string, tally: Tally]> {
    for (const [part, byCommercial] of this.#byPart) {
      for (const [commercialId, days] of byCommercial) {
        for (const [day, { heardMs, pairs }] of days) yield [part, { commercialId, day, heardMs, pairs }];
      }
    }
  }

  /** Of whom, and of which of their days, the part has something. */
  commercials(part: string): Iterable<string> {
    return this.#byPart.get(part)?.keys() ?? [];
  }

  days(part: string, commercialId: string): Iterable<string> {
    return this.#byPart.get(part)?.get(commercialId)?.keys() ?? [];
  }

  /** One part of one day. */
  of(part: string, commercialId: string, day: string): Omit<Tally, 'commercialId' | 'day'> | null {
    return this.#byPart.get(part)?.get(commercialId)?.get(day) ?? null;
  }

  /** What is known of that part is not so. */
  forget(part: string): void {
    this.#byPart.delete(part);
  }

  /** Days before this one count no more. */
  sweep(oldest: string): void {
    for (const [part, byCommercial] of this.#byPart) {
      for (const [commercialId, days] of byCommercial) {
        for (const day of days.keys()) if (day < oldest) days.delete(day);
        if (days.size === 0) byCommercial.delete(commercialId);
      }
      if (byCommercial.size === 0) this.#byPart.delete(part);
    }
  }

  #kept(part: string, commercialId: string, day: string): Kept {
    const byCommercial = this.#byPart.get(part) ?? new Map<string, Map<string, Kept>>();
    this.#byPart.set(part, byCommercial);
    const days = byCommercial.get(commercialId) ?? new Map<string, Kept>();
    byCommercial.set(commercialId, days);
    const kept = days.get(day) ?? { heardMs: 0, pairs: new Map<string, number>() };
    days.set(day, kept);
    return kept;
  }
}
