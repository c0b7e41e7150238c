import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atLeast, atMost, same, shown } from './finding.ts';

test('a promise kept, missed within the bound, and missed', () => {
  const verdict = (value: number | null): [boolean, boolean, string] => {
    const finding = atMost('audio back', value, 2, 's', 10);
    return [finding.asPromised, finding.acceptable, finding.measured];
  };
  assert.deepEqual(verdict(1.234), [true, true, '1.2 s']);
  assert.deepEqual(verdict(3), [false, true, '3 s']);
  assert.deepEqual(verdict(11), [false, false, '11 s']);
  assert.deepEqual(verdict(null), [false, false, 'never']);
});

test('lower limits, equality, and figures that are only shown', () => {
  assert.equal(atLeast('nacks', 0, 1, 'packets').acceptable, false);
  assert.equal(atLeast('nacks', 143.7, 1, 'packets').measured, '144 packets');
  assert.equal(same('same producer', 'a', 'b').asPromised, false);
  assert.deepEqual(same('status', 'live', 'live'), {
    what: 'status',
    expected: 'live',
    measured: 'live',
    asPromised: true,
    acceptable: true,
  });
  assert.equal(shown('fec', 0.0512).measured, '0.051');
  assert.equal(shown('path', 'tcp').acceptable, true);
});
