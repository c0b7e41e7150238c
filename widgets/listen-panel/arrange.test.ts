import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commercial, team } from '../ui/testing/fake-sessions.ts';
import { arrange, type Choice, countOf, isGroup } from './arrange.ts';

const NOW = 10_000_000;
const choice: Choice = { query: '', filter: 'all', sort: 'status', byTeam: false, folded: [], pins: [] };
const rows = [...team(NOW), commercial('sam', { equipe: '', status: 'ready', helpSince: NOW })];
const lines = (patch: Partial<Choice>) =>
  arrange(rows, { ...choice, ...patch }).map((item) =>
    isGroup(item) ? `${item.team || '-'} ${item.live}/${item.count}${item.folded ? ' folded' : ''}` : item.id,
  );

describe('the lines of the list', () => {
  it('stand in the order of the roster; who asks for help first', () => {
    assert.deepEqual(lines({}), ['sam', 'nadia', 'jules', 'marie', 'omar', 'lea', 'paul', 'zoe']);
  });

  it('are filtered, and counted', () => {
    assert.deepEqual(lines({ filter: 'live' }), ['nadia', 'jules']);
    assert.deepEqual(lines({ filter: 'speaking' }), ['nadia']);
    assert.deepEqual(lines({ filter: 'help' }), ['sam']);
    assert.deepEqual(lines({ filter: 'live', query: 'jul' }), ['jules']);
    assert.deepEqual(
      (['all', 'live', 'speaking', 'help'] as const).map((filter) => countOf(rows, filter)),
      [8, 2, 1, 1],
    );
  });

  it('are sorted by name, or by how long they are live', () => {
    assert.deepEqual(lines({ sort: 'name' }), ['jules', 'lea', 'marie', 'nadia', 'omar', 'paul', 'sam', 'zoe']);
    assert.deepEqual(lines({ sort: 'longest' }).slice(0, 4), ['nadia', 'jules', 'marie', 'omar']);
    assert.deepEqual(lines({ sort: 'newest' }).slice(0, 4), ['jules', 'nadia', 'omar', 'marie']);
  });

  it('are grouped by team, with counts; folded ones without members, those without a team last', () => {
    assert.deepEqual(lines({ byTeam: true, folded: ['Nord'] }), [
      'Équipe Grand Ouest et Bretagne 0/1',
      'lea',
      'Nord 1/4 folded',
      'Sud 1/2',
      'jules',
      'zoe',
      '- 0/1',
      'sam',
    ]);
  });

  it('have the pinned ones on top, in any order and above all teams', () => {
    assert.deepEqual(lines({ pins: ['zoe', 'paul', 'gone'] }).slice(0, 3), ['paul', 'zoe', 'sam']);
    assert.deepEqual(lines({ pins: ['zoe'], byTeam: true }).slice(0, 2), ['zoe', 'Équipe Grand Ouest et Bretagne 0/1']);
  });
});
