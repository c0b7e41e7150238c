import { Tallies, type Tally } from './tallies.ts';
import type { ZoneClock } from './zone-clock.ts';

const DAY_MS = 86_400_000;
/** Days of which the counts are kept: today, and yesterday for a clock that is set back. */
const DAYS_KEPT = 2;
/** How often those who were not heard lately are forgotten. */
const SWEEP_MS = 3_600_000;

/** Where time comes from. */
export interface UsageClocks {
  /** Milliseconds by a clock that never jumps: durations. */
  readonly steady: () => number;
  /** Milliseconds since 1970: which day it is. */
  readonly wall: () => number;
}

/** Whose day counts, and after how long a stretch is over. */
export interface UsageRules {
  readonly clock: ZoneClock;
  readonly restBetweenMs: number;
}

/** How much one admin, and all together, heard one commercial. Milliseconds. */
export interface UsageFacts {
  /** Today, by whomever; while several hear, the time counts once. */
  readonly heardMs: number;
  /** Today, by this admin. */
  readonly pairMs: number;
  readonly stretchMs: number;
  /** Since when that stretch is interrupted; 0 while it goes on, or without one. */
  readonly restedMs: number;
}

/** A hearing that is over, as the audit trail has it. */
export interface PastHearing {
  readonly commercialId: string;
  readonly adminId: string;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly heardMs: number;
}

interface Day {
  heardMs: number;
  readonly pairs: Map<string, number>;
}

interface Stretch {
  ms: number;
  /** By the steady clock; null while it goes on. */
  endedAt: number | null;
}

interface Heard {
  /** Admins who hear now. */
  open: ReadonlySet<string>;
  /** Up to when `open` is counted, by the steady clock. */
  countedTo: number;
  readonly days: Map<string, Day>;
  readonly stretches: Map<string, Stretch>;
  /** The end of the last hearing that was restored. */
  restoredTo: number;
  /** By which those who hear now are counted. */
  rules: UsageRules | null;
}

const NOBODY: ReadonlySet<string> = new Set();
/** The part of this relay's own lives before this one. No relay has this name. */
const BEFORE = '';

/**
 * How long who heard whom today: counted while audio is passed on, those who hear at this moment included. What is kept of a day goes
 * with the day after the next, so that its size is that of two days of real listening.
 */
export class Usage {
  readonly #clocks: UsageClocks;
  readonly #byCommercial = new Map<string, Heard>();
  /** What other relays have counted, and this one before it was started anew. */
  readonly #others = new Tallies();
  #sweptAt: number;
  /** Called when others hear a commercial here than before. */
  onChange: ((commercialId: string) => void) | null = null;

  constructor(clocks: UsageClocks = { steady: () => performance.now(), wall: () => Date.now() }) {
    this.#clocks = clocks;
    this.#sweptAt = clocks.steady();
  }

  /** Commercials of whom something is kept, for leak tests. */
  get size(): number {
    return this.#byCommercial.size;
  }

