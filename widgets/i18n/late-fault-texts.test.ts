/** Words of failures that few see come late: until then the title stands alone, and what a network that is away makes happen has its words from the start. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { faultWords, faultWordsComing } from './fault-words.ts';
import { onLanguageChange, wordsFor } from './languages.ts';

it('a failure has its title at once and its words when they came', async () => {
  const say = (code: string) => faultWords(code, wordsFor('en'), '');
  for (const code of [
    'relay_unreachable',
    'request_timeout',
    'media_failed',
    'token_provider_failed',
    'token_expired',
  ]) {
    assert.equal(faultWordsComing(code), null, code);
    assert.ok(say(code).length > 40, code);
  }
  assert.equal(say('token_issuer_mismatch'), 'Sign-in not valid');
  assert.equal(say('forbidden'), 'Not possible here');
  assert.equal(say('bad_request'), 'Not possible here');
  assert.match(say('no_such_code'), /no_such_code/);
  // Whoever is rendered anew when they come, and never again, has them.
  let shown = '';
  onLanguageChange(() => {
    shown = say('token_issuer_mismatch');
  });
  await faultWordsComing('token_issuer_mismatch');
  assert.match(shown, /comes from an issuer/);
  assert.equal(faultWordsComing('token_issuer_mismatch'), null);
  assert.match(say('token_issuer_mismatch'), /comes from an issuer/);
  assert.match(say('bad_request'), /Reload the page/);
  assert.match(faultWords('forbidden', wordsFor('fr'), ''), /administrateur/);
});
