/** Texts that come along with a part: every language of the package has them, and they are among the words once they are there. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Texts } from '../locales/catalogue.ts';
import { addTexts, registerTexts, setLocale, wordsFor } from './languages.ts';

const FOLDER = new URL('../whisper-texts/', import.meta.url);
const LANGUAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.fromEntries(
  await Promise.all(
    readdirSync(FOLDER)
      .filter((file) => file !== 'catalogue.ts')
      .map(async (file) => [file.replace('.ts', ''), (await import(new URL(file, FOLDER).href)).default]),
  ),
);
const holesOf = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe('texts of a part', () => {
  for (const [language, texts] of Object.entries(LANGUAGES)) {
    it(`${language} has all of them, none empty, with the holes of the English ones`, () => {
      const english = LANGUAGES.en ?? {};
      assert.deepEqual(Object.keys(texts), Object.keys(english));
      for (const [key, text] of Object.entries(texts)) {
        assert.ok(text && text === text.trim(), key);
        assert.deepEqual(holesOf(text), holesOf(english[key] ?? ''), key);
      }
    });
  }

  it('are of four languages, French with its no-break spaces and Arabic in Arabic', () => {
    assert.deepEqual(Object.keys(LANGUAGES).sort(), ['ar', 'en', 'es', 'fr']);
    for (const [key, text] of Object.entries(LANGUAGES.fr ?? {}))
      assert.doesNotMatch(text, /[^\u00a0\u202f][:;!?»]|«[^\u00a0\u202f]/, key);
    for (const [key, text] of Object.entries(LANGUAGES.ar ?? {})) assert.match(text, /[\u0600-\u06ff]/, key);
  });

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