  /** These admins, and no others, hear this commercial from now on. @returns whether these are others than before */
  hears(commercialId: string, admins: ReadonlySet<string>, rules: UsageRules): boolean {
    if (admins.size === 0 && !this.#byCommercial.get(commercialId)?.open.size) return false;
    this.#sweep();
    const heard = this.#heard(commercialId);
    this.#count(heard, rules);
    const before = heard.open;
    heard.open = new Set(admins);
    heard.rules = rules;
    const now = this.#clocks.steady();
    for (const admin of before) {
      const stretch = heard.stretches.get(admin);
      if (stretch && !admins.has(admin)) stretch.endedAt = now;
    }
    for (const admin of admins) {
      if (before.has(admin)) continue;
      const stretch = heard.stretches.get(admin);
      const isOver = !stretch || (stretch.endedAt !== null && now - stretch.endedAt >= rules.restBetweenMs);
      if (isOver) heard.stretches.set(admin, { ms: 0, endedAt: null });
      else stretch.endedAt = null;
    }
    const isOther = before.size !== admins.size || [...admins].some((admin) => !before.has(admin));
    if (isOther) this.onChange?.(commercialId);
    return isOther;
  }

  /** Of one admin, or of all when there is none. */
  of(commercialId: string, adminId: string | null, rules: UsageRules): UsageFacts {
    const today = rules.clock.day(this.#clocks.wall());
    const elsewhere = this.#others.sum(commercialId, today, adminId);
    const heard = this.#byCommercial.get(commercialId);
    if (!heard) return { ...elsewhere, stretchMs: 0, restedMs: 0 };
    this.#count(heard, rules);
    const day = heard.days.get(today);
    const stretch = adminId === null ? undefined : heard.stretches.get(adminId);
    return {
      heardMs: elsewhere.heardMs + (day?.heardMs ?? 0),
      pairMs: elsewhere.pairMs + ((adminId === null ? 0 : day?.pairs.get(adminId)) ?? 0),
      stretchMs: stretch?.ms ?? 0,
      restedMs: stretch?.endedAt == null ? 0 : this.#clocks.steady() - stretch.endedAt,
    };
  }

  /** What was heard before this process began. To be told in the order of the ends, before anybody hears. */
  restore({ commercialId, adminId, endedAt, heardMs }: PastHearing, { clock }: UsageRules): void {
    if (this.#clocks.wall() - endedAt > DAYS_KEPT * DAY_MS) return;
    const heard = this.#heard(commercialId);
    // Of hearings side by side only what the others did not cover counts for all.
    const alone = Math.min(heardMs, Math.max(0, endedAt - heard.restoredTo));
    heard.restoredTo = Math.max(heard.restoredTo, endedAt);
    const today = Math.max(0, endedAt - clock.startOfDay(endedAt));
    const add = (day: string, all: number, own: number): void =>
      this.#others.add(BEFORE, commercialId, day, all, adminId, own);
    add(clock.day(endedAt), Math.min(alone, today), Math.min(heardMs, today));
    if (heardMs > today) add(clock.day(endedAt - today - 1), Math.max(0, alone - today), heardMs - today);
  }

  /** What this relay itself has counted by now, in this life and before. @param commercialId left out: of everybody */
  *own(commercialId?: string): IterableIterator<Tally> {
    const all = commercialId === undefined;
    const ids = all ? [...this.#byCommercial.keys(), ...this.#others.commercials(BEFORE)] : [commercialId];
    for (const id of new Set(ids)) yield* this.#ownOf(id);
  }

  /** What other relays have said that they counted. */
  *others(): IterableIterator<readonly [node: string, tally: Tally]> {
    for (const [part, tally] of this.#others.all()) if (part !== BEFORE) yield [part, tally];
  }

  /** What another relay has counted by now. @returns whether that is news */
  takeOther(node: string, tally: Tally): boolean {
    return this.#others.merge(node, tally);
  }

  /**
   * What others remember of this relay's lives before this one counts in the place of what was restored: hearings at other relays of who was
   * connected here stand in the others' trails.
   */
  takeBefore(tallies: Iterable<Tally>): void {
    this.#others.forget(BEFORE);
    for (const tally of tallies) this.#others.merge(BEFORE, tally);
  }

  *#ownOf(commercialId: string): IterableIterator<Tally> {
    const heard = this.#byCommercial.get(commercialId);
    if (heard?.rules) this.#count(heard, heard.rules);
    for (const day of new Set([...(heard?.days.keys() ?? []), ...this.#others.days(BEFORE, commercialId)])) {
      const before = this.#others.of(BEFORE, commercialId, day);
      const now = heard?.days.get(day);
      const pairs = new Map(before?.pairs);
      for (const [admin, ms] of now?.pairs ?? []) pairs.set(admin, (pairs.get(admin) ?? 0) + ms);
      yield { commercialId, day, heardMs: (before?.heardMs ?? 0) + (now?.heardMs ?? 0), pairs };
    }
  }

  #heard(commercialId: string): Heard {
    const known = this.#byCommercial.get(commercialId);
    if (known) return known;
    const countedTo = this.#clocks.steady();
    const heard: Heard = { open: NOBODY, countedTo, days: new Map(), stretches: new Map(), restoredTo: 0, rules: null };
    this.#byCommercial.set(commercialId, heard);
    return heard;
  }

  /** Brings the counts up to now; what was heard before midnight belongs to the day before. */
  #count(heard: Heard, { clock }: UsageRules): void {
    const steady = this.#clocks.steady();
    const passed = steady - heard.countedTo;
    heard.countedTo = steady;
    if (heard.open.size === 0 || passed <= 0) return;
    const wall = this.#clocks.wall();
    const today = Math.min(passed, Math.max(0, wall - clock.startOfDay(wall)));
    add(heard, clock.day(wall), today);
    if (passed > today) add(heard, clock.day(wall - today - 1), passed - today);
    for (const admin of heard.open) {
      const stretch = heard.stretches.get(admin);
      if (stretch) stretch.ms += passed;
    }
  }

  #sweep(): void {
    const now = this.#clocks.steady();
    if (now - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now;
    const oldest = new Date(this.#clocks.wall() - DAYS_KEPT * DAY_MS).toISOString().slice(0, 10);
    this.#others.sweep(oldest);
    for (const [id, heard] of this.#byCommercial) {
      if (heard.open.size > 0) continue;
      for (const day of heard.days.keys()) if (day < oldest) heard.days.delete(day);
      for (const [admin, { endedAt }] of heard.stretches) {
        if (endedAt !== null && now - endedAt > DAY_MS) heard.stretches.delete(admin);
      }
      if (heard.days.size + heard.stretches.size === 0) this.#byCommercial.delete(id);
    }
  }
}

function add(heard: Heard, name: string, ms: number): void {
  const day = dayOf(heard, name);
  day.heardMs += ms;
  for (const admin of heard.open) day.pairs.set(admin, (day.pairs.get(admin) ?? 0) + ms);
}

function dayOf({ days }: Heard, name: string): Day {
  const known = days.get(name);
  if (known) return known;
  const day: Day = { heardMs: 0, pairs: new Map() };
  days.set(name, day);
  const names = [...days.keys()].sort();
  for (const old of names.slice(0, -DAYS_KEPT)) if (old !== name) days.delete(old);
  return day;
}
