import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PageTrace } from './page-trace.ts';

test('a page has a trace id without any SDK, and what it does ends without a word', () => {
  const [one, two] = [new PageTrace(), new PageTrace()];
  assert.match(one.id, /^[0-9a-f]{32}$/);
  assert.notEqual(one.id, two.id);
  const stretch = one.start('selection', { 'prospect.cause': 'first' });
  stretch.end();
  stretch.fail('no_packet');
});
