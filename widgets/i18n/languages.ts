import { LocalizedStringDictionary } from '@internationalized/string';
import type { Texts } from '../locales/catalogue.ts';
import english from '../locales/en.ts';
import french from '../locales/fr.ts';
import { Emitter } from '../shared/emitter.ts';
import { canonicalTag } from './language-tag.ts';
import { makeWords, type Words } from './words.ts';

/** Fetches the texts of a language when they are first wanted, as `() => import('./de.js')` does. */
export type TextsLoader = () => Promise<Texts | { readonly default: Texts }>;

/** The texts that are here, by language; those of English are complete, and stand in for what another lacks. */
const here = new Map<string, Texts>([
  ['en', english],
  ['fr', french],
]);
/** Where texts are to be had that are not here yet. */
const loaders = new Map<string, TextsLoader>([
  ['ar', () => import('../locales/ar.ts')],
  ['es', () => import('../locales/es.ts')],
]);
/** What a part that was loaded brought along, by language. */
const added = new Map<string, Texts>();
/** What the host puts in their place. */
const replaced = new Map<string, Texts>();
const loading = new Map<string, Promise<void>>();
/** Languages that could not be loaded: not asked for again by each rendering, but by `setLocale`. */
const failed = new Set<string>();
/** Kept, so that words are the same object until they change. */
const made = new Map<string, Words>();
const changes = new Emitter<{ change: undefined }>();
let chosen: string | null = null;
let matcher = matcherOf();

/** The library's choice of the closest language, for those that there are now. */
function matcherOf(): LocalizedStringDictionary<'tag', string> {
  return new LocalizedStringDictionary(Object.fromEntries(knownLanguages().map((tag) => [tag, { tag }])), '');
}

function changed(): void {
  made.clear();
  matcher = matcherOf();
  changes.emit('change', undefined);
}

/** The language of this page's elements as the host chose it, or null. */
export const chosenLocale = (): string | null => chosen;

/** The languages that there are texts of, or that can be loaded. */
export function knownLanguages(): readonly string[] {
  return [...new Set([...here.keys(), ...loaders.keys(), ...replaced.keys()])];
}

/** The language whose texts are closest to this locale: of `fr-CA` that is `fr`, of `zh-Hant-TW` rather `zh-Hant` than `zh`; null when there is none. */
export function closestLanguage(locale: string): string | null {
  const found: { tag: string } | undefined = matcher.getStringsForLocale(locale);
  return found?.tag ?? null;
}

/** The words for a locale. What is not loaded yet is loaded; until then English stands in, or what is here of the language. */
export function wordsFor(locale: string): Words {
  const lang = closestLanguage(locale) ?? 'en';
  // What is brought for Quebec alone stands on what there is for all of French.
  const family = [...new Set([new Intl.Locale(lang).language, lang])];
  for (const each of family) {
    // A failure is said in the console; whoever sees the page sees English.
    if (loaders.has(each) && !failed.has(each)) load(each).catch(() => undefined);
  }
  if (!family.some((each) => here.has(each) || (replaced.has(each) && !loaders.has(each)))) return wordsFor('en');
  let words = made.get(locale);
  if (!words) {
    const texts = family.flatMap((each) => [here.get(each), added.get(each), replaced.get(each)]);
    words = makeWords(locale, lang, Object.assign({}, english, added.get('en'), ...texts));
    made.set(locale, words);
  }
  return words;
}

/** Called whenever there are other texts than before. @returns the function that ends the subscription */
export function onLanguageChange(listener: () => void): () => void {
  return changes.on('change', listener);
}

/**
 * Replaces texts of both elements, or brings a language that they do not speak. English stands in for texts of a new language that are not there.
 * Elements that are shown already change at once.
 * @param locale the language, such as `de` or `pt-BR` (BCP 47)
 * @param texts by name; or a function that fetches them when the language is first wanted
 * @throws RangeError when the locale is no language tag; TypeError when a text is neither a string nor has plural forms with `other`
 */
export function registerTexts(locale: string, texts: Texts | TextsLoader): void {
  const tag = canonicalTag(locale);
  if (!tag) throw new RangeError(`"${locale}" is no language tag (BCP 47).`);
  if (typeof texts === 'function') {
    loaders.set(tag, texts);
    loading.delete(tag);
    failed.delete(tag);
  } else replaced.set(tag, { ...replaced.get(tag), ...checked(texts) });
  changed();
}

/** A part brings its texts along, in the languages of the package. */
export function addTexts(texts: Readonly<Record<string, Texts>>): void {
  for (const [lang, more] of Object.entries(texts)) added.set(lang, { ...added.get(lang), ...more });
  changed();
}

/** One of those texts in a language of the package, whatever the language of the page; empty before they came. */
export function addedText(lang: string, key: keyof Texts): string {
  return String(replaced.get(lang)?.[key] ?? added.get(lang)?.[key] ?? '');
}

/**
 * Sets the language of both elements for the whole page; null: it is again that of the closest `lang`. An element's own `lang` goes before.
 * @returns a promise that resolves when the texts are there; rejects with a RangeError when there are none of this language, or with what went wrong
 */
export async function setLocale(locale: string | null): Promise<void> {
  const tag = locale === null ? null : canonicalTag(locale);
  const lang = tag && closestLanguage(tag);
  if (locale !== null && !lang)
    throw new RangeError(`There are no texts for "${locale}": bring them with registerTexts.`);
  chosen = tag;
  changed();
  if (lang && loaders.has(lang)) await load(lang);
}

function load(lang: string): Promise<void> {
  const before = loading.get(lang);
  if (before) return before;
  const run = fetchTexts(lang).finally(() => {
    if (loading.get(lang) === run) loading.delete(lang);
  });
  loading.set(lang, run);
  return run;
}

async function fetchTexts(lang: string): Promise<void> {
  const loader = loaders.get(lang);
  try {
    const texts = loader && checked(textsOf(await loader()));
    // The host may have brought another one meanwhile.
    if (loaders.get(lang) !== loader) return;
    loaders.delete(lang);
    here.set(lang, { ...here.get(lang), ...texts });
    changed();
  } catch (error) {
    failed.add(lang);
    console.warn(`The texts of the language "${lang}" could not be loaded; English stands in. ${String(error)}`);
    throw error;
  }
}

const textsOf = (found: Texts | { readonly default: Texts }): Texts =>
  'default' in found ? (found.default as Texts) : found;

/** Texts come from outside: JSON, a translation service. */
function checked(texts: Texts): Texts {
  for (const [key, text] of Object.entries(texts)) {
    const form: unknown = typeof text === 'object' ? text?.other : text;
    if (typeof form !== 'string')
      throw new TypeError(`The text "${key}" is no string, and has no plural form "other".`);
  }
  return texts;
}
