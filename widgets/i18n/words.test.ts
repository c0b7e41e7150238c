import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ERROR_CODES } from '../../relay/protocol/error-codes.ts';
import type { MicrophoneFailureCode } from '../audio/microphone-failure.ts';
import { type AudioFaultCode, faultWords, isRecoverable, unblockHint } from './fault-words.ts';
import { matchLanguage, translatorFor } from './translator.ts';
import { WORDS } from './words.ts';

const DESKTOP_CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';
const words = { en: translatorFor('en'), fr: translatorFor('fr') };

/** Every code of the microphone must be one that has words: this stops compiling when one is added without. */
const microphoneCodes: readonly AudioFaultCode[] = [
  'microphone_denied',
  'microphone_not_found',
  'microphone_in_use',
  'insecure_context',
  'microphone_blocked_by_policy',
  'microphone_unsupported',
  'microphone_ended',
  'microphone_failed',
] satisfies readonly MicrophoneFailureCode[];
type Unworded = Exclude<MicrophoneFailureCode, AudioFaultCode>;
const unworded: [Unworded] extends [never] ? true : never = true;

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe('the dictionary', () => {
  it('has the same placeholders in both languages, and no empty text', () => {
    for (const [key, [english, french]] of Object.entries(WORDS)) {
      assert.ok(english.length > 0 && french.length > 0, key);
      assert.deepEqual(placeholders(french), placeholders(english), key);
    }
  });

  it('has both plural forms', () => {
    const keys = Object.keys(WORDS);
    for (const key of keys.filter((name) => name.endsWith('_one'))) {
      assert.ok(keys.includes(key.replace(/_one$/, '_other')), key);
    }
  });
});

describe('a translator', () => {
  it('counts as each language does', () => {
    assert.equal(words.en.count('listeners', 0), '0 listeners');
    assert.equal(words.en.count('listeners', 1), '1 listener');
    assert.equal(words.fr.count('listeners', 0), '0 auditeur');
    assert.equal(words.fr.count('listeners', 2), '2 auditeurs');
  });

  it('fills in values, and leaves what it does not know', () => {
    assert.equal(words.fr.text('listen_to', { name: 'Nadia Benali' }), 'Écouter Nadia Benali');
    assert.equal(words.en.text('listen_to'), 'Listen to {name}');
    assert.equal(words.en.text('listen_to', { name: '{n} $& <b>' }), 'Listen to {n} $& <b>');
  });

  it('matches language tags', () => {
    assert.equal(matchLanguage('fr-CA'), 'fr');
    assert.equal(matchLanguage('EN'), 'en');
    assert.equal(matchLanguage('de'), null);
    assert.equal(matchLanguage(null), null);
  });
});

describe('words of failures', () => {
  it('exist for every code of the relay and of the microphone, in both languages', () => {
    assert.ok(unworded);
    for (const language of [words.en, words.fr]) {
      const unknown = faultWords('no_such_code', language, DESKTOP_CHROME).replace('no_such_code', '');
      for (const code of [...Object.keys(ERROR_CODES), ...microphoneCodes]) {
        const text = faultWords(code, language, DESKTOP_CHROME);
        assert.ok(text.length > 15, code);
        assert.notEqual(text.replace(code, ''), unknown, code);
      }
    }
  });

  it('name an unknown code, also one that is a name of Object', () => {
    assert.equal(faultWords('constructor', words.en, ''), 'Something failed (constructor). Try again.');
  });

  it('say how to allow the microphone in this browser', () => {
    const hints = {
      u_chrome: DESKTOP_CHROME,
      u_ios:
        'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
      u_safari:
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15',
      u_firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
      u_webview:
        'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/500.0]',
    } as const;
    for (const [key, userAgent] of Object.entries(hints)) assert.equal(unblockHint(userAgent), key);
    assert.match(faultWords('microphone_denied', words.fr, hints.u_ios), /Réglages du site web/);
    assert.match(
      unblockHint('Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 Chrome/150.0'),
      /webview/,
    );
  });

  it('tell what a retry mends from what others must change', () => {
    assert.equal(isRecoverable('relay_unreachable'), true);
    assert.equal(isRecoverable('microphone_in_use'), true);
    assert.equal(isRecoverable('token_expired'), false);
    assert.equal(isRecoverable('microphone_denied'), false);
    assert.equal(isRecoverable('no_such_code'), true);
  });
});
