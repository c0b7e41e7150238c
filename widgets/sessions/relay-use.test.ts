import assert from 'node:assert/strict';
import { it } from 'node:test';
import { failureOf } from './relay-use.ts';

const blocked = { code: 'e2ee_worker_blocked', message: 'no worker' };
const required = { code: 'e2ee_required', message: 'sealed or not at all' };
const capacity = { code: 'capacity', message: 'full' };

it('of a refusal because a stream is sealed, why this page cannot open it is shown', () => {
  assert.equal(failureOf(required, { fault: blocked }), blocked);
  assert.equal(failureOf(required, { fault: null }), required);
  assert.equal(failureOf(required, undefined), required);
  assert.equal(failureOf(capacity, { fault: blocked }), capacity, 'any other comes first');
  assert.equal(failureOf(null, { fault: blocked }), blocked);
});
