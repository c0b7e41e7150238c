import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readLanguage } from './language.ts';

describe('readLanguage', () => {
  it('knows every spelling of the languages that the elements speak', () => {
    for (const tag of [
      'fr',
      'FR',
      'fr-CA',
      'fr-fr',
      'fr_FR',
      'fr_FR.UTF-8',
      'fr_BE@euro',
      ' fr ',
      'fra',
      'fre-FR',
      'français',
      'French',
      'fr-Latn-CH-x-twain',
    ])
      assert.equal(readLanguage(tag), 'fr', tag);
    for (const tag of ['en', 'EN-gb', 'en_US', 'en_US.utf8', 'eng', 'English'])
      assert.equal(readLanguage(tag), 'en', tag);
  });
  it('takes no other language, and no name of Object, for one of them', () => {
    for (const tag of ['', ' ', 'de', 'fry', 'frr', 'x-default', 'und', 'C.UTF-8', 'constructor', 'enm', '-fr'])
      assert.equal(readLanguage(tag), null, tag);
  });
});
