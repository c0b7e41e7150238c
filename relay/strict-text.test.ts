import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { decodeText, TextError, unseenCharacter } from './strict-text.ts';

it('reads text exactly, or refuses it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      let text: string;
      try {
        text = decodeText(bytes, { mark: 'refuse' });
      } catch (error) {
        assert(error instanceof TextError);
        return;
      }
      assert.deepEqual(Buffer.from(text), Buffer.from(bytes));
    }),
  );
});

it('says what the bytes are instead', () => {
  for (const [bytes, reason] of [
    [Buffer.from([0x61, 0x80]), /no text in UTF-8/],
    [Buffer.from('\uFEFFNODE_ENV', 'utf16le'), /UTF-16.*Save it as UTF-8/],
    [Buffer.from('a\0b'), /NUL/],
    [Buffer.from('\uFEFFa'), /byte order mark/],
  ] as const) {
    assert.throws(() => decodeText(bytes, { mark: 'refuse' }), reason);
  }
  assert.equal(decodeText(Buffer.from('\uFEFFa'), { mark: 'drop' }), 'a');
});

it('names what cannot be seen', () => {
  assert.equal(unseenCharacter('Prénom & #1 "x"'), null);
  assert.match(unseenCharacter('a\u202Eb') ?? '', /U\+202E/);
  for (const hidden of [
    '\u00A0',
    '\u3000',
    '\u2007',
    '\u3164',
    '\u115F',
    '\u2800',
    '\uFE0F',
    '\u034F',
    '\uE000',
    '\u{E0041}',
  ]) {
    assert.match(
      unseenCharacter(`a${hidden}b`) ?? '',
      /^the invisible character U\+/,
      hidden.codePointAt(0)?.toString(16),
    );
  }
  assert.match(unseenCharacter('a\ud800b') ?? '', /surrogate/);
});
