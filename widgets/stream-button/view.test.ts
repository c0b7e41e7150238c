import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sinceWords } from '../i18n/durations.ts';
import { wordsFor } from '../i18n/languages.ts';
import { lateFaultTexts } from '../i18n/late-fault-texts.ts';
import type { StreamingState } from '../sessions/state.ts';
import { NOT_STREAMING } from '../sessions/streaming-parts.ts';
import { streamingStates } from '../ui/testing/fake-sessions.ts';
import { buttonView, listenerWords } from './view.ts';

await lateFaultTexts.get();

const words = wordsFor('en');
const states = streamingStates(1_000_000);
const view = (patch: Partial<StreamingState> | undefined) =>
  buttonView({ ...NOT_STREAMING, ...patch }, words, 'Chrome');

describe('the button', () => {
  it('does with a press what its state asks for', () => {
    const actions = Object.fromEntries(Object.entries(states).map(([name, patch]) => [name, view(patch).action]));
    assert.deepEqual(actions, {
      idle: 'none',
      refused: 'none',
      connecting: 'start',
      unreachable: 'start',
      ready: 'start',
      denied: 'start',
      replaced: 'start',
      starting: 'stop',
      live: 'stop',
      'live-alone': 'stop',
      'live-answered': 'stop',
      'live-help': 'stop',
      'live-ear': 'stop',
      'live-earpiece': 'stop',
      'live-whisper': 'stop',
      'live-echo': 'stop',
      'live-cue': 'stop',
      'live-many': 'stop',
      paused: 'stop',
      interrupted: 'stop',
      'needs-tap': 'recover',
      reconnecting: 'stop',
      'refused-live': 'stop',
      stopping: 'none',
      elsewhere: 'start',
      'elsewhere-paused': 'start',
      stopped: 'start',
      reloaded: 'start',
      asking: 'stop',
      'live-newcomer': 'stop',
      'live-uncertain': 'stop',
      'live-today': 'stop',
      'consent-wanted': 'start',
      'consent-sheet': 'start',
      'policy-live': 'stop',
      'policy-ending': 'stop',
      'policy-listening-over': 'stop',
      'policy-over': 'start',
      'key-missing': 'start',
      'door-card': 'stop',
      'door-card-minded': 'stop',
      'policy-minded': 'stop',
      'microphone-test': 'start',
      'live-sealed': 'stop',
    });
  });

  it('keeps its label while it is a toggle', () => {
    for (const [name, patch] of Object.entries(states)) {
      const { label, pressed } = view(patch);
      if (name === 'needs-tap') assert.deepEqual([label, pressed], ['Tap to resume', null]);
      else assert.equal(label, 'Share my audio live', name);
    }
    assert.equal(view(states.ready).pressed, false);
    assert.equal(view(states.live).pressed, true);
    assert.equal(view(states.stopping).pressed, false);
  });

  it('says who listens', () => {
    assert.deepEqual(view(states.live).lines, ['Anne Moreau is listening.']);
    assert.deepEqual(view(states['live-many']).lines, [
      'Anne Moreau, Bruno Petit, Chloé Garnier, and David Roux are listening.',
    ]);
    assert.deepEqual(view(states['live-alone']).lines, ['Nobody is listening. No sound leaves your device.']);
    assert.deepEqual(view({ ...states['live-alone'], sending: true }).lines, ['Nobody is listening.']);
    assert.equal(
      listenerWords({ status: 'live', sending: true, listeners: [{ id: 'a7', name: '' }] }, words),
      'a7 is listening.',
    );
    assert.deepEqual(view({ ...states.live, screenMayLock: true }).lines, [
      'Keep the screen on: a locked phone stops recording.',
      'Anne Moreau is listening.',
    ]);
    assert.deepEqual(view(states.paused).lines, ['Nobody hears you until you resume.', 'Waiting: Anne Moreau.']);
  });

  it('says who listens and hears nothing of what is sealed, and why; not while that is not known', () => {
    const listeners = [
      { id: 'a', name: 'Anna', cannotOpen: 'e2ee_cannot_decrypt' as const },
      { id: 'b7', name: '', cannotOpen: 'e2ee_key_missing' as const },
      { id: 'c', name: 'Chloé' },
    ];
    const said = [
      'Anna cannot hear you: their page has another key than yours.',
      'b7 cannot hear you: their page has no key for your sound, which is sealed from end to end.',
    ];
    const live = { ...states.live, listeners };
    assert.deepEqual(view(live).lines.slice(-2), said);
    assert.deepEqual(view(live).announced.slice(-2), said);
    for (const patch of [{ uncertain: true }, { status: 'paused' as const }])
      assert.ok(!view({ ...live, ...patch }).lines.some((line) => said.includes(line)));
  });

  it('reads out how many listen and who is new, where many do', () => {
    assert.deepEqual(view(states['live-many']).announced, ['4 listeners. David Roux is listening.']);
    assert.deepEqual(view(states.live).announced, view(states.live).lines);
  });

  it('names who has just left, live or not', () => {
    const recentListeners = [{ id: 'a', name: 'Anna' }];
    assert.deepEqual(view({ ...states['live-alone'], recentListeners }).lines, [
      'Nobody is listening. No sound leaves your device.',
      'Anna listened.',
    ]);
    assert.equal(view({ ...states.ready, recentListeners }).news, 'Anna listened.');
    assert.equal(view(states.live).news, '');
  });

  it('says so when managers see who speaks although nobody listens', () => {
    assert.deepEqual(view({ ...states['live-alone'], voiceShown: true }).lines, [
      'Nobody is listening. No sound leaves your device.',
      'Your managers see when you speak, also while nobody listens.',
    ]);
  });

  it('says since when it is live, and never passes the start of the stream off as that of a pause', () => {
    assert.equal(view(states.live).sentence, `Live ${sinceWords(1_000_000 - 754_000, words)}`);
    assert.equal(view(states.paused).sentence, 'Paused');
    assert.equal(view(states.ready).sentence, 'Not live');
  });

  it('promises no return of the sound beside a failure', () => {
    assert.deepEqual(view(states.reconnecting).lines, [
      'Network interrupted. Sound resumes by itself.',
      'Was listening: Anne Moreau.',
    ]);
    const { lines, fault, title } = view(states['refused-live']);
    assert.deepEqual(
      [lines, fault, title],
      [['Was listening: Anne Moreau.'], 'Your sign-in has ended. Sign in again to go on.', 'Interrupted'],
    );
  });

  it('says that the user is live elsewhere, and never that nobody hears them', () => {
    const { title, lines, elsewhere, open } = view(states.elsewhere);
    assert.deepEqual(
      [title, lines, elsewhere, open],
      ['Live elsewhere', ['You are live in another tab or on another device: continue here, or stop it.'], true, true],
    );
    assert.equal(view(states['elsewhere-paused']).title, 'Paused elsewhere');
    assert.equal(view({ ...states.live, elsewhere: states.elsewhere?.elsewhere ?? null }).title, 'Live');
  });

  it('says why it is not live any more, and that one tap is enough', () => {
    assert.deepEqual(view(states.stopped).lines, ['Stopped from another tab or device of yours.']);
    assert.deepEqual(view(states.reloaded).lines, ['Your live ended when the page reloaded. Tap to go on.']);
    assert.equal(view(states.reloaded).title, 'Not live');
    // The page that crashed still has the stream for its time of grace: it is the same story.
    const crashed = { ...states.reloaded, elsewhere: { status: 'interrupted', startedAt: 1 } } as const;
    assert.deepEqual([view(crashed).title, view(crashed).elsewhere], ['Not live', false]);
  });

  it('invites when the host wants it', () => {
    const invited = buttonView({ ...NOT_STREAMING, ...states.ready }, words, 'Chrome', { invited: true });
    assert.deepEqual([invited.title, invited.lines, invited.open], ['Not live', ['Tap to go live.'], true]);
  });

  it('has a failure for its title', () => {
    const titles = ['refused', 'unreachable', 'denied'].map((name) => view(states[name]).title);
    assert.deepEqual(titles, ['Sign-in not valid', 'No connection', 'Microphone not available']);
    const fault = (code: string) => view({ ...states.ready, fault: { code, message: '' } }).title;
    assert.deepEqual(['capacity', 'no_team', 'time_limit', 'microphone_unsupported'].map(fault), [
      'Service not available',
      'Not possible here',
      'Not live',
      'Not possible here',
    ]);
  });

  it('claims nothing of who listens while that is uncertain', () => {
    const { title, lines, announced, count, news, sentence } = view({
      ...states['live-uncertain'],
      newListeners: [{ id: 'a1', name: 'Anne Moreau' }],
    });
    assert.deepEqual([title, count, news], ['Connection uncertain', null, '']);
    assert.deepEqual(lines, ['Who listens is not known for the moment. Your sound goes on.']);
    assert.deepEqual(announced, lines);
    assert.match(sentence, /^Connection uncertain\. Live since /);
    assert.deepEqual(view({ ...states.paused, uncertain: true }).lines, [
      'Nobody hears you until you resume.',
      'Who listens is not known for the moment.',
    ]);
  });

  it('has a newcomer’s name for who sees the closed bubble alone', () => {
    assert.equal(view(states['live-newcomer']).news, 'Anne Moreau is listening.');
    assert.equal(view({ ...states['live-newcomer'], status: 'paused' }).news, '');
  });

  it('turns a ring while something is under way, not while only a person can go on', () => {
    const turning = Object.keys(states).filter((name) => view(states[name]).turning);
    assert.deepEqual(turning, ['connecting', 'unreachable', 'starting', 'reconnecting', 'stopping', 'asking']);
  });

  it('offers the privacy pause while the stream runs', () => {
    assert.deepEqual(view(states.live).pause, { paused: false, label: 'Privacy pause' });
    assert.deepEqual(view(states.paused).pause, { paused: true, label: 'Resume sound' });
    assert.equal(view(states.ready).pause, null);
    assert.equal(view(states.starting).pause, null);
  });

  it('says why a stream is interrupted', () => {
    assert.match(view(states.interrupted).lines[0] ?? '', /^Microphone interrupted/);
    assert.match(view({ ...states.interrupted, interruption: 'hidden' }).lines[0] ?? '', /background/);
    assert.match(view({ ...states.interrupted, interruption: 'relay' }).lines[0] ?? '', /^Network/);
    assert.deepEqual(view(states['needs-tap']).lines, ['Tap to resume', 'Waiting: Anne Moreau.']);
  });

  it('opens its bubble for a stream and for a failure, once per occasion', () => {
    assert.equal(view(states.ready).open, false);
    assert.equal(view(states.live).open, true);
    assert.equal(view(states.denied).open, true);
    assert.match(view(states.denied).fault ?? '', /may not use the microphone/);
    assert.equal(view(states.live).occasion, view(states.paused).occasion);
    assert.notEqual(view(states.live).occasion, view(states['needs-tap']).occasion);
    assert.notEqual(view(states.ready).occasion, view(states.denied).occasion);
  });
});
