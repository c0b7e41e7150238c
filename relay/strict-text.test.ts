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
  assert.match(unseenCharacter('a\ud800b') ?? '', /surrogate/);
});
