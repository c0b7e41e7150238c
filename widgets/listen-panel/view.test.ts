import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { translatorFor } from '../i18n/translator.ts';
import type { ListeningState } from '../sessions/state.ts';
import { commercial, listeningStates, team } from '../ui/testing/fake-sessions.ts';
import { bodyOf, dockView, initialsOf, matching, NO_SESSION, noticeOf, rowView } from './view.ts';

const NOW = 10_000_000;
const words = translatorFor('en');
const states = listeningStates(NOW);
const state = (name: string): ListeningState => ({ ...NO_SESSION, ...states[name] });
const row = (id: string, of = state('ready'), pendingId: string | null = null) => {
  const found = of.commercials.find((one) => one.id === id) ?? commercial(id);
  return rowView(found, of, pendingId, NOW, words);
};

describe('a row', () => {
  it('says in words what a commercial does, and since when', () => {
    assert.equal(row('nadia').status, 'Live for 12\u00a0min');
    assert.equal(row('jules').status, 'Live just now');
    assert.equal(row('marie').status, 'Paused for 1\u00a0h\u00a005');
    assert.equal(row('omar').status, 'Interrupted for 4\u00a0min');
    assert.equal(row('paul').status, 'Not streaming');
    assert.equal(row('zoe').status, 'Offline');
    assert.equal(row('lea', state('waiting')).status, 'Waiting…');
  });

  it('has a constant label, and is pressed while selected', () => {
    assert.deepEqual([row('nadia').label, row('nadia').pressed], ['Listen to Nadia Benali', false]);
    const heard = row('nadia', state('listening'));
    assert.deepEqual([heard.label, heard.pressed, heard.waiting], ['Listen to Nadia Benali', true, false]);
  });

  it('turns a ring until the sound is there', () => {
    assert.equal(row('nadia', state('joining')).waiting, true);
    assert.equal(row('lea', state('waiting')).waiting, true);
    assert.equal(row('nadia', state('ready'), 'nadia').waiting, true);
    assert.equal(row('jules', state('joining')).waiting, false);
  });

  it('shows a level only for who is live, and an id where there is no name', () => {
    assert.equal(row('nadia').level, 3);
    const nameless = rowView(
      commercial('c9', { name: '', level: 4, listenerCount: 1 }),
      state('ready'),
      null,
      NOW,
      words,
    );
    assert.deepEqual([nameless.name, nameless.level, nameless.listenersLabel], ['c9', 0, '1 listener']);
  });
});

describe('initials', () => {
  it('are those of the first and the last name', () => {
    assert.equal(initialsOf('Nadia Benali'), 'NB');
    assert.equal(initialsOf('Marie-Charlotte de La Tour'), 'MT');
    assert.equal(initialsOf('  zoé '), 'Z');
    assert.equal(initialsOf('𝒜da'), '𝒜');
    assert.equal(initialsOf(''), '?');
  });
});

describe('the search', () => {
  it('finds by name and team, whatever accents and capitals', () => {
    const ids = (query: string) => matching(team(NOW), query).map(({ id }) => id);
    assert.deepEqual(ids('LEA'), ['lea']);
    assert.deepEqual(ids('lefevre'), ['jules']);
    assert.deepEqual(ids('sud'), ['jules', 'zoe']);
    assert.deepEqual(ids('sud zoé'), ['zoe']);
    assert.equal(ids('  ').length, team(NOW).length);
    assert.deepEqual(ids('nobody'), []);
  });
});

describe('the place of the list', () => {
  const body = (name: string, query = '') => {
    const of = state(name);
    return bodyOf(of, matching(of.commercials, query), query, words);
  };
  it('holds rows, shapes or words', () => {
    assert.equal(body('ready'), 'rows');
    assert.equal(body('connecting'), 'skeleton');
    assert.deepEqual(body('empty'), {
      title: 'No rep here yet',
      text: 'The reps of your teams appear here when they connect.',
    });
    assert.deepEqual(body('ready', ' xyz '), { title: 'Nobody matches “xyz”', text: null });
    assert.deepEqual(body('refused'), { title: 'Not connected', text: null });
  });
});

describe('the dock', () => {
  const dock = (name: string) => dockView(state(name), words);
  it('is there while somebody is selected', () => {
    assert.equal(dock('ready'), null);
    assert.equal(dock('waiting')?.name, 'Léa Dubois');
  });

  it('says what it does', () => {
    assert.equal(dock('waiting')?.status, 'Waiting for the stream…');
    assert.equal(dock('joining')?.status, 'Connecting the sound…');
    assert.equal(dock('listening')?.status, 'Listening');
    assert.equal(dock('paused')?.status, 'Paused');
    assert.equal(dock('interrupted')?.status, 'Network interrupted');
    assert.equal(dock('reconnecting')?.status, 'Reconnecting…');
    assert.deepEqual([dock('blocked')?.blocked, dock('listening')?.blocked], [true, false]);
  });

  it('runs a clock while somebody is heard, and tells the quality', () => {
    assert.equal(dock('waiting')?.since, null);
    assert.equal(dock('listening')?.since, NOW - 133_000);
    assert.equal(dock('poor')?.qualityLabel, 'Connection: poor');
    assert.equal(dock('reconnecting')?.quality, 'unknown');
  });

  it('names an unknown selection by its id', () => {
    assert.equal(dockView({ ...state('ready'), status: 'waiting', selectedId: 'c404' }, words)?.name, 'c404');
  });
});

describe('the notice', () => {
  const notice = (name: string) => noticeOf(state(name), words, 'Chrome');
  it('tells failures, a lost relay and another tab; the dock alone tells of blocked sound', () => {
    assert.equal(notice('ready'), null);
    assert.deepEqual([notice('refused')?.fault, notice('refused')?.icon], [true, 'alert']);
    assert.equal(notice('reconnecting')?.text, 'Reconnecting…');
    assert.equal(notice('replaced')?.text, 'You are now listening in another tab.');
    assert.equal(notice('blocked'), null);
  });
});
