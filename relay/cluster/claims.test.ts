import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { TimerSet } from '../streams/timers.ts';
import { ClusterKeys } from './bus/cluster-keys.ts';
import { type ClaimOutcome, Claims } from './claims.ts';
import { MemoryStore } from './store/memory-store.ts';
import { SECRET, settled } from './testing/bus-scene.ts';
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
  readonly lost: string[] = [];
  readonly won: string[] = [];
  readonly claims: Claims;

  constructor(id: string) {
    this.claims = new Claims({
      self: { id, epoch: 1 },
      store,
      keys: new ClusterKeys(SECRET),
      timers,
      logger: pino({ level: 'silent' }),
      now: clock.now,
      steady: clock.now,
    });
    this.claims.onLost(({ userId, session, other }) =>
      this.lost.push(`${userId} ${session} to ${other.session} of ${other.node}`),
    );
    this.claims.onWon(({ userId, session, other }) =>
      this.won.push(`${userId} ${session} from ${other.session} of ${other.node}`),
    );
  }

  start(session: string, setup = {}): Promise<ClaimOutcome> {
    return this.claims.claim('stream', 'u', session, setup);
  }
}

function orderOf(outcome: ClaimOutcome): number {
  assert.ok(outcome.taken);
  return outcome.order;
}

describe('Claims', () => {
  it('the newest wins on whatever node, and is told whom it replaces', async () => {
    const [a, b] = [new Holder('a'), new Holder('b')];
    const first = orderOf(await a.start('s1'));
    const second = await b.start('s2');
    assert.ok(second.taken);
    assert.deepEqual(second.previous, { node: 'a', epoch: 1, session: 's1', order: first });
    assert.ok(second.order > first);
  });

  it('streaming and listening, and users, do not touch each other', async () => {
    const a = new Holder('a');
    await a.start('s1');
    for (const [kind, user] of [
      ['listen', 'u'],
      ['stream', 'v'],
    ] as const) {
      const outcome = await a.claims.claim(kind, user, 's1');
      assert.ok(outcome.taken && outcome.previous === null);
    }
    assert.equal(a.claims.size, 3);
  });

  it('who goes on after a loss takes it from its own earlier session only', async () => {
    const [a, b] = [new Holder('a'), new Holder('b')];
    await a.start('s1');
    const refused = await b.start('s9', { again: true });
    assert.ok(!refused.taken && refused.holder.session === 's1');
    assert.equal(b.claims.size, 0);
    assert.ok((await b.start('s2', { again: true, predecessor: 's1' })).taken);
  });

  it('keeps claims for as long as they are not released, and tells the loser', async () => {
    const [a, b] = [new Holder('a'), new Holder('b')];
    await a.start('s1');
    await clock.advance(180_000);
    const outcome = await b.start('s2');
    assert.ok(outcome.taken && outcome.previous?.session === 's1');
    await clock.advance(21_000);
    assert.deepEqual(a.lost, ['u s1 to s2 of b']);
    assert.equal(a.claims.size, 0);
    b.claims.release('stream', 'u', 's2');
    await settled();
    assert.ok((await a.start('s3', { again: true })).taken);
  });

  it('a release by another session changes nothing', async () => {
    const a = new Holder('a');
    await a.start('s1');
    await a.start('s2');
    a.claims.release('stream', 'u', 's1');
    await settled();
    assert.ok(!(await a.start('s3', { again: true })).taken);
  });

  it('a session that is released while its claim is on its way holds nothing', async () => {
    const a = new Holder('a');
    store.freeze();
    const claiming = a.start('s1');
    a.claims.release('stream', 'u', 's1');
    store.thaw();
    await claiming;
    assert.equal(a.claims.size, 0);
    await clock.advance(21_000);
    assert.ok((await a.start('s2', { again: true })).taken);
  });

  it('without the store a click goes on within 300 ms', async () => {
    const a = new Holder('a');
    store.freeze();
    let outcome: ClaimOutcome | null = null;
    void a.start('s1').then((result) => {
      outcome = result;
    });
    await clock.advance(250);
    assert.equal(outcome, null);
    await clock.advance(50);
    assert.ok(outcome);
    store.away = true;
    const first = orderOf(outcome);
    assert.ok(orderOf(await a.start('s2')) > first);
  });

  it('after the store is back the newest claim stands, also when both were made without it', async () => {
    const [a, b] = [new Holder('a'), new Holder('b')];
    store.away = true;
    await b.start('s2');
    await clock.advance(100);
    await a.start('s1');
    store.away = false;
    await clock.advance(3_000);
    assert.deepEqual([a.won, b.won, a.lost], [['u s1 from s2 of b'], [], []]);
    await clock.advance(21_000);
    assert.deepEqual([a.lost, b.lost], [[], ['u s2 to s1 of a']]);
  });

  it('claims that come late, after a freeze, do not win over newer ones', async () => {
    const [a, b] = [new Holder('a'), new Holder('b')];
    store.freeze();
    const first = a.start('s1');
    await clock.advance(1_000);
    const second = b.start('s2');
    await clock.advance(9_000);
    await Promise.all([first, second]);
    store.thaw();
    await clock.advance(45_000);
    assert.deepEqual([a.lost, b.lost], [['u s1 to s2 of b'], []]);
  });

  it('a store that restarts empty is filled again, with the same orders', async () => {
    const [a, b] = [new Holder('a'), new Holder('b')];
    const order = orderOf(await a.start('s1'));
    store.clear();
    a.claims.reclaim();
    await settled();
    const outcome = await b.start('s2');
    assert.ok(outcome.taken);
    assert.equal(outcome.previous?.order, order);
  });

  it('an older claim that comes back gives way to the one that was made meanwhile', async () => {
    const [a, b] = [new Holder('a'), new Holder('b')];
    await a.start('s1');
    store.clear();
    await clock.advance(100);
    await b.start('s2');
    a.claims.reclaim();
    await settled();
    assert.deepEqual(a.lost, ['u s1 to s2 of b']);
  });

  it('keeps thousands in batches', async () => {
    const a = new Holder('a');
    for (let i = 0; i < 1_200; i++) await a.claims.claim('listen', `user ${i}`, `s${i}`);
    store.clear();
    a.claims.reclaim();
    await settled();
    const b = new Holder('b');
    for (const i of [0, 599, 1_199]) {
      const outcome = await b.claims.claim('listen', `user ${i}`, 'other');
      assert.ok(outcome.taken && outcome.previous?.node === 'a');
    }
  });

  it('keeps nothing once it has closed', async () => {
    const a = new Holder('a');
    await a.start('s1');
    a.claims.close();
    await clock.advance(61_000);
    assert.ok((await new Holder('b').start('s2', { again: true })).taken);
  });
});
