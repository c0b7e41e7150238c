/** The admin's side of whispers among fakes: what is sent and when, what is said of it, and everything that ends it. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { ProspectError } from '../../shared/fault.ts';
import { FakePage } from '../../shared/testing/fake-page.ts';
import { FakeMicrophones, FakePeers } from '../testing/fake-media.ts';
import { admin, deferred, FakeRelay, settle } from '../testing/fake-relay.ts';
import type { WhisperState } from '../whisper-state.ts';
import { KEPT_MS, Whisperer } from './whisperer.ts';

const BEGUN = { id: 'w1', limitMs: 30_000 };

function setUp() {
  const relay = new FakeRelay();
  const peers = new FakePeers();
  const microphones = new FakeMicrophones();
  const page = new FakePage();
  const ducked: boolean[] = [];
  const states: WhisperState[] = [];
  relay.ready(admin('a1'));
  relay.drain();
  const whisperer = new Whisperer<string>({
    relay,
    page,
    log: () => {},
    sound: () => ({ duck: (on) => ducked.push(on), accompany: () => {} }),
    commit: (state) => states.push(state),
    openMicrophone: microphones.open,
    createPeer: peers.create,
  });
  whisperer.changed({ commercialId: 'c1', voice: true, cues: true, by: null });
  return { relay, peers, microphones, page, ducked, whisperer, state: () => states.at(-1) as WhisperState };
}

describe('an admin who whispers', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] }));
  afterEach(() => mock.timers.reset());

  it('is asked for the microphone by the first press, and is not heard before the relay says so', async () => {
    const { relay, peers, microphones, whisperer, ducked, state } = setUp();
    assert.equal(microphones.asked, 0);
    const begun = deferred<typeof BEGUN>();
    relay.answers['whisper:begin'] = () => begun.promise as never;
    const pressed = whisperer.press();
    assert.deepEqual([microphones.asked, state().phase, ducked], [1, 'asking', [true]]);
    await settle();
    assert.deepEqual(relay.drain(), ['whisper:offer connect', 'whisper:begin']);
    assert.equal(state().phase, 'asking');
    begun.resolve(BEGUN);
    await pressed;
    assert.deepEqual([state().phase, peers.last.sent], ['speaking', 'track1']);
    assert.ok(state().endsAt !== null);
  });

  it('sends nothing from the moment of letting go; the microphone is let go 30 s later', async () => {
    const { relay, peers, microphones, whisperer, ducked, state } = setUp();
    await whisperer.press();
    await settle();
    whisperer.release();
    assert.equal(peers.last.sent, null);
    await settle();
    assert.equal(relay.drain().at(-1), 'whisper:stop');
    assert.deepEqual([state().phase, state().ended, ducked], ['off', 'stopped', [true, false]]);
    mock.timers.tick(KEPT_MS - 1);
    assert.equal(microphones.live, 1);
    await whisperer.press();
    assert.equal(microphones.asked, 1, 'the same one');
    whisperer.release();
    mock.timers.tick(KEPT_MS);
    await settle();
    assert.deepEqual([microphones.live, peers.open, relay.drain().at(-1)], [0, 0, 'whisper:disconnect']);
  });

  it('a press that is over before the microphone is there begins nothing', async () => {
    const { relay, microphones, peers, whisperer, state } = setUp();
    const gate = deferred<void>();
    microphones.gate = () => gate.promise;
    const pressed = whisperer.press();
    whisperer.release();
    gate.resolve();
    await pressed;
    await settle();
    assert.ok(!relay.drain().includes('whisper:begin'));
    assert.deepEqual([state().phase, peers.last.sent], ['off', null]);
    mock.timers.tick(KEPT_MS);
    assert.equal(microphones.live, 0);
  });

  it('a press that is over while the relay begins is stopped there', async () => {
    const { relay, whisperer } = setUp();
    const begun = deferred<typeof BEGUN>();
    relay.answers['whisper:begin'] = () => begun.promise as never;
    const pressed = whisperer.press();
    await settle();
    whisperer.release();
    relay.drain();
    begun.resolve(BEGUN);
    await pressed;
    await settle();
    assert.deepEqual(relay.drain(), ['whisper:stop']);
  });

  it('who comes second is told who speaks', async () => {
    const { relay, whisperer, state } = setUp();
    const by = { id: 'a2', name: 'Sophie' };
    relay.answers['whisper:begin'] = () => {
      throw new ProspectError('whisper_busy', 'Sophie speaks');
    };
    whisperer.changed({ commercialId: 'c1', voice: true, cues: true, by });
    await whisperer.press();
    assert.deepEqual([state().phase, state().failure], ['off', { code: 'whisper_busy', by }]);
    mock.timers.tick(8_000);
    assert.equal(state().failure, null);
  });

  it('a microphone that is refused, or breaks, is said', async () => {
    const { microphones, peers, whisperer, state } = setUp();
    microphones.gate = async () => {
      throw new ProspectError('microphone_denied', 'no');
    };
    await whisperer.press();
    assert.deepEqual([state().phase, state().failure?.code], ['off', 'microphone_denied']);
    microphones.gate = async () => {};
    await whisperer.press();
    microphones.last.break('ended');
    assert.deepEqual([state().failure?.code, peers.last.sent], ['microphone_ended', null]);
  });

  for (const [what, end, reason] of [
    ['the commercial refuses', ({ relay }) => relay.emit('whisper:ended', { id: 'w1', reason: 'refused' }), 'refused'],
    ['the page is hidden', ({ page }) => page.emit('hidden'), 'hidden'],
    ['the connection is lost', ({ relay }) => relay.set('offline'), 'page_away'],
  ] as const satisfies readonly (readonly [string, (scene: ReturnType<typeof setUp>) => void, string])[]) {
    it(`ends when ${what}, and says why`, async () => {
      const scene = setUp();
      await scene.whisperer.press();
      assert.equal(scene.state().phase, 'speaking');
      end(scene);
      assert.deepEqual([scene.state().phase, scene.state().ended, scene.peers.last.sent], ['off', reason, null]);
    });
  }

  it('turning to somebody else ends it, and nothing is known of them yet', async () => {
    const { relay, whisperer, peers, state } = setUp();
    await whisperer.press();
    whisperer.turned();
    await settle();
    assert.equal(relay.drain().at(-1), 'whisper:stop');
    assert.deepEqual([state().voice, state().phase, peers.last.sent], [false, 'off', null]);
    await whisperer.press();
    assert.ok(!relay.drain().includes('whisper:begin'), 'not allowed');
  });

  it('a text is sent once the relay says that it is shown', async () => {
    const { relay, whisperer, state } = setUp();
    const shown = deferred<Record<string, never>>();
    relay.answers['whisper:cue'] = () => shown.promise as never;
    const sent = whisperer.send('Ask for the date');
    assert.equal(state().cue, 'sending');
    shown.resolve({});
    await sent;
    assert.equal(state().cue, 'sent');
    relay.answers['whisper:cue'] = () => {
      throw new ProspectError('whisper_not_shown', 'late');
    };
    await whisperer.send('Again');
    assert.deepEqual([state().cue, state().failure?.code], ['failed', 'whisper_not_shown']);
  });
});
