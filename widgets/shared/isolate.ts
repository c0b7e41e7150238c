/** Letters that are written from right to left: Hebrew, Arabic, Syriac, Thaana, NKo and others (Unicode Bidi_Class R and AL). */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/**
 * A name inside a sentence: one that is written in the other direction must not move its neighbours about ("Anna, דן and 3 others"), so that it stands
 * in an isolate of its own (Unicode UAX #9, 2.5; what `<bdi>` is in HTML). In a sentence from right to left every name does; else others stay as they are.
 * @param direction of the sentence
 */
export function isolate(name: string, direction: 'ltr' | 'rtl'): string {
  return direction === 'rtl' || RIGHT_TO_LEFT.test(name) ? `${FIRST_STRONG_ISOLATE}${name}${POP_ISOLATE}` : name;
}
