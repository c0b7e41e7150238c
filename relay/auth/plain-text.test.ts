import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hiddenIn, plainText } from './plain-text.ts';

test('names of all scripts stay as they are', () => {
  const names = [
    'Anna',
    'Zoë-Élodie O’Brien, Jr.',
    'Nguyễn Thị Ánh',
    'Łukasz',
    'Ἀριστοτέλης',
    'Дмитрий',
    'שָׁלוֹם',
    'مُحَمَّد',
    'علی‌رضا',
    'ক্‌ষ',
    'র‍্যাব',
    'क्‍ष',
    'श्री',
    'அன்பு',
    'ශ්‍රී ලංකා',
    'അനില്‍',
    'ကျော်',
    'སྤྱན་རས',
    'สมชายคนดี',
    '山田太郎',
    '葛\u{e0100}城',
    '김민준',
    '👩‍🔧 Léa',
    '👩🏽‍🚒',
    '❤️‍🔥',
    '🇫🇷 1️⃣',
    'ᠮᠣᠩᠭᠣᠯ',
    '#1',
    '-',
  ];
  for (const name of names) {
    assert.equal(plainText(name), name.normalize('NFC'), name);
    assert.equal(hiddenIn(name), null, name);
  }
});

test('what hides, turns around or covers is taken out', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['\u202enitraM aéL', 'nitraM aéL'],
    ['Boss\n\n\n\nof\tall', 'Boss of all'],
    ['a\u200bn\u200cn\u200da\u2060\u00ad\ufeff\u034f', 'anna'],
    ['\u2066Léa\u2069 \u061c\u200e\u200f', 'Léa'],
    ['Léa\u{e0041}\u{e0042}\u{e007f}', 'Léa'],
    ['Léa\ufe0f\u{e0100}', 'Léa'],
    ['A\u00a0\u2003\u3000\u2800\u1680B', 'A B'],
    ['\ud800Léa\udc00', 'Léa'],
    ['Léa\uffff\u{1fffe}\ue000\u{10ffff}\u0378', 'Léa'],
    ['\u0301\u0302Léa', 'Léa'],
    [`H${'\u0336\u0311'.repeat(30)}i`, 'H\u0336\u0336i'],
    [`ש${'\u05b0\u05b1\u05b2\u05b3'.repeat(9)}`, 'ש\u05b0\u05b0\u05b0\u05b0'],
    ['e\u200b\u0301', 'é'],
    ['Anna\u0000\u001b[31m\u0085', 'Anna[31m'],
    ['👩\u200d\u200d🔧', '👩🔧'],
    ['\ufff9a\ufffab\ufffb', 'ab'],
  ];
  for (const [text, shown] of cases) {
    assert.equal(plainText(text), shown, JSON.stringify(text));
    assert.notEqual(hiddenIn(text), null, JSON.stringify(text));
  }
});

test('of what cannot be seen at all, nothing remains', () => {
  const blanks = [
    '',
    ' ',
    '\u200b',
    '\u2060\u00ad',
    '\u3164',
    '\uffa0\u115f\u1160',
    '\u2800',
    '\u{13441}',
    '\u{1d159}',
    '\u0301',
    '\ufe0f',
    '\u{e0020}',
    '\ufffc',
    '\u200d',
    '\u17b4',
    '\ud800',
  ];
  for (const blank of blanks) {
    assert.equal(plainText(blank), '', JSON.stringify(blank));
    assert.match(hiddenIn(`${blank}\u200b`) ?? '', /nothing that can be seen/);
  }
});

test('the reason names the character', () => {
  assert.match(hiddenIn('nord\u202e') ?? '', /U\+202E/);
  assert.match(hiddenIn('no\u00a0rd') ?? '', /U\+00A0/);
  assert.match(hiddenIn(' nord') ?? '', /white space/);
  assert.match(hiddenIn('no  rd') ?? '', /spaces in a row/);
  assert.equal(hiddenIn('E\u0301quipe'), null, 'decomposed letters are no other text');
});

test('any text: cleaning twice changes nothing, and nothing that Unicode calls invisible stands alone in it', () => {
  const tricky = fc.constantFrom(
    ...'aé1#👩🔧🏽श्رن山 \n\u200b\u200c\u200d\u202e\u2066\ufe0f\u0301\u05b0\u094d\u3164\u2800\ud800'.split(/(?:)/u),
    '\u{e0041}',
    '\u{e0100}',
  );
  const texts = fc.oneof(
    fc.array(tricky, { maxLength: 12 }).map((all) => all.join('')),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const plain = plainText(text);
      assert.equal(plainText(plain), plain);
      assert.doesNotMatch(plain, /[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Cn}\p{Co}\p{Zl}\p{Zp}]|\p{M}{5}|^\s|\s$|\s\s/u);
      assert.ok(plain === '' || /[\p{L}\p{N}\p{P}\p{S}]/u.test(plain));
    }),
    { numRuns: 2_000 },
  );
});
