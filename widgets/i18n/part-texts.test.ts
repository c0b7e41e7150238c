/** Texts that come along with a part: every language of the package has them, and they are among the words once they are there. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Texts } from '../locales/catalogue.ts';
import { addTexts, registerTexts, setLocale, wordsFor } from './languages.ts';

type Forms = string | Readonly<Record<string, string>>;
type Loaded = Readonly<Record<string, Readonly<Record<string, Forms>>>>;

/** The texts of a part in each language, by the name of their folder. */
async function textsOf(folder: string): Promise<Loaded> {
  const url = new URL(`../${folder}/`, import.meta.url);
  const files = readdirSync(url).filter((file) => file !== 'catalogue.ts');
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [file.replace('.ts', ''), (await import(new URL(file, url).href)).default]),
    ),
  );
}
const LANGUAGES = await textsOf('whisper-texts');
const formsOf = (text: Forms): readonly string[] => (typeof text === 'string' ? [text] : Object.values(text));
const holesOf = (text: Forms): readonly string[] =>
  (
    formsOf(text)
      .at(-1)
      ?.match(/\{\w+\}/g) ?? []
  ).sort();

describe('texts of a part', () => {
  for (const folder of ['whisper-texts', 'fault-texts', 'panel-texts']) {
    it(`${folder}: every language has all of them, none empty, with the holes of the English ones`, async () => {
      const found = await textsOf(folder);
      const english = found.en ?? {};
      assert.deepEqual(Object.keys(found).sort(), ['ar', 'en', 'es', 'fr']);
      for (const [language, texts] of Object.entries(found)) {
        assert.deepEqual(Object.keys(texts), Object.keys(english), language);
        const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories as readonly string[];
        for (const [key, text] of Object.entries(texts)) {
          assert.deepEqual(holesOf(text), holesOf(english[key] ?? ''), key);
          if (typeof text !== 'string')
            assert.ok(
              Object.keys(text).every((form) => form.startsWith('=') || categories.includes(form)),
              key,
            );
          for (const form of formsOf(text)) {
            assert.ok(form && form === form.trim(), key);
            if (language === 'fr') assert.doesNotMatch(form, /[^\u00a0\u202f][:;!?»]|«[^\u00a0\u202f]/, key);
            // Keys are named as is printed on them, which is Latin on Arabic keyboards too.
            if (language === 'ar' && !key.startsWith('key_')) assert.match(form, /[\u0600-\u06ff]/, key);
          }
        }
      }
    });
  }

  it('are words once they were brought along, in the languages of the package alone, and a host replaces them', async () => {
    assert.throws(() => wordsFor('en')('ear_stop'));
    addTexts(LANGUAGES as Readonly<Record<string, Texts>>);
    assert.equal(wordsFor('en')('ear_stop'), 'Stop this voice');
    assert.equal(wordsFor('fr-CA')('ear_speaks', { name: 'Léa' }), 'Léa vous parle');
    await setLocale('es');
    assert.equal(wordsFor('es')('ear_stop'), 'Detener esta voz');
    registerTexts('de', { stop: 'Ende' });
    assert.equal(wordsFor('de')('ear_stop'), 'Stop this voice');
    registerTexts('en', { ear_stop: 'Quiet' });
    assert.equal(wordsFor('en')('ear_stop'), 'Quiet');
  });
});
