import { WEEKDAYS } from './policy-schema.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What a calendar and a clock on the wall show at one moment. */
export interface Reading {
  /** The date (ISO 8601), as `2026-12-25`. */
  readonly day: string;
  readonly weekday: (typeof WEEKDAYS)[number];
  /** The date before, and its day of the week. */
  readonly before: { readonly day: string; readonly weekday: (typeof WEEKDAYS)[number] };
  /** Minutes since midnight by the clock, with a fraction; on a day with 23 or 25 hours it jumps. */
  readonly minutes: number;
}

const clocks = new Map<string, ZoneClock>();

/** The clock of a time zone of the IANA list. Moments are milliseconds since 1970 (UTC). */
export class ZoneClock {
  readonly #format: Intl.DateTimeFormat;

  private constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /** One for each zone: a formatter is costly to make. @throws RangeError when there is no such zone */
  static of(timeZone: string): ZoneClock {
    const known = clocks.get(timeZone);
    if (known) return known;
    const clock = new ZoneClock(timeZone);
    clocks.set(timeZone, clock);
    return clock;
  }

  /** What is shown at this moment. */
  read(moment: number): Reading {
    const local = moment + this.#offset(moment);
    const midnight = Math.floor(local / DAY_MS) * DAY_MS;
    return {
      day: dateOf(midnight),
      weekday: weekdayOf(midnight),
      before: { day: dateOf(midnight - DAY_MS), weekday: weekdayOf(midnight - DAY_MS) },
      minutes: (local - midnight) / MINUTE_MS,
    };
  }

  /** The date at this moment. */
  day(moment: number): string {
    return dateOf(moment + this.#offset(moment));
  }

  /** The first moment of the day that this one is in, of those that follow each other without another date between them. */
  startOfDay(moment: number): number {
    const day = this.day(moment);
    const past = [...this.#crossings(moment - 2 * DAY_MS, moment, [0])].reverse();
    return past.find((start) => start <= moment && this.day(start) === day && this.day(start - 1) !== day) ?? moment;
  }

  /**
   * Every moment after this one, within so many days, at which the clock comes to one of these minutes of the day, or jumps: nothing
   * that depends on the clock's reading alone changes at another one. In order.
   */
  *changes(after: number, days: number, minutes: readonly number[]): IterableIterator<number> {
    // Day by day: most who ask want the first of them.
    for (let day = 0; day < days; day++) {
      const from = after + day * DAY_MS;
      for (const moment of this.#crossings(from, from + DAY_MS, minutes)) if (moment > from) yield moment;
    }
  }

  /** In order, each once, both ends included. */
  #crossings(from: number, to: number, minutes: readonly number[]): number[] {
    const found = new Set<number>();
    const offsets = new Set([this.#offset(from), this.#offset(to)]);
    for (const jump of this.#jumps(from, to)) {
      found.add(jump);
      offsets.add(this.#offset(jump));
    }
    for (const offset of offsets) {
      const first = Math.floor((from + offset) / DAY_MS) * DAY_MS;
      for (let midnight = first; midnight <= to + offset; midnight += DAY_MS) {
        for (const minute of minutes) {
          const moment = midnight + minute * MINUTE_MS - offset;
          if (moment >= from && moment <= to && this.#offset(moment) === offset) found.add(moment);
        }
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  /** The moments in (from, to] at which the clock jumps. */
  *#jumps(from: number, to: number): IterableIterator<number> {
    // No zone jumps twice within half a day.
    for (let start = from; start < to; start += DAY_MS / 2) {
      let [low, high] = [start, Math.min(start + DAY_MS / 2, to)];
      const after = this.#offset(high);
      if (this.#offset(low) === after) continue;
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (this.#offset(middle) === after) high = middle;
        else low = middle;
      }
      yield high;
    }
  }

  /** How far the clock is ahead of UTC, in milliseconds. */
  #offset(moment: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(moment)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
  }
}

function dateOf(local: number): string {
  return new Date(local).toISOString().slice(0, 10);
}

function weekdayOf(local: number): (typeof WEEKDAYS)[number] {
  // 1970-01-01 was a Thursday.
  return WEEKDAYS[(((Math.floor(local / DAY_MS) + 3) % 7) + 7) % 7] ?? 'mon';
}
