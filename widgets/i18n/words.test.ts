import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ERROR_CODES } from '../../relay/protocol/error-codes.ts';
import type { MicrophoneFailureCode } from '../audio/microphone-failure.ts';
import { type AudioFaultCode, faultWords, isRecoverable, unblockHint } from './fault-words.ts';
import { LANGUAGES } from './translator.ts';
import { WORDS } from './words.ts';

const DESKTOP_CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';
const words = LANGUAGES;

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
});

describe('the French texts', () => {
  it('have a no-break space before double punctuation and inside guillemets', () => {
    for (const [key, [, french]] of Object.entries(WORDS)) {
      assert.doesNotMatch(french, /[^\u00a0\u202f][:;!?»]|«[^\u00a0\u202f]/, key);
    }
  });
});

describe('a translator', () => {
  it('fills in a value, and leaves the hole without one', () => {
    assert.equal(words.fr('listen_to', 'Nadia Benali'), 'Écouter Nadia Benali');
    assert.equal(words.en('listen_to'), 'Listen to {name}');
    assert.equal(words.en('listen_to', '{n} $& <b>'), 'Listen to {n} $& <b>');
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
    assert.equal(
      faultWords('constructor', words.en, ''),
      'Something went wrong (constructor). Try again; if it goes on, tell your administrator.',
    );
  });

  it('say how to allow the microphone in this browser', () => {
    const hints = {
      chrome: DESKTOP_CHROME,
      ios: 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
      safari:
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15',
      firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
      webview:
        'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/500.0]',
    } as const;
    for (const [browser, hint] of [
      ['chrome', 'u_other'],
      ['firefox', 'u_other'],
      ['ios', 'u_safari'],
      ['safari', 'u_safari'],
      ['webview', 'e_unsupported'],
    ] as const) {
      assert.equal(unblockHint(hints[browser]), hint, browser);
    }
    assert.match(faultWords('microphone_denied', words.fr, hints.ios), /Réglages du site web/);
    assert.equal(
      unblockHint('Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 Chrome/150.0'),
      'e_unsupported',
    );
  });

  it('tell a microphone that never started from one that stopped', () => {
    assert.match(faultWords('microphone_failed', words.en, ''), /did not start\. Tap again/);
    assert.match(faultWords('microphone_ended', words.en, ''), /stopped by itself\. Tap again/);
    assert.match(faultWords('relay_url_invalid', words.en, ''), /address.*administrator/);
    assert.match(faultWords('media_failed', words.en, ''), /another network.*administrator/);
  });

  it('tell what a retry mends from what others must change', () => {
    assert.equal(isRecoverable('relay_unreachable'), true);
    assert.equal(isRecoverable('microphone_in_use'), true);
    assert.equal(isRecoverable('token_keys_unavailable'), true);
    assert.equal(isRecoverable('internal'), true);
    for (const code of ['token_expired', 'origin_not_allowed', 'relay_url_invalid', 'forbidden', 'bad_request']) {
      assert.equal(isRecoverable(code), false, code);
    }
    for (const code of [
      'insecure_context',
      'microphone_blocked_by_policy',
      'microphone_unsupported',
      'webrtc_unsupported',
      'ice_servers_invalid',
    ]) {
      assert.equal(isRecoverable(code), false, code);
    }
    assert.equal(isRecoverable('microphone_denied'), false);
    assert.equal(isRecoverable('no_such_code'), true);
  });
});
