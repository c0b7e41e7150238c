import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isolate } from './isolate.ts';

test('a name from right to left stands in an isolate, and no other', () => {
  assert.equal(isolate('דן'), '\u2068דן\u2069');
  assert.equal(isolate('Sami سامي'), '\u2068Sami سامي\u2069');
  for (const name of ['Léa Martin', 'Ζωή', '山田', 'आशा', '']) assert.equal(isolate(name), name);
});
