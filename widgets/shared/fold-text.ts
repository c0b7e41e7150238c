/** Letters that Unicode's compatibility decomposition leaves as they are, and how people type them. After lower case. */
const LETTERS: Readonly<Record<string, string>> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŋ: 'n',
  ŧ: 't',
  ı: 'i',
  ς: 'σ',
};
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');
/** What people type in many ways, or leave out: apostrophes, quotation marks and primes, hyphens and dashes, the minus sign, the middle dot. */
const JOINTS = /[\p{Pd}\p{Pi}\p{Pf}'"`´ʹʻʼʽˈ′‵＇\u2212\u00b7‧]/gu;

/**
 * A text as people search for it: without capitals, accents, ligatures, full-width forms (Unicode NFKD), invisible characters; apostrophes and hyphens of any
 * kind are spaces. Independent of the browser's language, so that a Turkish phone finds "IVAN" by "ivan".
 */
export function foldText(text: string): string {
  return text
    .replace(/[´΄]/g, "'") // NFKD would make them a space and an accent
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/\p{M}/gu, '') // İ has one more in lower case
    .replace(SPECIAL, (letter) => LETTERS[letter] ?? letter)
    .replace(JOINTS, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** A text to search in: folded, and once more with its parts joined, so that "jeanluc" and "lhermite" find "Jean-Luc L’Hermite" too. */
export function haystackOf(text: string): string {
  const spaced = foldText(text);
  const parts = text.replace(/[´΄]/g, "'").normalize('NFKD');
  // Most have none, and hundreds are read at the first key of a search.
  if (parts.search(JOINTS) < 0) return spaced;
  const joined = foldText(parts.replace(JOINTS, ''));
  return joined === spaced ? spaced : `${spaced} ${joined}`;
}
