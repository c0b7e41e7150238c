import { number } from './numbers.ts';
import type { Words } from './words.ts';

const whole = (ms: number) => Math.max(0, Math.floor(ms / 1000));

/** A number and what belongs to it stand on one line. */
const unbroken = (text: string) => text.replaceAll(' ', '\u00a0');

/** Kept: making one takes as long as a hundred uses of it, and a panel has hundreds of rows. */
const times = new WeakMap<Words, Intl.DateTimeFormat>();

/** A running clock, in the digits of the language: `0:07`, `12:34`, `1:02:03`. @param ms not below zero; less counts as zero */
export function clock(ms: number, words: Words): string {
  const seconds = whole(ms);
  // Without the hour's leading zeros, and the first minute's.
  return new Date(seconds * 1000)
    .toISOString()
    .slice(11, 19)
    .replace(/^(00:)?0?/, '')
    .replace(/\d/g, (each) => number(Number(each), words));
}

/** The same as an ISO 8601 duration, for `<time datetime>`: `PT754S`. */
export function isoDuration(ms: number): string {
  return `PT${whole(ms)}S`;
}

/** "14:05", as the language writes it. @param moment milliseconds since the epoch */
export function timeOfDay(moment: number, words: Words): string {
  const format = times.get(words) ?? new Intl.DateTimeFormat(words.locale, { timeStyle: 'short' });
  times.set(words, format);
  return unbroken(format.format(moment));
}

/** "since 14:05": the time of day as the language writes it; empty without a moment. @param moment milliseconds since the epoch */
export function sinceWords(moment: number | null, words: Words): string {
  return moment === null ? '' : words('since', { time: timeOfDay(moment, words) });
}

/** "40 s", "3 min", "1 h": what it was, in its largest whole unit. */
export function lasted(ms: number, words: Words): string {
  const seconds = whole(ms);
  const [unit, value] =
    seconds < 60 ? ['second', seconds] : seconds < 3600 ? ['minute', seconds / 60] : ['hour', seconds / 3600];
  const format = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: unit === 'hour' ? 1 : 0 } as const;
  return unbroken(new Intl.NumberFormat(words.locale, format).format(value));
}
