import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readLocale } from './language.ts';

describe('readLocale', () => {
  it('knows every spelling of the languages that the elements speak', () => {
    for (const [tag, locale] of [
      ['fr', 'fr'],
      ['FR', 'fr'],
      ['fr-CA', 'fr-CA'],
      ['fr_FR', 'fr-FR'],
      ['fr_FR.UTF-8', 'fr-FR'],
      ['fr_BE@euro', 'fr-BE'],
      [' fr ', 'fr'],
      ['fra', 'fr'],
      ['fre-FR', 'fr-FR'],
      ['français', 'fr'],
      ['French', 'fr'],
      ['fr-Latn-CH-x-twain', 'fr-Latn-CH-x-twain'],
      ['EN-gb', 'en-GB'],
      ['en_US.utf8', 'en-US'],
      ['eng', 'en'],
      ['English', 'en'],
      ['es-419', 'es-419'],
      ['spa', 'es'],
      ['ar_EG', 'ar-EG'],
      ['ara', 'ar'],
    ])
      assert.equal(readLocale(tag ?? ''), locale, tag);
  });
  it('takes no other language, and no name of Object, for one of them', () => {
    for (const tag of [
      '',
      ' ',
      'de',
      'fry',
      'frr',
      'x-default',
      'und',
      'C.UTF-8',
      'constructor',
      'enm',
      '-fr',
      '*',
      'a',
    ])
      assert.equal(readLocale(tag), null, tag);
  });
});
