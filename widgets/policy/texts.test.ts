/** The texts of the parts that a policy brings: the same in every language. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyReason } from '../../relay/protocol/policy-shapes.ts';
import { addedText, registerTexts, wordsFor } from '../i18n/languages.ts';
import { policyText } from '../i18n/policy-text.ts';
import ar from '../policy-texts/ar.ts';
import en from '../policy-texts/en.ts';
import es from '../policy-texts/es.ts';
import fr from '../policy-texts/fr.ts';
import { barredWords, momentWords } from './policy-words.ts';
import { bringTexts } from './texts.ts';

bringTexts();
const holesOf = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).sort();

for (const [lang, texts] of Object.entries({ fr, es, ar })) {
  test(`${lang} has every text, with the holes of the English one`, () => {
    assert.deepEqual(Object.keys(texts), Object.keys(en));
    for (const [key, text] of Object.entries<string>(texts)) {
      assert.deepEqual(
        holesOf(text),
        holesOf(Object.entries<string>(en).find(([name]) => name === key)?.[1] ?? ''),
        key,
      );
      assert.equal(text.trim(), text, key);
      if (lang === 'ar') assert.match(text, /[\u0600-\u06ff]/, key);
      if (lang === 'fr') assert.doesNotMatch(text, /[^\u00a0\u202f][:;!?»]|«[^\u00a0\u202f]/, key);
    }
  });
}

test('every reason of a policy has words', () => {
  const words = wordsFor('en');
  for (const reason of policyReason.options) assert.ok(words(`why_${reason}`), reason);
});

test('a host replaces them as any other, also those of the card in another language', () => {
  registerTexts('es', { card_title: 'Un compañero escucha' });
  registerTexts('de', { cancel: 'Abbrechen' });
  assert.equal(addedText('es', 'card_title'), 'Un compañero escucha');
  assert.equal(addedText('ar', 'card_title'), ar.card_title);
  assert.equal(wordsFor('de')('cancel'), 'Abbrechen');
  assert.equal(wordsFor('de')('consent_read'), en.consent_read);
});

test('a moment of another day says which', () => {
  const words = wordsFor('en-GB');
  const now = new Date(2026, 5, 3, 20, 0).getTime();
  const at = (day: number, hour: number) => new Date(2026, 5, day, hour, 0).getTime();
  assert.equal(momentWords(at(3, 21), now, words), '21:00');
  assert.equal(momentWords(at(4, 9), now, words), 'Thu 09:00');
  assert.equal(momentWords(at(20, 9), now, words), '20 Jun 09:00');
  assert.equal(
    barredWords({ reason: 'policy_hours', until: at(4, 9) }, now, words),
    'Cannot be heard until Thu 09:00 (outside working hours).',
  );
  assert.equal(
    barredWords({ reason: 'policy_protected', until: null }, now, words),
    'Cannot be heard now (nobody may listen to this person).',
  );
});

test('a text of the policy is shown in the language of the page, else in one in which it was written', () => {
  assert.deepEqual(policyText({ en: 'Help', fr: 'Aide' }, wordsFor('fr-CA')), { text: 'Aide', lang: 'fr' });
  assert.deepEqual(policyText({ fr: 'Aide' }, wordsFor('en')), { text: 'Aide', lang: 'fr' });
});
