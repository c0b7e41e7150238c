import type { Dictionary, TextKey } from './en.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

/** A language that the elements speak. */
export type Language = 'fr' | 'en';
/** What fills the `{braces}` of a text. */
export type TextValues = Readonly<Record<string, string | number>>;
/** The base of a pair of keys `x_one` and `x_other`. */
export type PluralKey = { [K in TextKey]: K extends `${infer Base}_one` ? Base : never }[TextKey];

const dictionaries: Readonly<Record<Language, Dictionary>> = { fr, en };

/** Words of one language. */
export class Translator {
  readonly language: Language;
  readonly #plural: Intl.PluralRules;

  constructor(language: Language) {
    this.language = language;
    this.#plural = new Intl.PluralRules(language);
  }

  /** @returns the words of a key, with `{braces}` filled in */
  text(key: TextKey, values: TextValues = {}): string {
    return dictionaries[this.language][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
      String(values[name] ?? whole),
    );
  }

  /** @returns the words of a plural key for `n` of something; `{n}` is filled in */
  count(key: PluralKey, n: number, values: TextValues = {}): string {
    const form = this.#plural.select(n) === 'one' ? 'one' : 'other';
    return this.text(`${key}_${form}`, { n, ...values });
  }

  /** @returns "A, B and C" in this language */
  list(items: readonly string[]): string {
    return new Intl.ListFormat(this.language).format(items);
  }
}

const translators: Readonly<Record<Language, Translator>> = { fr: new Translator('fr'), en: new Translator('en') };

/** @returns the shared translator of a language */
export function translatorFor(language: Language): Translator {
  return translators[language];
}

/** @returns the language of a BCP 47 tag such as `fr-CA`, or null for one that the elements do not speak */
export function matchLanguage(tag: string | null | undefined): Language | null {
  const primary = tag?.trim().slice(0, 2).toLowerCase();
  return primary === 'fr' || primary === 'en' ? primary : null;
}

/**
 * The language of an element: its own `lang`, else the closest ancestor's (through shadow roots), else the browser's, else English. A
 * `lang` that the elements do not speak is passed over for the next.
 */
export function languageOf(element: Element): Language {
  let node: Element | null = element;
  while (node) {
    const own = matchLanguage(node.getAttribute('lang'));
    if (own) return own;
    const root: Node = node.getRootNode();
    node = node.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  }
  for (const tag of navigator.languages ?? []) {
    const match = matchLanguage(tag);
    if (match) return match;
  }
  return 'en';
}
