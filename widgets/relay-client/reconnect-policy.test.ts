import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reconnectDelay } from './reconnect-policy.ts';

const RANDOM = [0, 0.25, 0.5, 0.75, 0.999];

describe('reconnect policy', () => {
  it('finds a restarted relay within three seconds, however long it was away up to two minutes', () => {
    for (let attempt = 0; attempt < 60; attempt += 1) {
      for (const random of RANDOM) assert.ok(reconnectDelay({ attempt, random }) <= 2_400);
    }
  });

  it('tries at once after a first loss, then leaves at least a second', () => {
    assert.ok(reconnectDelay({ attempt: 0, random: 0 }) <= 100);
    for (let attempt = 4; attempt < 60; attempt += 1) assert.ok(reconnectDelay({ attempt, random: 0 }) >= 1_000);
  });

  it('slows down after two minutes', () => {
    const spent = Array.from({ length: 60 }, (_, attempt) => reconnectDelay({ attempt, random: 0.5 }));
    assert.ok(spent.reduce((sum, delay) => sum + delay) >= 90_000);
    assert.ok(reconnectDelay({ attempt: 60, random: 0 }) >= 7_500);
  });

  it('spreads 200 pages that lost the relay in the same instant', () => {
    const slots = new Map<number, number>();
    for (let page = 0; page < 200; page += 1) {
      const slot = Math.floor(reconnectDelay({ attempt: 5, random: page / 200 }) / 100);
      slots.set(slot, (slots.get(slot) ?? 0) + 1);
    }
    assert.ok(Math.max(...slots.values()) <= 20);
  });

  it('leaves a relay that refuses for now more and more room', () => {
    const delays = [0, 1, 2, 3, 4].map((attempt) => reconnectDelay({ attempt, refused: true, random: 0.5 }));
    assert.deepEqual(delays, [1_500, 3_000, 6_000, 12_000, 15_000]);
  });

  it('comes back no earlier than a stopping relay asked', () => {
    for (const random of RANDOM) assert.ok(reconnectDelay({ attempt: 0, notBeforeMs: 1_500, random }) >= 1_500);
  });
});
