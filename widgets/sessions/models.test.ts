import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RosterEntry } from '../../relay/protocol/messages.ts';
import { NOTHING_SAMPLED, type PeerSample } from '../relay-client/peer-sample.ts';
import { listeningStatus } from './listening-status.ts';
import { ReceptionModel, receivedDelay, receivedLevel, receivedQuality } from './reception.ts';
import { RosterModel } from './roster-model.ts';
import { streamingStatus } from './streaming-status.ts';

const entry = (id: string, more: Partial<RosterEntry> = {}): RosterEntry => ({
  id,
  name: id,
  equipe: 'nord',
  status: 'ready',
  interruption: null,
  liveForMs: null,
  level: 0,
  listenerCount: 0,
  helpForMs: null,
  ...more,
});

describe('roster model', () => {
  const ids = (roster: RosterModel) => roster.list.map(({ id }) => id);

  it('sorts live first, then paused, ready, offline; by name inside, as people do', () => {
    const roster = new RosterModel();
    roster.snapshot(
      [
        entry('1', { name: 'zoe' }),
        entry('2', { name: 'Émile', status: 'paused' }),
        entry('3', { name: 'Eva', status: 'live' }),
        entry('4', { name: 'Ali', status: 'offline' }),
        entry('5', { name: 'adam' }),
      ],
      0,
    );
    assert.deepEqual(ids(roster), ['3', '2', '5', '1', '4']);
    assert.equal(roster.anyLive, true);
    assert.ok(Object.isFrozen(roster.list) && roster.list.every(Object.isFrozen));
  });

  it('follows changes and removals', () => {
    const roster = new RosterModel();
    roster.snapshot([entry('a'), entry('b')], 0);
    roster.delta({ changed: [entry('b', { status: 'live', liveForMs: 1_000 })], levels: [], removed: [] }, 5_000);
    assert.deepEqual(ids(roster), ['b', 'a']);
    assert.equal(roster.get('b')?.startedAt, 4_000);
    roster.delta({ changed: [], levels: [], removed: ['b', 'unknown'] }, 6_000);
    assert.deepEqual(ids(roster), ['a']);
    assert.equal(roster.anyLive, false);
  });

  it('keeps every other row as it is when only a level changes', () => {
    const roster = new RosterModel();
    roster.snapshot([entry('a', { status: 'live', liveForMs: 0 }), entry('b')], 0);
    const [, other] = roster.list;
    const levels = [{ id: 'a', level: 3 } as const, { id: 'unknown', level: 1 } as const];
    roster.delta({ changed: [], levels, removed: [] }, 1_000);
    assert.equal(roster.list[0]?.level, 3);
    assert.ok(Object.isFrozen(roster.list[0]));
    assert.equal(roster.list[1], other);
    const changed = [entry('a', { status: 'live', liveForMs: 1_300, level: 2 })];
    roster.delta({ changed, levels: [], removed: [] }, 1_000);
    assert.equal(roster.list[0]?.level, 2);
    assert.equal(roster.list[0]?.startedAt, 0, 'the clock does not jump for the time a message travels');
    assert.equal(roster.list[1], other);
    assert.equal(roster.list.length, 2);
  });
});

