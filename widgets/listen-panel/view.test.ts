import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sinceWords } from '../i18n/durations.ts';
import { wordsFor } from '../i18n/languages.ts';
import { lateFaultTexts } from '../i18n/late-fault-texts.ts';
import { NOT_LISTENING } from '../sessions/listening-parts.ts';
import type { ListeningState } from '../sessions/state.ts';
import { commercial, listeningStates, team } from '../ui/testing/fake-sessions.ts';
import { emptyWords, noticeOf, rosterPace } from './first-view.ts';
import { dockView, initialsOf, matching, noMatch, rowView } from './view.ts';

await lateFaultTexts.get();

const NOW = 10_000_000;
const words = wordsFor('en');
const states = listeningStates(NOW);
const state = (name: string): ListeningState => ({ ...NOT_LISTENING, ...states[name] });
const row = (id: string, of = state('ready'), pendingId: string | null = null) => {
  const found = of.commercials.find((one) => one.id === id) ?? commercial(id);
  return rowView(found, of, pendingId, words);
};

describe('a row', () => {
  it('says in words what a commercial does, and since when', () => {
    const since = (minutes: number) => sinceWords(NOW - minutes * 60_000, words);
    assert.equal(row('nadia').words, `Live ${since(12)}`);
    assert.equal(row('jules').words, `Live ${since(0.3)}`);
    // The stream's start is not the pause's.
    assert.equal(row('marie').words, 'Paused');
    assert.equal(row('omar').words, 'Interrupted');
    assert.equal(row('paul').words, 'Online');
    assert.equal(row('zoe').words, 'Offline');
    assert.equal(row('lea', state('waiting')).words, 'Waiting…');
  });

  it('says that the stream comes from a device', () => {
    const from = rowView(commercial('c9', { status: 'paused', device: true }), state('ready'), null, words);
    assert.equal(from.words, 'Paused · Device');
  });

  it('has a flag with the time while help is asked for', () => {
    const asking = state('help');
    assert.equal(row('jules', asking).help, `Asks for help ${sinceWords(NOW - 95_000, words)}`);
    assert.equal(row('nadia', asking).help, '');
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
    const nameless = rowView(commercial('c9', { name: '', level: 4, listenerCount: 1 }), state('ready'), null, words);
    assert.deepEqual([nameless.name, nameless.level, nameless.label], ['c9', 0, 'Listen to c9']);
  });

  it('shows no level that is no longer true, while the relay is away', () => {
    assert.equal(row('nadia', { ...state('ready'), online: false }).level, 0);
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
  it('holds words where there are no rows', () => {
    assert.equal(emptyWords(state('idle'), words), 'Waiting for your sign-in.');
    assert.equal(emptyWords(state('connecting'), words), 'Connecting…');
    assert.equal(emptyWords(state('empty'), words), 'Nobody here yet.');
    assert.equal(noMatch(' xyz ', words), 'Nobody matches “xyz”');
    // There is somebody, and what shows them is under way.
    assert.equal(emptyWords(state('ready'), words), 'Connecting…');
    assert.equal(emptyWords(state('refused'), words), 'Offline');
  });
});

describe('the dock', () => {
  const dock = (name: string) => dockView(state(name), words);
  it('is there while somebody is selected', () => {
    assert.equal(dock('ready'), null);
    assert.equal(dock('waiting')?.name, 'Léa Dubois');
  });

  it('says what it does', () => {
    assert.equal(dock('waiting')?.words, 'Waiting…');
    assert.equal(dock('joining')?.words, 'Connecting…');
    assert.equal(dock('listening')?.words, `Listening ${sinceWords(NOW - 133_000, words)}`);
    assert.equal(dock('paused')?.words, 'Paused');
    assert.equal(dock('interrupted')?.words, 'Network interrupted');
    assert.equal(dock('reconnecting')?.words, 'Reconnecting…');
    assert.equal(dock('blocked')?.words, 'Sound blocked by the browser');
  });

  it('promises no return of the sound beside a failure', () => {
    assert.equal(noticeOf(state('refused-live'), words, '')?.text, 'Your sign-in has ended. Sign in again to go on.');
    assert.deepEqual([dock('refused-live')?.words, dock('refused-live')?.turning], ['Interrupted', false]);
  });

  it('says of nobody that they are listened to while nothing opens what is sealed', () => {
    const { words: said, quality, level } = dock('cannot-decrypt') ?? {};
    assert.deepEqual([said, quality, level], ['Interrupted', null, 0]);
    assert.ok((dock('listening')?.level ?? 0) > 0);
  });

  it('turns a ring while something is under way', () => {
    const turning = Object.keys(states).filter((name) => dock(name)?.turning);
    assert.deepEqual(turning, ['waiting', 'joining', 'reconnecting']);
  });

  it('names the others who listen', () => {
    const plain = dockView(state('listening-together'), words)?.others.replaceAll(/[\u2066-\u2069]/g, '');
    assert.equal(plain, 'Anne Moreau, Bruno Petit, and Chloé Garnier are listening too.');
    assert.equal(dockView(state('listening'), words)?.others, '');
  });

  it('tells the quality while somebody is heard', () => {
    assert.equal(dock('listening')?.quality, 'good');
    assert.equal(dock('poor')?.quality, 'poor');
    assert.equal(dock('reconnecting')?.quality, null);
  });

  it('names an unknown selection by its id', () => {
    assert.equal(dockView({ ...state('ready'), status: 'waiting', selectedId: 'c404' }, words)?.name, 'c404');
  });
});

describe('the notice', () => {
  const notice = (name: string) => noticeOf(state(name), words, 'Chrome');
  it('tells failures, a lost relay and another tab; the dock alone tells of blocked sound', () => {
    assert.equal(notice('ready'), null);
    assert.deepEqual(notice('refused'), {
      text: 'Your sign-in was made for another service than this one. Only your administrator can mend this.',
      fault: true,
    });
    assert.equal(notice('reconnecting')?.text, 'Reconnecting…');
    assert.equal(notice('blocked'), null);
  });

  it('says quietly that somebody may be missing, unless there is something worse to say', () => {
    assert.deepEqual(notice('partial'), { text: 'Some colleagues may be missing for the moment.', fault: false });
    assert.equal(
      noticeOf(state('partial'), wordsFor('fr'), '')?.text,
      'Il manque peut-être des collègues pour l’instant.',
    );
    const both = { ...state('refused'), partial: true };
    assert.equal(noticeOf(both, words, '')?.fault, true);
    assert.equal(noticeOf({ ...state('reconnecting'), partial: true }, words, '')?.text, 'Reconnecting…');
  });
});

describe('the pace', () => {
  const before = state('listening');
  it('shows the roster twice a second, everything else at once, and renders nothing for the received level', () => {
    assert.equal(rosterPace({ ...before, level: 0.1 }, before), Number.POSITIVE_INFINITY);
    assert.equal(rosterPace({ ...before, level: 0.1, commercials: [] }, before), 550);
    assert.equal(rosterPace({ ...before, commercials: [], status: 'paused' }, before), 0);
    assert.equal(rosterPace({ ...before, muted: true }, before), 0);
  });
});
