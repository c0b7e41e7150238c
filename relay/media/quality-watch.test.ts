import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { readSample } from './quality-sample.ts';
import { type Measured, type QualitySample, QualityWatch } from './quality-watch.ts';

class Connection implements Measured {
  silent = false;
  looks = 0;
  next: QualitySample | null = null;

  carry(packets: number, of = 'one', loss = 0): void {
    this.next = { of, packets, loss, jitterMs: 5, roundTripMs: null };
  }

  async sample(): Promise<QualitySample | null> {
    this.looks += 1;
    return this.next;
  }
}

const watches: QualityWatch[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch.close();
});

function watchOf(...connections: Connection[]): QualityWatch {
  const watch = new QualityWatch();
  watches.push(watch);
  for (const connection of connections) watch.follow(connection);
  return watch;
}

const everybody = () => true;

describe('the look at the quality of media', () => {
  it('takes a tenth at a time, in turn', async () => {
    const connections = Array.from({ length: 25 }, () => new Connection());
    const watch = watchOf(...connections);
    for (let look = 0; look < 9; look += 1) await watch.look();
    assert.deepEqual(new Set(connections.map(({ looks }) => looks)), new Set([1, 2]));
    assert.equal(
      connections.reduce((sum, { looks }) => sum + looks, 0),
      27,
    );
  });

  it('calls silent what carries the same packets at two looks, and nothing else', async () => {
    const connection = new Connection();
    const watch = watchOf(connection);
    const afterLook = async (packets: number | null, of?: string) => {
      if (packets === null) connection.next = null;
      else connection.carry(packets, of);
      await watch.look();
      return connection.silent;
    };
    assert.equal(await afterLook(0), false, 'there is no look to compare with');
    assert.equal(await afterLook(0), true);
    assert.equal(await afterLook(50), false);
    assert.equal(await afterLook(50), true);
    assert.equal(await afterLook(50, 'another'), false, 'its counts have nothing to do with the older one’s');
    assert.equal(await afterLook(null), false);
    assert.equal(await afterLook(50, 'another'), false);
  });

  it('has the figures of those that carry packets now', async () => {
    const [one, two] = [new Connection(), new Connection()];
    const watch = watchOf(one, two);
    const look = async () => {
      await watch.look();
      await watch.look();
    };
    one.carry(10, 'one', 0.1);
    two.carry(10, 'two', 0.2);
    await look();
    assert.deepEqual(watch.figures(everybody).loss, []);
    one.carry(20, 'one', 0.3);
    await look();
    assert.deepEqual(watch.figures(everybody), { loss: [0.3], jitterMs: [5], roundTripMs: [] });
    assert.deepEqual(watch.figures((measured) => measured === two).loss, []);
  });

  it('forgets who is gone, also while they are looked at', async () => {
    const watch = watchOf();
    const { promise, resolve } = Promise.withResolvers<QualitySample | null>();
    const slow: Measured = { silent: false, sample: () => promise };
    const unfollow = watch.follow(slow);
    const looking = watch.look();
    unfollow();
    resolve({ of: 'x', packets: 1, loss: 0, jitterMs: 0, roundTripMs: null });
    await looking;
    const failing: Measured = { silent: true, sample: () => Promise.reject(new Error('gone')) };
    watch.follow(failing);
    await watch.look();
    assert.equal(failing.silent, false);
    assert.deepEqual(watch.figures(everybody).loss, []);
  });

  it('reads mediasoup’s units', () => {
    const stat = {
      timestamp: 0,
      ssrc: 1,
      kind: 'audio',
      mimeType: 'audio/opus',
      packetsLost: 3,
      fractionLost: 64,
      jitter: 480,
      packetsDiscarded: 0,
      packetsRetransmitted: 0,
      packetsRepaired: 0,
      nackCount: 0,
      nackPacketCount: 0,
      pliCount: 0,
      firCount: 0,
      score: 10,
      packetCount: 7,
      byteCount: 70,
      bitrate: 0,
      bitrateByLayer: {},
    };
    const inbound = { ...stat, type: 'inbound-rtp' };
    const outbound = { ...stat, type: 'outbound-rtp', packetCount: 9, roundTripTime: 41 };
    const read = { of: 'c', packets: 7, loss: 0.25, jitterMs: 10, roundTripMs: null };
    assert.deepEqual(readSample('c', [inbound]), read);
    assert.deepEqual(readSample('c', [inbound, outbound], 'outbound-rtp'), { ...read, packets: 9, roundTripMs: 41 });
    assert.equal(readSample('c', [inbound], 'outbound-rtp'), null);
  });
});
