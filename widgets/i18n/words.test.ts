import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ERROR_CODES } from '../../relay/protocol/error-codes.ts';
import type { MicrophoneFailureCode } from '../audio/microphone-failure.ts';
import type { Catalogue, Text, TextKey } from '../locales/catalogue.ts';
import type { PageFaultCode } from '../shared/fault.ts';
import { type AudioFaultCode, faultWords, isRecoverable, menderOf, troubleOf, unblockHint } from './fault-words.ts';
import { setLocale, wordsFor } from './languages.ts';
import { lateFaultTexts } from './late-fault-texts.ts';

await lateFaultTexts.get();

/** Every language of the package, by the name of its file. */
const LANGUAGES = Object.fromEntries(
  await Promise.all(
    readdirSync(new URL('../locales/', import.meta.url))
      .filter((file) => file !== 'catalogue.ts')
      .map(async (file): Promise<[string, Catalogue]> => {
        const { default: catalogue } = (await import(`../locales/${file}`)) as { default: Catalogue };
        return [file.replace('.ts', ''), catalogue];
      }),
  ),
);
for (const language of Object.keys(LANGUAGES)) await setLocale(language);
await setLocale(null);

const DESKTOP_CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';
const words = { en: wordsFor('en'), fr: wordsFor('fr') };

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
const pageCodes = [
  'relay_url_invalid',
  'relay_unreachable',
  'request_timeout',
  'media_failed',
  'webrtc_unsupported',
  'ice_servers_invalid',
  'token_provider_failed',
  'time_limit',
  'no_team',
  'e2ee_unsupported',
  'e2ee_key_missing',
  'e2ee_worker_blocked',
  'e2ee_cannot_decrypt',
  'unexpected',
] as const satisfies readonly PageFaultCode[];
type Unlisted = Exclude<PageFaultCode, (typeof pageCodes)[number]>;
const unlisted: [Unlisted] extends [never] ? true : never = true;
type Unworded = Exclude<MicrophoneFailureCode, AudioFaultCode>;
const unworded: [Unworded] extends [never] ? true : never = true;

const formsOf = (text: Text): readonly string[] =>
  typeof text === 'string' ? [text] : Object.values<string | undefined>(text).map((form) => form ?? '');
const holesOf = (form: string): readonly string[] => (form.match(/\{\w+\}/g) ?? []).sort();

describe('the catalogues', () => {
  it('are of four languages', () => {
    assert.deepEqual(Object.keys(LANGUAGES).sort(), ['ar', 'en', 'es', 'fr']);
  });

  for (const [language, catalogue] of Object.entries(LANGUAGES)) {
    it(`${language} has every text, none empty, with the holes of the English one`, () => {
      const english = LANGUAGES.en ?? {};
      // In its order too: the bundles have French without its keys.
      assert.deepEqual(Object.keys(catalogue), Object.keys(english));
      for (const [key, text] of Object.entries<Text>(catalogue)) {
        // A form for one number may write it out.
        const holes = holesOf(formsOf(LANGUAGES.en?.[key as TextKey] ?? '').at(-1) ?? '');
        assert.ok(
          formsOf(text).every((form) => form.trim() === form && form.length > 0),
          key,
        );
        assert.deepEqual(holesOf(formsOf(text).at(-1) ?? ''), holes, key);
        for (const form of formsOf(text))
          assert.ok(
            holesOf(form).every((hole) => holes.includes(hole)),
            key,
          );
      }
    });

    it(`${language} has the plural forms that the language has, and no others`, () => {
      const pluralCategories: readonly string[] = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      for (const [key, text] of Object.entries<Text>(catalogue)) {
        if (typeof text === 'string') continue;
        const forms = Object.keys(text).filter((form) => !form.startsWith('='));
        assert.deepEqual(
          forms.filter((form) => !pluralCategories.includes(form)),
          [],
          key,
        );
      }
    });
  }

  it('French has a no-break space before double punctuation and inside guillemets', () => {
    for (const [key, text] of Object.entries(LANGUAGES.fr ?? {})) {
      for (const form of formsOf(text)) assert.doesNotMatch(form, /[^\u00a0\u202f][:;!?»]|«[^\u00a0\u202f]/, key);
    }
  });

  it('Arabic is written in Arabic: no sentence was left in another language', () => {
    for (const [key, text] of Object.entries(LANGUAGES.ar ?? {})) {
      // Keys are named as is printed on them, which is Latin on Arabic keyboards too.
      if (key.startsWith('key_')) continue;
      for (const form of formsOf(text)) assert.match(form, /[\u0600-\u06ff]/, key);
    }
  });
});

