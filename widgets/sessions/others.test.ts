import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Others } from './others.ts';
import { admin, FakeRelay } from './testing/fake-relay.ts';

const ada = { id: 'ada', name: 'Ada' };
const ben = { id: 'ben', name: 'Ben' };

it('the others are those of the selected commercial, as the relay’s changes make them, and nobody after a new connection', () => {
  const relay = new FakeRelay();
  let changes = 0;
  const others = new Others(relay, () => {
    changes += 1;
  });
  relay.emit('listen:others', { commercialId: 'c1', reset: true, joined: [ada, ben], left: [] });
  assert.deepEqual(others.of('c1'), [ada, ben]);
  assert.deepEqual(others.of('c2'), []);
  relay.emit('listen:others', {
    commercialId: 'c1',
    reset: false,
    joined: [{ ...ben, name: 'Benoît' }],
    left: ['ada'],
  });
  assert.deepEqual(others.of('c1'), [{ id: 'ben', name: 'Benoît' }]);
  assert.equal(others.of('c1'), others.of('c1'));
  relay.emit('listen:others', { commercialId: 'c2', reset: false, joined: [ada], left: [] });
  assert.deepEqual([others.of('c1'), others.of('c2')], [[], [ada]]);
  relay.ready(admin('a1'));
  assert.deepEqual(others.of('c2'), []);
  assert.equal(changes, 4);
});
