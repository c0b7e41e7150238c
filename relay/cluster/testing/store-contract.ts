/** What every `ClusterStore` must do; each runs it in its own test. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimHolder, ClaimOutcome, ClaimWish, ClusterStore } from '../store/cluster-store.ts';

const wish = (session: string, setup: Partial<ClaimWish> = {}): ClaimWish => ({
  node: 'a',
  epoch: 1,
  session,
  again: false,
  predecessor: null,
  ...setup,
});

function taken(outcome: ClaimOutcome): { order: number; previous: ClaimHolder | null } {
  assert.ok(outcome.taken);
  return outcome;
}

let names = 0;
/** Two names that no other test has. */
function fresh(): [string, string] {
  names += 1;
  return [`claim:stream:${names}x${process.pid}`, `claim:stream:${names}y${process.pid}`];
}

/** Declares the tests. Long times are minutes; short ones pass within the test. */
export function testStoreContract(store: () => ClusterStore): void {
  it('holds a name for one value, until it is let go by that value or runs out', async () => {
    const [name] = fresh();
    assert.equal(await store().hold(name, 'one', 60_000, null), null);
    assert.equal(await store().hold(name, 'one', 60_000, null), null);
    assert.equal(await store().hold(name, 'two', 60_000, null), 'one');
    assert.equal(await store().hold(name, 'two', 60_000, 'three'), 'one');
    await store().letGo(name, 'two');
    assert.equal(await store().hold(name, 'two', 60_000, null), 'one');
    await store().letGo(name, 'one');
    assert.equal(await store().hold(name, 'two', 20, null), null);
    await sleep(40);
    assert.equal(await store().hold(name, 'one', 60_000, null), null);
  });

  it('gives a name to a value over one that is worth nothing', async () => {
    const [name] = fresh();
    await store().hold(name, 'garbage', 60_000, null);
    assert.equal(await store().hold(name, 'one', 60_000, 'garbage'), null);
    assert.equal(await store().hold(name, 'two', 60_000, null), 'one');
  });

  it('gives rising numbers, from a least one on', async () => {
    const [name] = fresh();
    assert.equal(await store().next(name, 1_000, 60_000), 1_000);
    assert.equal(await store().next(name, 900, 60_000), 1_001);
    assert.equal(await store().next(name, 2_000, 60_000), 2_000);
  });

  it('does not follow a number that was never counted', async () => {
    const [name] = fresh();
    await store().next(name, 5_000_000_000_000, 60_000);
    assert.equal(await store().next(name, 1_000, 60_000), 1_000);
  });

  it('the newest claim wins, and tells who had it', async () => {
    const names = fresh();
    const first = taken(await store().claim(names, wish('s1'), 60_000));
    assert.equal(first.previous, null);
    const second = taken(await store().claim(names, wish('s2', { node: 'b', epoch: 7 }), 60_000));
    assert.deepEqual(second.previous, { node: 'a', epoch: 1, session: 's1', order: first.order });
    assert.ok(second.order > first.order);
    assert.ok(Number.isSafeInteger(second.order));
  });

  it('a claim again takes nothing from another session, but for its own or its predecessor', async () => {
    const names = fresh();
    assert.ok((await store().claim(names, wish('s1', { again: true }), 60_000)).taken);
    assert.ok((await store().claim(names, wish('s1', { again: true }), 60_000)).taken);
    const refused = await store().claim(names, wish('s2', { again: true }), 60_000);
    assert.ok(!refused.taken);
    assert.equal(refused.holder.session, 's1');
    const moved = taken(await store().claim(names, wish('s2', { again: true, predecessor: 's1' }), 60_000));
    assert.equal(moved.previous?.session, 's1');
  });

  it('keeps what is held; a higher order stands, a lower one gives way', async () => {
    const names = fresh();
    const keep = async (holder: ClaimHolder) => (await store().keep([{ names, holder }], 60_000))[0];
    const { order } = taken(await store().claim(names, wish('s1'), 30));
    const one: ClaimHolder = { node: 'a', epoch: 1, session: 's1', order };
    assert.deepEqual(await keep(one), { kept: true, other: null });
    assert.deepEqual(await keep({ ...one, session: 's0', order: order - 5 }), { kept: false, other: one });
    const newer = { ...one, node: 'b', session: 's2', order: order + 5 };
    assert.deepEqual(await keep(newer), { kept: true, other: one });
    assert.deepEqual(await keep(one), { kept: false, other: newer });
    // The same session may put it right, upwards and down.
    const corrected = { ...newer, order: order + 2 };
    assert.deepEqual(await keep(corrected), { kept: true, other: null });
    assert.deepEqual(await keep(one), { kept: false, other: corrected });
  });

  it('keeps many at once, each with its own outcome', async () => {
    const claims = [fresh(), fresh(), fresh()].map((names, index) => ({
      names,
      holder: { node: 'a', epoch: 1, session: `s${index}`, order: 1_800_000_000_000_000 },
    }));
    const [, second] = claims;
    assert.ok(second);
    const rival = { ...second.holder, node: 'b', order: second.holder.order + 1 };
    await store().keep([{ names: second.names, holder: rival }], 60_000);
    const outcomes = await store().keep(claims, 60_000);
    assert.deepEqual(
      outcomes.map(({ kept }) => kept),
      [true, false, true],
    );
    assert.deepEqual(await store().keep([], 60_000), []);
  });

  it('of equal orders the same one stands, whoever comes first', async () => {
    const low: ClaimHolder = { node: 'a', epoch: 1, session: 's', order: 2_000_000_000_000_000 };
    const high = { ...low, node: 'b' };
    for (const [first, second] of [
      [low, high],
      [high, low],
    ] as const) {
      const names = fresh();
      await store().keep([{ names, holder: first }], 60_000);
      await store().keep([{ names, holder: second }], 60_000);
      assert.deepEqual(await store().keep([{ names, holder: low }], 60_000), [{ kept: false, other: high }]);
    }
  });

  it('writes again what the store has lost, with its order', async () => {
    const names = fresh();
    const holder: ClaimHolder = { node: 'a', epoch: 1, session: 's1', order: 1_800_000_000_000_000 };
    assert.deepEqual(await store().keep([{ names, holder }], 60_000), [{ kept: true, other: null }]);
    assert.deepEqual(taken(await store().claim(names, wish('s2'), 60_000)).previous, holder);
  });

  it('releases for the session that holds it only', async () => {
    const names = fresh();
    await store().claim(names, wish('s1'), 60_000);
    await store().release(names, { node: 'a', epoch: 2, session: 's1' });
    await store().release(names, { node: 'a', epoch: 1, session: 's2' });
    assert.ok(!(await store().claim(names, wish('s3', { again: true }), 60_000)).taken);
    await store().release(names, { node: 'a', epoch: 1, session: 's1' });
    assert.equal(taken(await store().claim(names, wish('s3', { again: true }), 60_000)).previous, null);
  });

  it('a claim runs out', async () => {
    const names = fresh();
    await store().claim(names, wish('s1'), 20);
    await sleep(40);
    assert.equal(taken(await store().claim(names, wish('s2'), 60_000)).previous, null);
  });

  it('one name or two (while the secret is changed): the same claim', async () => {
    const [old, current] = fresh();
    const { order } = taken(await store().claim([old], wish('s1'), 60_000));
    const both = taken(await store().claim([current, old], wish('s2'), 60_000));
    assert.equal(both.previous?.order, order);
    assert.equal(taken(await store().claim([current], wish('s3'), 60_000)).previous?.session, 's2');
    assert.equal(taken(await store().claim([old, current], wish('s4'), 60_000)).previous?.session, 's3');
  });
}