describe('words', () => {
  it('fill in values, and leave a hole without one', () => {
    assert.equal(words.fr('listen_to', { name: 'Nadia Benali' }), 'Écouter Nadia Benali');
    assert.equal(words.en('listen_to', { name: '{n} $& <b>' }), 'Listen to {n} $& <b>');
    // @ts-expect-error the value is missing
    assert.equal(words.en('listen_to'), 'Listen to {name}');
    // @ts-expect-error there is no such text
    assert.throws(() => words.en('no_such_text'));
  });

  it('choose plurals and write numbers as the language does', () => {
    const said = (locale: string) => [0, 1, 2, 3, 11, 100, 1234].map((n) => wordsFor(locale)('listeners', { n }));
    assert.deepEqual(said('en').slice(0, 3), ['0 listeners', '1 listener', '2 listeners']);
    assert.deepEqual(said('fr').slice(0, 3), ['0 auditeur', '1 auditeur', '2 auditeurs']);
    assert.equal(said('fr').at(-1), '1\u202f234 auditeurs');
    assert.deepEqual(said('ar-EG'), [
      'لا مستمعين',
      'مستمع واحد',
      'مستمعان',
      '٣ مستمعين',
      '١١ مستمعًا',
      '١٠٠ مستمع',
      '١٬٢٣٤ مستمعًا',
    ]);
  });
});

describe('words of failures', () => {
  it('exist for every code of the relay and of the microphone, in every language', () => {
    assert.ok(unworded && unlisted);
    for (const language of Object.keys(LANGUAGES).map(wordsFor)) {
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
      ['chrome', 'unblock_other'],
      ['firefox', 'unblock_other'],
      ['ios', 'unblock_safari'],
      ['safari', 'unblock_safari'],
      ['webview', 'error_unsupported'],
    ] as const) {
      assert.equal(unblockHint(hints[browser]), hint, browser);
    }
    assert.match(faultWords('microphone_denied', words.fr, hints.ios), /Réglages du site web/);
    assert.equal(
      unblockHint('Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 Chrome/150.0'),
      'error_unsupported',
    );
  });

  it('tell a microphone that never started from one that stopped', () => {
    assert.match(faultWords('microphone_failed', words.en, ''), /did not start\. Tap again/);
    assert.match(faultWords('microphone_ended', words.en, ''), /stopped by itself\. Tap again/);
    assert.match(faultWords('relay_url_invalid', words.en, ''), /address.*administrator/);
    assert.match(faultWords('media_failed', words.en, ''), /another network.*administrator/);
  });

  it('tell who can mend what, for every code', () => {
    const codes = [...Object.keys(ERROR_CODES), ...microphoneCodes, ...pageCodes];
    const mendedBy = (trouble: string) => codes.filter((code) => troubleOf(code) === trouble).sort();
    assert.deepEqual(mendedBy('user'), [
      'bad_request',
      'consent_required',
      'e2ee_unsupported',
      'microphone_denied',
      'microphone_ended',
      'microphone_failed',
      'microphone_in_use',
      'microphone_not_found',
      'microphone_unsupported',
      'policy_devices',
      'policy_full',
      'policy_hours',
      'policy_protected',
      'policy_time',
      'policy_time_used',
      'protocol_outdated',
      'purpose_required',
      'time_limit',
      'token_expired',
      'token_user_changed',
      'unknown_request',
      'webrtc_unsupported',
    ]);
    assert.deepEqual(mendedBy('administrator'), [
      'e2ee_cannot_decrypt',
      'e2ee_key_missing',
      'e2ee_required',
      'e2ee_worker_blocked',
      'forbidden',
      'ice_servers_invalid',
      'insecure_context',
      'microphone_blocked_by_policy',
      'no_team',
      'origin_not_allowed',
      'relay_url_invalid',
      'token_algorithm_not_allowed',
      'token_audience_mismatch',
      'token_claims_invalid',
      'token_issuer_mismatch',
      'token_key_unknown',
      'token_malformed',
      'token_missing',
      'token_not_yet_valid',
      'token_signature_invalid',
    ]);
    assert.deepEqual(mendedBy('network'), [
      'media_failed',
      'relay_unreachable',
      'request_timeout',
      'token_provider_failed',
    ]);
    assert.deepEqual(mendedBy('service'), [
      'capacity',
      'draining',
      'elsewhere',
      'internal',
      'media_unavailable',
      'not_connected',
      'not_listening',
      'not_streaming',
      'rate_limited',
      'sdp_invalid',
      'storage_unavailable',
      'token_keys_unavailable',
      'unexpected',
      'whisper_busy',
      'whisper_not_allowed',
      'whisper_not_shown',
    ]);
    // Hosts are told of three: what the service mends by itself takes time, as what the network does.
    for (const code of codes) {
      const trouble = troubleOf(code);
      assert.equal(menderOf(code), trouble === 'service' ? 'network' : trouble, code);
    }
  });

  it('ask to sign in again only when the token has ended, or another is needed, and name the administrator where only they can help', () => {
    const codes = [...Object.keys(ERROR_CODES), ...microphoneCodes, ...pageCodes];
    const saying = (pattern: RegExp) =>
      codes.filter((code) => pattern.test(faultWords(code, words.en, DESKTOP_CHROME)));
    assert.deepEqual(saying(/sign in again/i), ['token_expired', 'no_team']);
    for (const code of codes.filter((each) => menderOf(each) === 'administrator'))
      assert.match(faultWords(code, words.en, DESKTOP_CHROME), /administrator/, code);
    for (const code of codes.filter((each) => troubleOf(each) === 'network'))
      assert.match(faultWords(code, words.en, DESKTOP_CHROME), /network/, code);
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
