import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isolate } from './isolate.ts';

test('a name from right to left stands in an isolate, and any in a sentence from right to left', () => {
  assert.equal(isolate('דן', 'ltr'), '\u2068דן\u2069');
  assert.equal(isolate('Sami سامي', 'ltr'), '\u2068Sami سامي\u2069');
  for (const name of ['Léa Martin', 'Ζωή', '山田', 'आशा', '']) assert.equal(isolate(name, 'ltr'), name);
  assert.equal(isolate('Léa Martin', 'rtl'), '\u2068Léa Martin\u2069');
});
