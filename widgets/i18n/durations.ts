import type { Translator } from './translator.ts';

/** A running clock: `0:07`, `12:34`, `1:02:03`. @param ms not below zero; less counts as zero */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** The same as an ISO 8601 duration, for `<time datetime>`: `PT754S`. */
export function isoDuration(ms: number): string {
  return `PT${Math.max(0, Math.floor(ms / 1000))}S`;
}

/** Since when, in words that change once a minute: "just now", "for 12 min", "for 1 h 05". */
export function sinceWords(ms: number, words: Translator): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return words.text('since_now');
  const hours = Math.floor(minutes / 60);
  // No-break spaces keep the figure and its unit on one line.
  const t = hours === 0 ? `${minutes}\u00a0min` : `${hours}\u00a0h\u00a0${String(minutes % 60).padStart(2, '0')}`;
  return words.text('since', { t });
}
