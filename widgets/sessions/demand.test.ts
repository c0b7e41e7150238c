import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Demand } from './demand.ts';

const ANNA = { id: 'a', name: 'Anna' };
const BEN = { id: 'b', name: 'Ben' };
const names = (people: readonly { name: string }[]) => people.map(({ name }) => name);

describe('demand', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('names who listened for a moment for some seconds more, each for their own time', () => {
    let changes = 0;
    const demand = new Demand(() => {
      changes += 1;
    });
    demand.update([ANNA, BEN], 0);
    demand.update([BEN], 0);
    mock.timers.tick(5_000);
    demand.update([], 0);
    assert.deepEqual(names(demand.people.recentListeners), ['Anna', 'Ben']);
    const before = changes;
    mock.timers.tick(3_100);
    assert.deepEqual(names(demand.people.recentListeners), ['Ben']);
    assert.ok(changes > before);
    mock.timers.tick(5_000);
    assert.deepEqual(demand.people, { listeners: [], recentListeners: [] });
  });

  it('does not say that somebody left who is there again', () => {
    const demand = new Demand(() => {});
    demand.update([ANNA], 0);
    demand.update([], 0);
    demand.update([ANNA], 0);
    assert.deepEqual(demand.people, { listeners: [ANNA], recentListeners: [] });
    mock.timers.tick(20_000);
    assert.deepEqual(demand.people, { listeners: [ANNA], recentListeners: [] });
  });

  it('names them also when the stream ends, and keeps the same lists while nothing changes', () => {
    const demand = new Demand(() => {});
    demand.update([ANNA], 0);
    demand.reset();
    assert.deepEqual(names(demand.people.recentListeners), ['Anna']);
    assert.equal(demand.wanted, false);
    assert.equal(demand.people.recentListeners, demand.people.recentListeners);
    let told = 0;
    const closed = new Demand(() => {
      told += 1;
    });
    closed.update([ANNA], 0);
    closed.reset();
    closed.close();
    mock.timers.tick(20_000);
    assert.equal(told, 1);
  });
});
