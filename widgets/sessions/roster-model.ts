import type { CommercialStatus, PayloadOf, RosterEntry } from '../../relay/protocol/messages.ts';
import type { Barred } from './policy-state.ts';
import type { Commercial, ExpectedPerson } from './state.ts';

const RANKS: Readonly<Record<CommercialStatus, number>> = { live: 0, paused: 1, interrupted: 1, ready: 2, offline: 3 };
/** Those who have a stream, which can be heard or comes back. */
const STREAMING: readonly CommercialStatus[] = ['live', 'paused', 'interrupted'];
const OFFLINE = {
  status: 'offline',
  interruption: null,
  startedAt: null,
  level: 0,
  listenerCount: 0,
  helpSince: null,
  barred: null,
  device: false,
} as const;
/** Two reports of one start differ by the time they travelled; the shown clock must not jump for that. */
const SAME_START_MS = 2_000;
const byName = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

const inOrder = (a: Commercial, b: Commercial): number => byName.compare(a.name, b.name) || byName.compare(a.id, b.id);

/** The roster as the panel shows it, kept up to date from a snapshot and deltas. */
export class RosterModel {
  #rows = new Map<string, Commercial>();
  /** Those whom the host expects, as they stand here while the relay does not tell of them. */
  #expected: ReadonlyMap<string, Commercial> = new Map();
  /** Ids by name: comparing names as people sort them is slow, and a stream that begins or ends changes no name. */
  #names: readonly string[] = [];
  #sorted: readonly Commercial[] = Object.freeze([]);

  /** Live first, then paused or interrupted, ready, offline; by name inside. Frozen; a new array after every change. */
  get list(): readonly Commercial[] {
    return this.#sorted;
  }

  get(id: string): Commercial | undefined {
    return this.#rows.get(id) ?? this.#expected.get(id);
  }

  /** True when there is somebody to hear. */
  get anyLive(): boolean {
    return this.#sorted[0] !== undefined && STREAMING.includes(this.#sorted[0].status);
  }

  /** The relay knows only who has connected: these stand here before. */
  expect(people: readonly ExpectedPerson[]): void {
    this.#expected = new Map(
      people.map(({ id, name, team = '' }) => [id, Object.freeze({ ...OFFLINE, id, name, equipe: team })]),
    );
    this.#sortNames();
    this.#sort();
  }

  snapshot(entries: readonly RosterEntry[], now: number): void {
    this.#rows = new Map(entries.map((entry) => [entry.id, this.#row(entry, now)]));
    this.#sortNames();
    this.#sort();
  }

  delta({ changed, levels, removed }: PayloadOf<'roster:delta'>, now: number): void {
    let renamed = false;
    let moved = false;
    for (const id of removed) renamed = this.#rows.delete(id) || renamed;
    for (const entry of changed) {
      const before = this.#rows.get(entry.id);
      const row = this.#row(entry, now);
      this.#rows.set(entry.id, row);
      if (before?.name !== row.name) renamed = true;
      if (before?.status !== row.status) moved = true;
    }
    for (const { id, level } of levels) {
      const row = this.#rows.get(id);
      if (row) this.#rows.set(id, Object.freeze({ ...row, level }));
    }
    if (renamed) this.#sortNames();
    if (renamed || moved) this.#sort();
    // Speaking levels change all the time and move nothing.
    else this.#sorted = Object.freeze(this.#sorted.map((row) => this.#rows.get(row.id) ?? row));
  }

  #row(
    { id, name, equipe, status, interruption, liveForMs, level, listenerCount, helpForMs, barred, device }: RosterEntry,
    now: number,
  ): Commercial {
    const startedAt = startOf(liveForMs, now, this.#rows.get(id)?.startedAt ?? null);
    const helpSince = startOf(helpForMs ?? null, now, this.#rows.get(id)?.helpSince ?? null); // an older relay does not say
    return Object.freeze({
      ...{ id, name, equipe, status, interruption, startedAt, level, listenerCount, helpSince },
      device: device === true,
      barred: barred ? this.#bar(barred, now, this.#rows.get(id)?.barred ?? null) : null,
    });
  }

  /** The same object while nothing about it changes. */
  #bar({ reason, againInMs }: NonNullable<RosterEntry['barred']>, now: number, known: Barred | null): Barred {
    const until = againInMs === null ? null : now + againInMs;
    const same = known?.reason === reason && Math.abs((known.until ?? 0) - (until ?? 0)) < SAME_START_MS;
    return same ? known : Object.freeze({ reason, until });
  }

  #sortNames(): void {
    const everybody = new Map([...this.#expected, ...this.#rows]);
    this.#names = [...everybody.values()].sort(inOrder).map(({ id }) => id);
  }

  #sort(): void {
    const ranks: Commercial[][] = [[], [], [], []];
    for (const id of this.#names) {
      const row = this.get(id);
      if (row) ranks[RANKS[row.status]]?.push(row);
    }
    this.#sorted = Object.freeze(ranks.flat());
  }
}

/** When a stream, or a call for help, began by this page's clock; the time known before is kept when it is the same start. */
export function startOf(liveForMs: number | null, now: number, known: number | null): number | null {
  if (liveForMs === null) return null;
  const start = now - liveForMs;
  return known !== null && Math.abs(start - known) < SAME_START_MS ? known : start;
}
