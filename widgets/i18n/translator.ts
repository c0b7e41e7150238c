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

/**
 * The words for an element: in its own `lang`, else the closest ancestor's (through shadow roots), else the browser's, else English. A
 * language that the elements do not speak is passed over for the browser's.
 */
export function wordsOf(element: Element): Words {
  for (const [language, words] of Object.entries(LANGUAGES)) {
    if (element.matches(`:lang(${language})`)) return words;
  }
  // In Firefox, :lang() does not see what stands outside of a shadow root.
  const root = element.getRootNode();
  if (root instanceof ShadowRoot) return wordsOf(root.host);
  return navigator.languages.find((tag) => /^(en|fr)\b/.test(tag))?.startsWith('fr') ? LANGUAGES.fr : LANGUAGES.en;
}
