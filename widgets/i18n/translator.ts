import { localeOf } from './language.ts';
import { wordsFor } from './languages.ts';
import type { Words } from './words.ts';

/** The words for an element, in its language: see `localeOf`. */
export function wordsOf(element: Element): Words {
  return wordsFor(localeOf(element));
}
