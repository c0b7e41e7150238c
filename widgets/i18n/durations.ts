import type { Words } from './translator.ts';

const whole = (ms: number) => Math.max(0, Math.floor(ms / 1000));

/** A running clock: `0:07`, `12:34`, `1:02:03`. @param ms not below zero; less counts as zero */
export function clock(ms: number): string {
  const seconds = whole(ms);
  // Without the hour's leading zeros, and the first minute's.
  return new Date(seconds * 1000)
    .toISOString()
    .slice(11, 19)
    .replace(/^(00:)?0?/, '');
}

/** The same as an ISO 8601 duration, for `<time datetime>`: `PT754S`. */
export function isoDuration(ms: number): string {
  return `PT${whole(ms)}S`;
}

/** "since 14:05": the time of day as the language writes it; empty without a moment. @param moment milliseconds since the epoch */
export function sinceWords(moment: number | null, words: Words): string {
  if (moment === null) return '';
  return words('since', new Date(moment).toLocaleTimeString(words('lang'), { timeStyle: 'short' }));
}
