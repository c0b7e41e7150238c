/** How people write a language who know no codes. */
const NAMES: Readonly<Record<string, string>> = {
  english: 'en',
  french: 'fr',
  français: 'fr',
  francais: 'fr',
  spanish: 'es',
  español: 'es',
  espanol: 'es',
  arabic: 'ar',
};
/** Names of no language in particular: undetermined, none, several, private use. */
const NO_LANGUAGE = /^(und|zxx|mul|mis|x|i|c|posix|)$/;

/** A tag as people write it, without the encoding and variant of POSIX: of `fr_FR.UTF-8` it is `fr-fr`. */
const plain = (tag: string): string =>
  tag
    .trim()
    .toLowerCase()
    .replace(/[.@].*$/s, '')
    .replaceAll('_', '-');

/** True when the tag names no language in particular: empty, `und`, `x-default`. */
export const isNoLanguage = (tag: string): boolean => NO_LANGUAGE.test(plain(tag).split('-')[0] ?? '');

/** The tag in the form that `Intl` wants (BCP 47), from any spelling: of `fra`, `FR` and `french` it is `fr`. Null when it is none. */
export function canonicalTag(tag: string): string | null {
  const text = plain(tag);
  if (isNoLanguage(text)) return null;
  try {
    return Intl.getCanonicalLocales(Object.hasOwn(NAMES, text) ? NAMES[text] : text)[0] ?? null;
  } catch {
    return null;
  }
}