describe('reception', () => {
  const zero: PeerSample = { ...NOTHING_SAMPLED, roundTrip: 0.05 };

  it('puts loudness on a scale from silence to full', () => {
    assert.equal(receivedLevel(zero, { ...zero, duration: 0.1 }), 0);
    assert.equal(receivedLevel(zero, { ...zero, duration: 0.1, energy: 0.1 }), 1);
    const speech = receivedLevel(zero, { ...zero, duration: 0.1, energy: 0.0001 });
    assert.ok(speech > 0.4 && speech < 0.6);
    assert.equal(receivedLevel({ ...zero, energy: 5, duration: 9 }, { ...zero, energy: 1, duration: 1 }), 0);
  });

  it('judges loss, jitter and delay', () => {
    const after = { ...zero, packetsReceived: 50 };
    assert.equal(receivedQuality(zero, after), 'good');
    assert.equal(receivedQuality(zero, { ...after, packetsLost: 3 }), 'fair');
    assert.equal(receivedQuality(zero, { ...after, packetsLost: 10 }), 'poor');
    assert.equal(receivedQuality(zero, { ...after, jitter: 0.05 }), 'fair');
    assert.equal(receivedQuality(zero, { ...after, roundTrip: 1 }), 'poor');
    assert.equal(receivedQuality(zero, { ...after, roundTrip: null }), 'good');
    assert.equal(receivedQuality(zero, zero), 'unknown');
  });

  it('computes how old the sound is from the jitter buffer and half a round trip', () => {
    const after = { ...zero, buffered: 4_800 * 0.36, emitted: 4_800, roundTrip: 0.1 };
    assert.equal(receivedDelay(zero, after), 0.4);
    assert.equal(receivedDelay(zero, { ...after, roundTrip: null }), null);
    assert.equal(receivedDelay(after, after), null, 'nothing was played');
  });

  it('calls it poor when nothing comes any more', () => {
    const model = new ReceptionModel();
    let now = 0;
    const second = (packetsReceived: number) => {
      now += 1_000;
      return model.push({ ...zero, packetsReceived }, now).quality;
    };
    assert.deepEqual(
      [second(50), second(100), second(100), second(100), second(100)],
      ['unknown', 'good', 'good', 'good', 'poor'],
    );
    assert.equal(second(150), 'good');
    assert.deepEqual(model.reset(), { level: 0, quality: 'unknown', delay: null });
  });
});

describe('one status from the facts', () => {
  it('streaming', () => {
    const facts = { phase: 'live', relay: 'online', media: 'connected', paused: false, captureLost: false } as const;
    assert.equal(streamingStatus(facts), 'live');
    assert.equal(streamingStatus({ ...facts, relay: 'offline' }), 'live');
    assert.equal(streamingStatus({ ...facts, relay: 'refused' }), 'reconnecting');
    assert.equal(streamingStatus({ ...facts, media: 'recovering' }), 'reconnecting');
    assert.equal(streamingStatus({ ...facts, media: 'connecting' }), 'live');
    assert.equal(streamingStatus({ ...facts, media: 'connecting', relay: 'offline' }), 'reconnecting');
    assert.equal(streamingStatus({ ...facts, paused: true }), 'paused');
    assert.equal(streamingStatus({ ...facts, captureLost: true, media: 'recovering' }), 'interrupted');
    assert.equal(streamingStatus({ ...facts, phase: 'off', media: 'closed' }), 'ready');
    assert.equal(streamingStatus({ ...facts, phase: 'off', relay: 'offline' }), 'connecting');
    assert.equal(streamingStatus({ ...facts, phase: 'off', relay: 'refused' }), 'idle');
    assert.equal(streamingStatus({ ...facts, phase: 'stopping' }), 'stopping');
  });

  it('listening', () => {
    const facts = { selection: 'live', relay: 'online', media: 'connected', blocked: false } as const;
    assert.equal(listeningStatus(facts), 'listening');
    assert.equal(listeningStatus({ ...facts, blocked: true }), 'blocked');
    assert.equal(listeningStatus({ ...facts, media: 'connecting' }), 'joining');
    assert.equal(listeningStatus({ ...facts, media: 'closed', relay: 'offline' }), 'reconnecting');
    assert.equal(listeningStatus({ ...facts, relay: 'offline' }), 'listening');
    assert.equal(listeningStatus({ ...facts, relay: 'refused' }), 'reconnecting');
    assert.equal(listeningStatus({ ...facts, selection: 'waiting', blocked: true }), 'waiting');
    assert.equal(listeningStatus({ ...facts, selection: null, relay: 'offline' }), 'connecting');
    assert.equal(listeningStatus({ ...facts, selection: null, relay: 'idle' }), 'idle');
  });
});
