import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Demand, NEW_SHOWN_MS } from './demand.ts';

const ANNA = { id: 'a', name: 'Anna' };
const BEN = { id: 'b', name: 'Ben' };
const CARLA = { id: 'c', name: 'Carla' };
/** The whole list, as at the start of a stream. */
const all = (...joined: (typeof ANNA)[]) => ({ version: 1, since: null, joined, left: [] });
const names = (people: readonly { name: string }[]) => people.map(({ name }) => name);

describe('demand', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('names who listened for a moment for some seconds more, each for their own time', () => {
    let changes = 0;
    const demand = new Demand(() => {
      changes += 1;
    });
    demand.update(all(ANNA, BEN), 0);
    demand.update(all(BEN), 0);
    mock.timers.tick(5_000);
    demand.update(all(), 0);
    assert.deepEqual(names(demand.people.recentListeners), ['Anna', 'Ben']);
    const before = changes;
    mock.timers.tick(3_100);
    assert.deepEqual(names(demand.people.recentListeners), ['Ben']);
    assert.ok(changes > before);
    mock.timers.tick(5_000);
    assert.deepEqual(demand.people, { listeners: [], recentListeners: [], newListeners: [] });
  });

  it('does not say that somebody left who is there again', () => {
    const demand = new Demand(() => {});
    demand.update(all(ANNA), 0);
    demand.update(all(), 0);
    demand.update(all(ANNA), 0);
    assert.deepEqual([demand.listeners, demand.people.recentListeners], [[ANNA], []]);
    mock.timers.tick(20_000);
    assert.deepEqual([demand.listeners, demand.people.recentListeners], [[ANNA], []]);
  });

  it('names them also when the stream ends, and keeps the same lists while nothing changes', () => {
    const demand = new Demand(() => {});
    demand.update(all(ANNA), 0);
    demand.reset();
    assert.deepEqual(names(demand.people.recentListeners), ['Anna']);
    assert.equal(demand.wanted, false);
    assert.equal(demand.people.recentListeners, demand.people.recentListeners);
    let told = 0;
    const closed = new Demand(() => {
      told += 1;
    });
    closed.update(all(ANNA), 0);
    closed.reset();
    closed.close();
    mock.timers.tick(20_000);
    assert.equal(told, 1);
  });

  it('names who has begun for some seconds, each for their own time, and nobody who has gone again', () => {
    const demand = new Demand(() => {});
    demand.update(all(ANNA), 0);
    mock.timers.tick(NEW_SHOWN_MS - 1_000);
    demand.update(all(ANNA, BEN), 0);
    assert.deepEqual(names(demand.people.newListeners), ['Anna', 'Ben']);
    mock.timers.tick(1_000);
    assert.deepEqual(names(demand.people.newListeners), ['Ben']);
    demand.update(all(ANNA), 0);
    assert.deepEqual(names(demand.people.newListeners), []);
    demand.hold();
    demand.update(all(ANNA), 0);
    assert.deepEqual(names(demand.people.newListeners), [], 'of a session at another node');
    demand.close();
  });

  it('follows changes of the list that it holds, in the order in which people came', () => {
    const demand = new Demand(() => {});
    demand.update(all(ANNA, BEN), 0);
    assert.equal(
      demand.update({ version: 2, since: 1, joined: [{ id: 'a', name: 'Anne' }, CARLA], left: ['b'] }, 0),
      true,
    );
    assert.deepEqual(names(demand.listeners), ['Anne', 'Carla']);
    assert.deepEqual(names(demand.people.recentListeners), ['Ben']);
    demand.update({ version: 3, since: 2, joined: [], left: ['a', 'c'] }, 0);
    assert.deepEqual(demand.listeners, []);
  });

  it('changes nothing for a change of another list: what would be shown then is not who listens', () => {
    const demand = new Demand(() => {});
    assert.equal(demand.update({ version: 8, since: 7, joined: [CARLA], left: [] }, 0), false);
    demand.update({ ...all(ANNA), version: 9 }, 0);
    assert.equal(demand.update({ version: 8, since: 7, joined: [CARLA], left: ['a'] }, 0), false);
    assert.deepEqual(names(demand.listeners), ['Anna']);
    demand.reset();
    assert.equal(
      demand.update({ version: 10, since: 9, joined: [CARLA], left: [] }, 0),
      false,
      'of a stream that is over',
    );
    assert.deepEqual(demand.listeners, []);
    assert.equal(demand.wanted, false);
  });
});
