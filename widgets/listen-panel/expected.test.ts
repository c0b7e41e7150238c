import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RosterModel } from '../sessions/roster-model.ts';
import { readExpected } from './expected.ts';

describe('expected people', () => {
  it('are read, and nothing else of them', () => {
    assert.deepEqual(readExpected([{ id: 'a', name: 'Ada', team: 'Nord', phone: '1' }]), [
      { id: 'a', name: 'Ada', team: 'Nord' },
    ]);
    assert.deepEqual(readExpected(null), []);
  });

  it('are refused as a whole, with the place of what is wrong', () => {
    const refused: [unknown, RegExp][] = [
      ['Ada', /is no array/],
      [[{ id: 'a', name: 'Ada' }, null], /expected\[1\]\.id/],
      [[{ id: '', name: 'Ada' }], /expected\[0\]\.id/],
      [[{ id: 'a', name: 5 }], /expected\[0\]\.name/],
      [[{ id: 'a', name: 'x'.repeat(201) }], /1 to 200 characters/],
      [[{ id: 'a', name: 'Ada', team: {} }], /expected\[0\]\.team/],
      [
        [
          { id: 'a', name: 'Ada' },
          { id: 'a', name: 'Bob' },
        ],
        /twice: "a"/,
      ],
      [Array.from({ length: 2001 }, (_, index) => ({ id: `${index}`, name: 'x' })), /2001 people/],
    ];
    for (const [value, message] of refused) assert.throws(() => readExpected(value), { name: 'TypeError', message });
  });

  it('stand in the roster as offline, until the relay tells of them', () => {
    const roster = new RosterModel();
    roster.expect([
      { id: 'c2', name: 'Zoé', team: 'Sud' },
      { id: 'c1', name: 'Ada' },
    ]);
    const shown = () => roster.list.map(({ id, name, equipe, status }) => [id, name, equipe, status].join());
    assert.deepEqual(shown(), ['c1,Ada,,offline', 'c2,Zoé,Sud,offline']);
    assert.equal(roster.get('c2')?.name, 'Zoé');
    const row = { interruption: null, liveForMs: 5, level: 2, listenerCount: 0, helpForMs: null } as const;
    roster.delta(
      { changed: [{ ...row, id: 'c2', name: 'Zoé R.', equipe: 'Sud', status: 'live' }], levels: [], removed: [] },
      10,
    );
    assert.deepEqual(shown(), ['c2,Zoé R.,Sud,live', 'c1,Ada,,offline']);
    roster.delta({ changed: [], levels: [], removed: ['c2'] }, 20);
    assert.deepEqual(shown(), ['c1,Ada,,offline', 'c2,Zoé,Sud,offline']);
    roster.expect([]);
    assert.deepEqual(shown(), []);
  });
});
