import { languageOf } from './language.ts';
import { type TextKey, WORDS } from './words.ts';

/** The text of a key in one language, with its `{hole}` filled in. */
export type Words = (key: TextKey, value?: string | number) => string;

/** @param index of the language in the pairs of words */
const wordsAt =
  (index: 0 | 1): Words =>
  (key, value) =>
    WORDS[key][index].replace(/\{\w+\}/, (hole) => String(value ?? hole));

/** The languages that the elements speak. */
export const LANGUAGES: { readonly en: Words; readonly fr: Words } = { en: wordsAt(0), fr: wordsAt(1) };

/** The words for an element, in its language: see `languageOf`. */
export function wordsOf(element: Element): Words {
  return LANGUAGES[languageOf(element)];
}
