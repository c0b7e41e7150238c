import { LocalizedStringDictionary, LocalizedStringFormatter } from '@internationalized/string';
import type { AnyTextKey, Catalogue, Text, TextKey, ValuesOf } from '../locales/catalogue.ts';

/** The texts of one language, with their holes filled in. */
export interface Words {
  <K extends AnyTextKey>(key: K, ...values: ValuesOf<K>): string;
  /** For `Intl`: the language with the region that was asked for, such as `fr-CA` (BCP 47). */
  readonly locale: string;
  /** The language of the texts. */
  readonly lang: string;
  /** In which direction the texts are written. */
  readonly dir: 'ltr' | 'rtl';
}

type Values = Readonly<Record<string, string | number>>;
type Filled = (values?: Record<string, string | number | boolean>, formatter?: unknown) => string;

/** Scripts that are written from right to left (Unicode): every one that a language of today is written in. */
const RIGHT_TO_LEFT = /^(?:Adlm|Arab|Aran|Hebr|Mand|Nkoo|Rohg|Syrc|Thaa|Yezi)$/;

/** The library's formatter, for texts that are data: translation services and JSON files have no functions. */
class TextFormatter extends LocalizedStringFormatter<TextKey, Filled> {
  /** The plural form for `n`, with its holes filled in; a hole without a value stays, to be seen. */
  fill(text: Text, values: Values): string {
    const form = typeof text === 'string' ? text : this.plural(Number(values.n), text as Record<string, string>);
    return form.replace(/\{(\w+)\}/g, (hole, name: string) => {
      const value = values[name];
      return typeof value === 'number' ? this.number(value) : (value ?? hole);
    });
  }
}

/** In which direction a language is written, by the script that is usual for it. */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(new Intl.Locale(tag).maximize().script ?? '') ? 'rtl' : 'ltr';
}

/**
 * Makes the words of a language.
 * @param locale for numbers and times
 * @param lang the language of the catalogue
 */
export function makeWords(locale: string, lang: string, catalogue: Catalogue): Words {
  const filled = Object.entries(catalogue).map(([key, text]): [string, Filled] => [
    key,
    (values = {}, formatter) => (formatter as TextFormatter).fill(text, values as Values),
  ]);
  const strings = { [lang]: Object.fromEntries(filled) as Record<TextKey, Filled> };
  const formatter = new TextFormatter(locale, new LocalizedStringDictionary(strings, lang));
  const words = (key: TextKey, values?: Values): string => formatter.format(key, values);
  return Object.assign(words as (...args: never[]) => string, { locale, lang, dir: directionOf(lang) }) as Words;
}
