/** A language that the elements speak. */
export type Language = 'en' | 'fr';

/** First parts of a language's name (BCP 47, ISO 639-2), and how people write it who know no codes. */
const NAMES: Readonly<Record<string, Language>> = {
  fr: 'fr',
  fra: 'fr',
  fre: 'fr',
  french: 'fr',
  français: 'fr',
  francais: 'fr',
  en: 'en',
  eng: 'en',
  english: 'en',
};
/** Names of no language in particular: undetermined, none, several, private use. */
const NO_LANGUAGE = /^(und|zxx|mul|mis|x|i|c|posix|)$/;

const firstPart = (tag: string): string =>
  tag
    .trim()
    .toLowerCase()
    .split(/[-_.@\s]/)[0] ?? '';

/** The language of a tag in any spelling, such as `fr-CA`, `FR`, `fr_FR.UTF-8` (POSIX), or null. */
export function readLanguage(tag: string): Language | null {
  const name = firstPart(tag);
  return Object.hasOwn(NAMES, name) ? (NAMES[name] ?? null) : null;
}

/**
 * An element's language: by its own `lang`, else the closest ancestor's (through shadow roots), else the page's `Content-Language`, else the browser's, else English.
 * A `lang` of no language (empty, `x-default`, `und`) is passed over for the ancestor's; a language that the elements do not speak for the browser's.
 */
export function languageOf(element: Element): Language {
  for (let node: Node | null = element; node; node = node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null) {
    const tag = node.nodeType === 1 ? (node as Element).getAttribute('lang') : null;
    if (tag === null || NO_LANGUAGE.test(firstPart(tag))) continue;
    return readLanguage(tag) ?? browserLanguage();
  }
  return contentLanguage(element) ?? browserLanguage();
}

/** A `meta` element or a header of the page: only the selector knows. */
function contentLanguage(element: Element): Language | null {
  try {
    return (['fr', 'en'] as const).find((language) => element.matches(`:lang(${language})`)) ?? null;
  } catch {
    // A document simulated in Node that has no such selector.
    return null;
  }
}

function browserLanguage(): Language {
  const { languages, language } = globalThis.navigator ?? {};
  for (const tag of languages ?? [language ?? '']) {
    const known = readLanguage(tag);
    if (known) return known;
  }
  return 'en';
}
