import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { TimerSet } from '../streams/timers.ts';
import { ClusterKeys } from './bus/cluster-keys.ts';
import type { ClusterError } from './cluster-error.ts';
import { NodeLease } from './node-lease.ts';
import { MemoryStore } from './store/memory-store.ts';
import { OTHER_SECRET, SECRET } from './testing/bus-scene.ts';
import { Clock } from './testing/clock.ts';

let clock: Clock;
let store: MemoryStore;
let timers: TimerSet;
beforeEach(() => {
  clock = new Clock();
  store = new MemoryStore(clock.now);
  timers = new TimerSet();
});
afterEach(() => {
  timers.clear();
  clock.stop();
});

class Holder {
  readonly taken: string[] = [];
  readonly lease: NodeLease;
  readonly timers = new TimerSet();

  constructor(secret = SECRET, previous: string | null = null) {
    this.lease = new NodeLease({
      id: 'a',
      store,
      keys: new ClusterKeys(secret, previous),
      timers: this.timers,
      logger: pino({ level: 'silent' }),
      onTaken: ({ code }) => this.taken.push(code),
      now: clock.now,
      steady: clock.now,
    });
  }

  /** As kill -9, or SIGSTOP. */
  die(): void {
    this.timers.clear();
  }
}

const isTaken = (error: ClusterError) => error.code === 'node_id_taken';

describe('NodeLease', () => {
  it('a second node of the same id ends, after having waited for a life that may be dead', async () => {
    const [one, two] = [new Holder(), new Holder()];
    await one.lease.take();
    const refused = assert.rejects(two.lease.take(), isTaken);
    await clock.advance(7_000);
    await refused;
    await clock.advance(5_000);
    assert.deepEqual(one.taken, []);
  });

  it('a node that comes back at once waits until its earlier life has run out, with a later epoch', async () => {
    const one = new Holder();
    const first = await one.lease.take();
    one.die();
    await clock.advance(1_000);
    const two = new Holder();
    const taking = two.lease.take();
    await clock.advance(6_000);
    assert.ok((await taking) > first);
  });

  it('a node that has closed leaves its id to the next one at once', async () => {
    const one = new Holder();
    await one.lease.take();
    await one.lease.close();
    const second = await new Holder().lease.take();
    assert.ok(second > 0);
  });

  it('epochs rise also when the clock has gone back', async () => {
    const one = new Holder();
    const first = await one.lease.take();
    await one.lease.close();
    await store.next('epoch:a', first + 50_000, 60_000);
    assert.equal(await new Holder().lease.take(), first + 50_001);
  });

  it('starts without a store, and takes the id when that is back', async () => {
    store.away = true;
    const one = new Holder();
    assert.equal(await one.lease.take(), clock.now());
    store.away = false;
    await clock.advance(2_000);
    const refused = assert.rejects(new Holder().lease.take(), isTaken);
    await clock.advance(7_000);
    await refused;
  });

  it('of two that run, the earlier one ends: it was frozen, or the store was away', async () => {
    store.away = true;
    const one = new Holder();
    await one.lease.take();
    await clock.advance(100);
    const two = new Holder();
    await two.lease.take();
    store.away = false;
    await clock.advance(5_000);
    assert.deepEqual([one.taken, two.taken], [['node_id_taken'], []]);
  });

  it('what somebody without the secret writes there drives nobody out', async () => {
    const one = new Holder();
    const epoch = await one.lease.take();
    const stranger = new ClusterKeys(OTHER_SECRET);
    for (const value of ['garbage', `${epoch + 5}.${stranger.current.hash('node', `a ${epoch + 5}`)}`]) {
      store.clear();
      await store.hold('node:a', value, 60_000, null);
      await clock.advance(4_000);
    }
    assert.deepEqual(one.taken, []);
    const two = new Holder();
    const refused = assert.rejects(two.lease.take(), isTaken);
    await clock.advance(7_000);
    await refused;
  });

  it('knows its fellows while the secret is changed', async () => {
    await new Holder(OTHER_SECRET, SECRET).lease.take();
    const refused = assert.rejects(new Holder(SECRET, OTHER_SECRET).lease.take(), isTaken);
    await clock.advance(7_000);
    await refused;
  });
});
