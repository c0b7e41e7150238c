import type { Language } from './language.ts';
import type { Words } from './translator.ts';

/** Beside `WORDS`, because the button's bundle, which has those, never shows it. */
const MISSING: Readonly<Record<Language, string>> = {
  en: 'Some colleagues may be missing for the moment.',
  fr: 'Il manque peut-être des collègues pour l’instant.',
};

/** That the panel's list may lack somebody, in the language of `words`. */
export function missingWords(words: Words): string {
  return MISSING[words('lang') === 'fr' ? 'fr' : 'en'];
}
