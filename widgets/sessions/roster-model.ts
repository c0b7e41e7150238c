import type { CommercialStatus, PayloadOf, RosterEntry } from '../../relay/protocol/messages.ts';
import type { Commercial } from './state.ts';

const RANK: Readonly<Record<CommercialStatus, number>> = { live: 0, paused: 0, interrupted: 0, ready: 1, offline: 2 };
/** Two reports of one start differ by the time they travelled; the shown clock must not jump for that. */
const SAME_START_MS = 2_000;
const byName = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

const inOrder = (a: Commercial, b: Commercial): number =>
  RANK[a.status] - RANK[b.status] || byName.compare(a.name, b.name) || byName.compare(a.id, b.id);

/** The roster as the panel shows it, kept up to date from a snapshot and deltas. */
export class RosterModel {
  #rows = new Map<string, Commercial>();
  #sorted: readonly Commercial[] = Object.freeze([]);

  /** Live first, then ready, then offline; by name inside. Frozen; a new array after every change. */
  get list(): readonly Commercial[] {
    return this.#sorted;
  }

  get(id: string): Commercial | undefined {
    return this.#rows.get(id);
  }

  /** True when there is somebody to hear. */
  get anyLive(): boolean {
    return this.#sorted[0] !== undefined && RANK[this.#sorted[0].status] === 0;
  }

  snapshot(entries: readonly RosterEntry[], now: number): void {
    this.#rows = new Map(entries.map((entry) => [entry.id, this.#row(entry, now)]));
    this.#sort();
  }

  delta({ changed, levels, removed }: PayloadOf<'roster:delta'>, now: number): void {
    let moved = false;
    for (const id of removed) moved = this.#rows.delete(id) || moved;
    for (const entry of changed) {
      const before = this.#rows.get(entry.id);
      const row = this.#row(entry, now);
      this.#rows.set(entry.id, row);
      if (!before || inOrder(before, row) !== 0) moved = true;
    }
    for (const { id, level } of levels) {
      const row = this.#rows.get(id);
      if (row) this.#rows.set(id, Object.freeze({ ...row, level }));
    }
    if (moved) this.#sort();
    // Speaking levels change all the time and move nothing.
    else this.#sorted = Object.freeze(this.#sorted.map((row) => this.#rows.get(row.id) ?? row));
  }

  #row(
    { id, name, equipe, status, interruption, liveForMs, level, listenerCount, helpForMs }: RosterEntry,
    now: number,
  ): Commercial {
    const startedAt = startOf(liveForMs, now, this.#rows.get(id)?.startedAt ?? null);
    const helpSince = startOf(helpForMs ?? null, now, this.#rows.get(id)?.helpSince ?? null); // an older relay does not say
    return Object.freeze({ id, name, equipe, status, interruption, startedAt, level, listenerCount, helpSince });
  }

  #sort(): void {
    this.#sorted = Object.freeze([...this.#rows.values()].sort(inOrder));
  }
}

/** When a stream, or a call for help, began by this page's clock; the time known before is kept when it is the same start. */
export function startOf(liveForMs: number | null, now: number, known: number | null): number | null {
  if (liveForMs === null) return null;
  const start = now - liveForMs;
  return known !== null && Math.abs(start - known) < SAME_START_MS ? known : start;
}
