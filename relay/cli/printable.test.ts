import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inLine, printable, withoutCredentials } from './printable.ts';

describe('what a terminal is given', () => {
  it('has its lines, and no control that does anything', () => {
    assert.equal(
      printable('a\tb\n\u001b[2Jc\u009b31m\r\u0007\u202e d\u007f'),
      'a\tb\n\\u001b[2Jc\\u009b31m\\u000d\\u0007\\u202e d\\u007f',
    );
    assert.equal(printable('Léa ✓ – “ok” 👍'), 'Léa ✓ – “ok” 👍');
    assert.deepEqual(JSON.parse(printable(JSON.stringify({ id: '\u009b1m' }))), { id: '\u009b1m' });
  });

  it('has foreign text in one line', () => {
    assert.equal(inLine('a\nready\u001b'), 'a\\u000aready\\u001b');
  });

  for (const [typed, shown] of [
    ['ftp://lea:hunter2@relay.example.com/x', 'ftp://…@relay.example.com/x'],
    ['lea:hunter2@relay.example.com', '…@relay.example.com'],
    ['https://lea:hun@ter2@relay.example.com:x', 'https://…@relay.example.com:x'],
    ['https:lea:hunter2@relay', '…@relay'],
    ['https://lea:hun/ter2@relay', 'https://…@relay'],
    ['relay.example.com/a', 'relay.example.com/a'],
  ] as const) {
    it(`tells nobody the password of ${shown}`, () => assert.equal(withoutCredentials(typed), shown));
  }
});
