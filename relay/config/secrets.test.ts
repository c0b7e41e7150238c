import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { it } from 'node:test';
import { hiddenInSecret, isPlaceholder, lackOfVariety } from './secrets.ts';

it('knows what documentation, templates and shells leave behind', () => {
  for (const secret of [
    'replace-this-by-the-output-of-openssl-rand-base64-48',
    'replace-by-a-long-random-value',
    'another-long-random-value',
    'a-long-random-value',
    'the output of: openssl rand -base64 48',
    'the same as in turnserver.conf',
    '$(openssl rand -base64 48)',
    '\u0024{JWT_SECRET}',
    '$JWT_SECRET',
    '<your secret of at least 32 bytes here>',
    '{{ jwt_secret_of_the_relay_of_production }}',
    'changeme-changeme-changeme-changeme',
    'CHANGE_ME_TO_A_SECRET_OF_32_BYTES_OR_MORE',
    'your-256-bit-secret-your-256-bit-secret',
    'my-super-secret-key-that-is-long-enough-1',
    'example-secret-of-thirty-two-bytes-or-more',
    // What jwt.io shows, and the starter kits of others.
    'a-string-secret-at-least-256-bits-long',
    'a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long',
    'super-secret-jwt-token-with-at-least-32-characters-long',
    'thisisasecretkeyforthejwtofourapplication',
    'development-only-signing-key-of-the-relay',
    'default-secret-32-chars-for-signing-tokens',
    'keyboard cat keyboard cat, and some more of it',
    'insecure-jwt-signing-key-0123456789-abcdef',
  ]) {
    assert.ok(isPlaceholder(secret), secret);
  }
});

it('finds secrets of little variety', () => {
  for (const [secret, why] of [
    ['a'.repeat(32), /only 1 different character$/],
    ['ab'.repeat(20), /only 2 different characters/],
    ['aaaaaaaabbbbbbbbccccccccdddddddd', /only 4/],
    ['12345678901234567890123456789012', /repeats the same 10/],
    ['Password123!Password123!Password123!', /repeats the same 12/],
    ['0123456789abcdef0123456789abcdef', /repeats the same 16/],
    ['abcdefghijklmnopqrstuvwxyz012345', /neighbours/],
    ['qwertyuiopasdfghjklzxcvbnm123456', /neighbours/],
    ['azertyuiopqsdfghjklmwxcvbn987654', /neighbours/],
  ] as const) {
    assert.match(lackOfVariety(secret) ?? 'accepted', why, secret);
  }
});

it('takes every random secret, however it is written', () => {
  const decimal = () => Array.from({ length: 40 }, () => randomInt(10)).join('');
  for (let i = 0; i < 3000; i++) {
    for (const secret of [
      randomBytes(48).toString('base64'),
      randomBytes(32).toString('base64url'),
      randomBytes(16).toString('hex'),
      randomBytes(32).toString('hex'),
      decimal(),
    ]) {
      assert.ok(!isPlaceholder(secret), secret);
      assert.equal(lackOfVariety(secret), null, secret);
    }
  }
  assert.equal(lackOfVariety('correct horse battery staple, and a bit more'), null);
});

it('finds what nobody sees in a secret', () => {
  for (const [secret, what] of [
    ['abc\r', /carriage return/],
    ['abc\n', /line end/],
    ['\uFEFFabc', /U\+FEFF/],
    ['ab\u200Bc', /U\+200B/],
    ['ab\uFFFDc', /U\+FFFD, which stands for bytes that are no UTF-8/],
    [' abc', /space/],
    ['abc ', /space/],
  ] as const) {
    assert.match(hiddenInSecret(secret) ?? 'accepted', what);
  }
  assert.equal(hiddenInSecret('a b é #"$'), null);
});
