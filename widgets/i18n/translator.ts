import { type TextKey, WORDS } from './words.ts';

/** A language that the elements speak. */
export type Language = 'en' | 'fr';
/** What fills the `{braces}` of a text. */
export type TextValues = Readonly<Record<string, string | number>>;
/** The base of a pair of keys `x_one` and `x_other`. */
export type PluralKey = { [K in TextKey]: K extends `${infer Base}_one` ? Base : never }[TextKey];

/** Words of one language. */
export class Translator {
  readonly language: Language;

  constructor(language: Language) {
    this.language = language;
  }

  /** @returns the words of a key, with `{braces}` filled in */
  text(key: TextKey, values: TextValues = {}): string {
    const text = WORDS[key][this.language === 'en' ? 0 : 1];
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  }

  /** @returns the words of a plural key for `n` of something; `{n}` is filled in. French counts 0 as one. */
  count(key: PluralKey, n: number, values: TextValues = {}): string {
    const one = n === 1 || (n === 0 && this.language === 'fr');
    return this.text(`${key}_${one ? 'one' : 'other'}`, { n, ...values });
  }

  /** @returns "A, B and C" in this language */
  list(items: readonly string[]): string {
    return new Intl.ListFormat(this.language).format(items);
  }
}

const translators: Readonly<Record<Language, Translator>> = { en: new Translator('en'), fr: new Translator('fr') };

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
 * The words for an element: in its own `lang`, else the closest ancestor's (through shadow roots), else the browser's, else English. A
 * `lang` that the elements do not speak is passed over for the next.
 */
export function wordsOf(element: Element): Translator {
  const tags: (string | null)[] = [];
  for (let node: Element | null = element; node; ) {
    tags.push(node.getAttribute('lang'));
    const root: Node = node.getRootNode();
    node = node.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  }
  for (const tag of [...tags, ...navigator.languages]) {
    const language = matchLanguage(tag);
    if (language) return translators[language];
  }
  return translators.en;
}
