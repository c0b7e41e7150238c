import type { Words } from './words.ts';

/** Making one takes as long as a hundred uses of it, and a panel has hundreds of rows. */
const formats = new WeakMap<Words, Intl.NumberFormat>();
const percents = new WeakMap<Words, Intl.NumberFormat>();

/** A number in the digits of the language. */
export function number(value: number, words: Words): string {
  const format = formats.get(words) ?? new Intl.NumberFormat(words.locale);
  formats.set(words, format);
  return format.format(value);
}

/** "80 %", as the language writes it. @param share 0 to 1 */
export function percent(share: number, words: Words): string {
  const format = percents.get(words) ?? new Intl.NumberFormat(words.locale, { style: 'percent' });
  percents.set(words, format);
  return format.format(share);
}
