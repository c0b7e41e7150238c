import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textTable } from './text-table.ts';

test('columns are as wide as their widest cell, numbers stand to the right, and no line ends in spaces', () => {
  const rows = [
    ['kind', 'cases', 'verdict'],
    ['floods', '7', ''],
    ['a', '12', 'kept'],
  ];
  assert.equal(textTable(rows, [1]), 'kind    cases  verdict\nfloods      7\na          12  kept');
  assert.equal(textTable(rows), 'kind    cases  verdict\nfloods  7\na       12     kept');
});
