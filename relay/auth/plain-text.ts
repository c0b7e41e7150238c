/**
 * Text about people that comes from outside and is shown to others: what cannot be seen in it, turns its reading around or hides
 * what stands beside it is taken out. A listener who is shown as nothing, or as somebody else, would not be shown.
 */

/** White space of every kind, and characters that draw nothing though Unicode calls them letters or symbols. */
const BLANK = /[\p{White_Space}\u2800\u{13441}\u{13442}]+/gu;

/** Scripts whose letters join, so that the joiners U+200C and U+200D between them change what is read (Unicode 16, 23.2). */
const JOINING =
  '\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Mong}\\p{scx=Nko}\\p{scx=Adlm}\\p{scx=Rohg}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}' +
  '\\p{scx=Orya}\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Khmr}\\p{scx=Mymr}\\p{scx=Tibt}';

/** The viramas after which a joiner may also end a word (half forms, Malayalam chillus in their older spelling). */
const VIRAMA = '\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca';

const EMOJI_END = '\\p{Extended_Pictographic}\\ufe0f?\\p{Emoji_Modifier}?';

/** What counts as invisible elsewhere, and is part of the writing here. */
const NEEDED = [
  `(?<=[${JOINING}])[\\u200c\\u200d](?=[${JOINING}])`,
  `(?<=[${VIRAMA}])[\\u200c\\u200d]`,
  // Emoji of several (UTS #51): families, professions, flags.
  `(?<=${EMOJI_END})\\u200d(?=\\p{Extended_Pictographic})`,
  // Variation selectors: text or emoji, ideographs as they stand in a family's register, Mongolian.
  '(?<=[\\p{Extended_Pictographic}0-9#*])[\\ufe0e\\ufe0f]',
  '(?<=\\p{scx=Han})[\\u{e0100}-\\u{e01ef}]',
  '(?<=\\p{scx=Mong})[\\u180b-\\u180d\\u180f]',
].join('|');

/**
 * Controls, formatting (bidi among it), surrogates that stand alone, private use, unassigned; all that is drawn as nothing where
 * it is not known (tags, fillers, selectors); the object replacement character and the null notehead.
 */
const HIDDEN = new RegExp(`(?!${NEEDED})[\\p{C}\\p{Default_Ignorable_Code_Point}\\ufffc\\u{1d159}]`, 'gu');

/** Marks without a letter under them: they would be drawn on whatever stands before the text. */
const LOOSE_MARKS = /(^| )\p{M}+/gu;

/** More of the marks that any letter can carry than any language puts on one (after composition). */
const TALL =
  /([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{2})[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+/gu;

/** The same for marks of all scripts: pointed Hebrew, vocalised Arabic and Tibetan stacks have up to four. */
const TALLEST = /(\p{M}{4})\p{M}+/gu;

const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * The text as it may be shown: composed (NFC), on one line, single spaces, nothing hidden, no towers of marks. Letters of all
 * scripts stay, with the joiners that they need, and emoji. Taking something out can bring together what is to be taken out
 * next; so it is done until nothing changes.
 * @returns '' when nothing remains that can be seen
 */
export function plainText(text: string): string {
  let before = text;
  for (;;) {
    const after = once(before);
    if (after === before) return VISIBLE.test(after) ? after : '';
    before = after;
  }
}

/**
 * What in a text would not be shown as it stands, in words; null when there is nothing. For names by which things are compared:
 * they must not be changed, and two that look alike must not differ. Decomposed letters (NFD) are let be.
 */
export function hiddenIn(text: string): string | null {
  const plain = plainText(text);
  if (plain === text.normalize('NFC')) return null;
  if (plain === '') return 'holds nothing that can be seen';
  if (text !== text.trim()) return 'begins or ends with white space';
  const hidden = [...text.matchAll(HIDDEN), ...text.matchAll(/[^\S ]|[\u2800\u{13441}\u{13442}]/gu)][0]?.[0];
  if (hidden === undefined) return 'has spaces in a row, or more marks on a letter than can be read';
  const codePoint = (hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `holds U+${codePoint}, which cannot be seen or changes how the rest is read`;
}

function once(text: string): string {
  return text
    .replace(BLANK, ' ')
    .replace(HIDDEN, '')
    .replace(LOOSE_MARKS, '$1')
    .normalize('NFC')
    .replace(TALL, '$1')
    .replace(TALLEST, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
}
