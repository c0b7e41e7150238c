import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExpectedPeople } from './expected-people.ts';
import { admin, FakeRelay } from './testing/fake-relay.ts';

const person = (id: string, name = id) => ({ id, name, equipe: 'nord' });

function scene() {
  const relay = new FakeRelay();
  const told: string[] = [];
  const people = new ExpectedPeople(relay, (all) =>
    told.push(all.map(({ name, team }) => `${name} ${team}`).join(', ')),
  );
  return { relay, told, people };
}

describe('expected people', () => {
  it('are those of the claim and of the property, which goes before', () => {
    const { relay, told, people } = scene();
    relay.expected = [person('lea'), person('paul')];
    relay.ready(admin('a1'));
    people.set([{ id: 'paul', name: 'Paul M.', team: 'sud' }]);
    assert.deepEqual(told, ['lea nord, paul nord', 'lea nord, paul nord, Paul M. sud']);
  });

  it('follow a new token, and leave with it', () => {
    const { relay, told } = scene();
    relay.expected = [person('lea')];
    relay.ready(admin('a1'));
    assert.ok(relay.session);
    relay.session = { ...relay.session, expected: [person('zoe')] };
    relay.set('online');
    relay.set('offline');
    relay.setToken(null);
    assert.deepEqual(told, ['lea nord', 'zoe nord', '']);
  });

  it('are nobody, and nothing changes, where the relay tells of none', () => {
    const { relay, told } = scene();
    relay.ready(admin('a1'));
    relay.setToken(null);
    assert.deepEqual(told, []);
  });
});
