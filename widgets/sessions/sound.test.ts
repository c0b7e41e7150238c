import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { NOTHING_SAMPLED } from '../relay-client/peer-sample.ts';
import { Sound, type SoundState } from './sound.ts';
import { FakePlayer } from './testing/fake-media.ts';

const kept = new Map<string, string>();
beforeEach(() => {
  Object.defineProperty(globalThis, 'localStorage', {
    configurable: true,
    value: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    },
  });
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'localStorage');
  kept.clear();
});

function scene(player = new FakePlayer()) {
  const state: Partial<SoundState> = {};
  const sound = new Sound({ player, volume: 0.8, rememberVolume: () => {} }, (patch) => Object.assign(state, patch));
  return { player, sound, state };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const headset = { id: 'h1', label: 'Headset' };
const speakers = { id: '', label: 'Default' };

describe('the output', () => {
  it('that was chosen is used, remembered, left when it goes, and used again when it is back', async () => {
    const { player, sound, state } = scene();
    player.devices = [speakers, headset];
    await sound.lookOutputs();
    assert.deepEqual(state.outputs, [speakers, headset]);
    await sound.setOutput('h1');
    assert.deepEqual([player.output, state.output], ['h1', 'h1']);
    player.devices = [speakers];
    player.changed();
    await settle();
    assert.deepEqual([player.output, state.output], ['', '']);
    player.devices = [speakers, headset];
    player.changed();
    await settle();
    assert.deepEqual([player.output, state.output], ['h1', 'h1']);
    const later = scene(player);
    player.output = '';
    await settle();
    assert.equal(player.output, 'h1');
    later.sound.close();
    assert.equal(player.closed, true);
  });

  it('of the browser’s own picker is used; a picker that is closed changes nothing', async () => {
    const { player, sound } = scene();
    player.devices = [speakers, headset];
    await sound.setOutput(null);
    assert.equal(player.output, '');
    player.picked = 'h1';
    await sound.setOutput(null);
    assert.equal(player.output, 'h1');
  });
});

describe('levelling', () => {
  it('gives each one their gain at a switch, until it is turned off, which is remembered', () => {
    const { player, sound, state } = scene();
    for (let i = 0; i < 60; i += 1)
      sound.heard('loud', NOTHING_SAMPLED, { ...NOTHING_SAMPLED, duration: 0.1, energy: 0.004 });
    assert.ok(player.gain < 0.5);
    sound.turnTo('other');
    assert.equal(player.gain, 1);
    sound.turnTo('loud');
    assert.ok(player.gain < 0.5);
    sound.setLevelling(false);
    assert.deepEqual([player.gain, state.levelling], [1, false]);
    sound.turnTo('loud');
    assert.equal(player.gain, 1);
    assert.equal(scene().state.levelling, false);
  });
});
