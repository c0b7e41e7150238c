import { canonicalTag, isNoLanguage } from './language-tag.ts';
import { chosenLocale, closestLanguage, knownLanguages } from './languages.ts';

/** The locale of a tag in any spelling, such as `fr-CA`, `FR`, `fr_FR.UTF-8` (POSIX), or null when the elements do not speak its language. */
export function readLocale(tag: string): string | null {
  const locale = canonicalTag(tag);
  return locale && closestLanguage(locale) ? locale : null;
}

/**
 * An element's locale: by its own `lang`, else the one that the host chose for the page (`setLocale`), else the closest ancestor's `lang` (through
 * shadow roots), else the page's `Content-Language`, else the browser's, else English. A `lang` of no language (empty, `x-default`, `und`) is
 * passed over for the ancestor's; a language that the elements do not speak for the browser's.
 */
export function localeOf(element: Element): string {
  for (let node: Node | null = element; node; node = node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null) {
    const tag = node.nodeType === 1 ? (node as Element).getAttribute('lang') : null;
    if (tag !== null && !isNoLanguage(tag)) return readLocale(tag) ?? browserLocale();
    const chosen = chosenLocale();
    if (chosen) return chosen;
  }
  return contentLanguage(element) ?? browserLocale();
}

/** A `meta` element or a header of the page: only the selector knows. */
function contentLanguage(element: Element): string | null {
  try {
    return knownLanguages().find((language) => element.matches(`:lang(${language})`)) ?? null;
  } catch {
    // A document simulated in Node that has no such selector.
    return null;
  }
}

function browserLocale(): string {
  const { languages, language } = globalThis.navigator ?? {};
  for (const tag of languages ?? [language ?? '']) {
    const known = readLocale(tag);
    if (known) return known;
  }
  return 'en';
}
