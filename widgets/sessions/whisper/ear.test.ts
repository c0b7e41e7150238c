/** The commercial's side of whispers among fakes: opt-in, what is heard and shown, and everything that ends it. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { WhisperFault } from '../../../relay/protocol/whisper-messages.ts';
import type { EarPlayer } from '../../audio/ear-player.ts';
import { ECHO_FRAME_MS } from '../../audio/echo-guard.ts';
import { FakePeers } from '../testing/fake-media.ts';
import { commercial, FakeRelay, settle } from '../testing/fake-relay.ts';
import type { EarState } from '../whisper-state.ts';
import { Ear } from './ear.ts';

const NADIA = { id: 'a1', name: 'Nadia' };
const WHISPER = { id: 'w1', by: NADIA, limitMs: 30_000 };

class FakeEarPlayer implements EarPlayer<string> {
  primed = false;
  audible = false;
  track: string | null = null;
  loudness = { played: 0, heard: 0 };
  prime = () => {
    this.primed = true;
  };
  attach = (track: string) => {
    this.track = track;
  };
  speak = () => {
    this.audible = true;
  };
  hush = () => {
    this.audible = false;
  };
  levels = () => this.loudness;
  close = () => {
    this.audible = this.primed = false;
  };
}

function setUp() {
  const relay = new FakeRelay();
  const peers = new FakePeers();
  const player = new FakeEarPlayer();
  const allowed: string[] = [];
  relay.answers['whisper:allow'] = ({ voice, cues }: { voice: boolean; cues: boolean }) => {
    allowed.push(`voice ${voice} cues ${cues}`);
    return {};
  };
  const shown: string[] = [];
  relay.answers['whisper:shown'] = ({ id }: { id: string }) => {
    shown.push(id);
    return {};
  };
  const stops: (WhisperFault | undefined)[] = [];
  relay.answers['whisper:stop'] = ({ reason }: { reason?: WhisperFault | undefined }) => {
    stops.push(reason);
    return {};
  };
  const stage = { live: true };
  const states: EarState[] = [];
  relay.ready(commercial('c1'));
  relay.drain();
  const ear = new Ear<string>({
    relay,
    log: () => {},
    microphone: () => 'microphone',
    isLive: () => stage.live,
    createPeer: (servers, onState) => peers.create(servers, onState),
    player,
    commit: (state) => states.push(state),
  });
  const state = (): EarState => states.at(-1) as EarState;
  return { relay, peers, player, allowed, shown, stops, stage, ear, state };
}

describe('the ear of a commercial', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] }));
  afterEach(() => mock.timers.reset());

  it('is off until the user wants it, primes the player within the tap, and is on once the relay and the path say so', async () => {
    const { ear, relay, peers, player, allowed, state } = setUp();
    assert.deepEqual([state().voice, state().cues, peers.all.length], ['off', true, 0]);
    ear.setVoice(true);
    assert.ok(player.primed, 'nothing was awaited before');
    assert.equal(state().voice, 'connecting');
    await settle();
    assert.deepEqual(relay.drain(), ['whisper:connect connect', 'whisper:answer', 'whisper:allow']);
    assert.deepEqual(allowed, ['voice true cues true']);
    assert.equal(state().voice, 'on');
    peers.last.set('disconnected');
    mock.timers.tick(3_000);
    assert.equal(state().voice, 'connecting', 'what is not connected is not on');
  });

  it('one tap takes it back: silence at once, the relay is told, the connection is closed', async () => {
    const { ear, relay, peers, player, allowed, state } = setUp();
    ear.setVoice(true);
    await settle();
    relay.emit('whisper:began', WHISPER);
    assert.ok(player.audible);
    ear.setVoice(false);
    assert.deepEqual([player.audible, state().voice, state().speaking], [false, 'off', null]);
    assert.equal(state().ended?.reason, 'refused');
    await settle();
    assert.equal(allowed.at(-1), 'voice false cues true');
    assert.equal(relay.drain().at(-1), 'whisper:disconnect');
    assert.equal(peers.open, 0);
  });

  it('says that it did not come about, and is off then', async () => {
    const { ear, relay, peers, state } = setUp();
    relay.answers['whisper:connect'] = () => {
      throw new Error('no');
    };
    ear.setVoice(true);
    await settle();
    assert.deepEqual([state().voice, state().failed, peers.open], ['off', true, 0]);
  });

  it('has who speaks in its state before it acknowledges, acknowledges once, and is silent when it is over', async () => {
    const { ear, relay, player, shown, state } = setUp();
    ear.setVoice(true);
    await settle();
    relay.emit('whisper:began', WHISPER);
    assert.deepEqual(state().speaking, { id: 'w1', by: NADIA });
    await settle();
    assert.deepEqual(shown, [], 'the page has not shown it yet');
    ear.shown('other');
    ear.shown('w1');
    ear.shown('w1');
    await settle();
    assert.deepEqual(shown, ['w1']);
    relay.emit('whisper:ended', { id: 'other', reason: 'stopped' });
    assert.ok(player.audible);
    relay.emit('whisper:ended', { id: 'w1', reason: 'time_limit' });
    assert.deepEqual([player.audible, state().speaking, state().ended?.reason], [false, null, 'time_limit']);
    mock.timers.tick(10_000);
    assert.equal(state().ended, null);
  });

  it('a voice that begins when it was revoked is refused, and not played', async () => {
    const { relay, player, stops } = setUp();
    relay.emit('whisper:began', WHISPER);
    await settle();
    assert.deepEqual([player.audible, stops], [false, [undefined]]);
  });

  it('the user ends what is said now, and goes on wearing the earpiece', async () => {
    const { ear, relay, player, stops, state } = setUp();
    ear.setVoice(true);
    await settle();
    relay.emit('whisper:began', WHISPER);
    ear.stop();
    await settle();
    assert.deepEqual([player.audible, stops, state().voice], [false, [undefined], 'on']);
  });

  it('stops what the microphone hears, with that reason', async () => {
    const { ear, relay, player, stops, state } = setUp();
    ear.setVoice(true);
    await settle();
    relay.emit('whisper:began', WHISPER);
    let frame = 0;
    player.levels = () => {
      frame += 1;
      const played = 0.02 + 0.08 * Math.abs(Math.sin(frame * 0.7) * Math.cos(frame * 0.31));
      return { played, heard: played * 0.4 };
    };
    mock.timers.tick(60 * ECHO_FRAME_MS);
    await settle();
    assert.deepEqual([player.audible, stops, state().ended?.reason], [false, ['echo'], 'echo']);
  });

  it('what is lost ends it in words, and a new stream or session at the relay is told again what is allowed', async () => {
    const { ear, relay, player, allowed, state } = setUp();
    ear.setVoice(true);
    await settle();
    relay.emit('whisper:began', WHISPER);
    relay.set('offline');
    assert.deepEqual([player.audible, state().ended?.reason], [false, 'page_away']);
    relay.ready(commercial('c1'), { resumed: true, hasMedia: true });
    await settle();
    assert.equal(allowed.length, 2, 'resumed');
    relay.set('offline');
    relay.ready(commercial('c1'));
    await settle();
    assert.equal(allowed.length, 2, 'no stream there yet');
    ear.begun();
    assert.equal(state().voice, 'connecting');
    await settle();
    assert.deepEqual([allowed.at(-1), state().voice], ['voice true cues true', 'on']);
  });

  it('the next stream begins with no voice and with texts', async () => {
    const { ear, relay, peers, stage, allowed, state } = setUp();
    ear.setVoice(true);
    ear.setCues(false);
    await settle();
    stage.live = false;
    ear.over();
    await settle();
    assert.deepEqual([state().voice, state().cues, peers.open], ['off', true, 0]);
    ear.setVoice(true);
    assert.equal(state().voice, 'off', 'without a stream there is nothing to allow');
    stage.live = true;
    relay.drain();
    const told = allowed.length;
    ear.begun();
    await settle();
    assert.deepEqual([relay.drain(), allowed.length], [[], told], 'the relay begins with the same');
  });

  it('shows a text until it is closed, or the next one comes', async () => {
    const { ear, relay, shown, state } = setUp();
    relay.emit('whisper:cued', { id: 'k1', by: NADIA, text: 'Ask for the date' });
    assert.equal(state().cue?.text, 'Ask for the date');
    ear.shown('k1');
    await settle();
    assert.deepEqual(shown, ['k1']);
    mock.timers.tick(600_000);
    assert.equal(state().cue?.id, 'k1');
    relay.emit('whisper:cued', { id: 'k2', by: NADIA, text: 'Good' });
    assert.equal(state().cue?.id, 'k2');
    ear.closeCue();
    assert.equal(state().cue, null);
  });
});
