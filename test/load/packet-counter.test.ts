import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PacketCounter } from './packet-counter.ts';

function rtp(sequence: number, ssrc = 7, type = 111): Buffer {
  const packet = Buffer.alloc(20);
  packet[0] = 0x80;
  packet[1] = type;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}

describe('packets are counted by their numbers', () => {
  it('what is skipped is lost, over the end of the numbers too', () => {
    const counter = new PacketCounter();
    for (const sequence of [65533, 65534, 0, 1, 4]) counter.add(rtp(sequence), 0);
    assert.deepEqual(counter.take(0), { received: 5, lost: 3, longestGapMs: 0 });
  });

  it('what comes late was not lost, and what comes twice counts once', () => {
    const counter = new PacketCounter();
    for (const sequence of [10, 12, 11, 12, 13]) counter.add(rtp(sequence), 0);
    assert.deepEqual(counter.take(0), { received: 4, lost: 0, longestGapMs: 0 });
  });

  it('the numbers of a new source begin anew; the silence before it counts', () => {
    const counter = new PacketCounter();
    counter.add(rtp(10, 1), 0);
    counter.add(rtp(5_000, 2), 900);
    counter.add(rtp(5_001, 2), 920);
    assert.deepEqual(counter.take(920), { received: 3, lost: 0, longestGapMs: 900 });
  });

  it('the longest silence, also one that goes on; RTCP is none of it', () => {
    const counter = new PacketCounter();
    assert.deepEqual(counter.take(500), { received: 0, lost: 0, longestGapMs: 0 });
    counter.add(rtp(1, 7, 0xc8), 900);
    assert.equal(counter.firstAt, null);
    counter.add(rtp(1), 1_000);
    counter.add(rtp(2), 1_050);
    assert.deepEqual(
      [counter.firstAt, counter.take(1_060).longestGapMs, counter.take(1_300)],
      [1_000, 50, { received: 0, lost: 0, longestGapMs: 250 }],
    );
  });
});
