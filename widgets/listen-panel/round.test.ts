import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { commercial } from '../ui/testing/fake-sessions.ts';
import { nextLive, Round, roundSeconds } from './round.ts';

describe('a round', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }));
  afterEach(() => mock.timers.reset());

  it('goes on after so many seconds, until it is ended', () => {
    let heard = 0;
    const changes: number[] = [];
    const round: Round = new Round({
      next: () => {
        heard += 1;
      },
      changed: () => changes.push(round.seconds),
    });
    round.start(20);
    assert.equal(heard, 1);
    mock.timers.tick(20_000);
    assert.equal(heard, 2);
    round.start(10);
    mock.timers.tick(10_000);
    assert.equal(heard, 4);
    round.stop();
    round.stop();
    mock.timers.tick(60_000);
    assert.deepEqual([heard, changes], [4, [20, 0, 10, 0]]);
  });

  it('has a length within bounds', () => {
    assert.deepEqual([1, 15, 99_999, Number.NaN, -4].map(roundSeconds), [3, 15, 3600, 20, 20]);
  });

  it('goes through the live ones in the order of the list, from its end to its beginning', () => {
    const live = (id: string) => commercial(id, { status: 'live' });
    const rows = [live('a'), commercial('b'), live('c')];
    const after = (id: string | null, shown = rows) => nextLive(shown, rows, id)?.id;
    assert.deepEqual([after(null), after('a'), after('c'), after('b')], ['a', 'c', 'a', 'a']);
    assert.equal(after('a', [commercial('b')]), 'c');
    assert.equal(nextLive([live('a')], [live('a')], 'a'), undefined);
    assert.equal(nextLive([], [], null), undefined);
  });
});
