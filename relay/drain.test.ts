import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Drain } from './drain.ts';

beforeEach(() => {
  mock.timers.enable({ apis: ['setInterval', 'Date'] });
  mock.method(performance, 'now', () => Date.now());
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

/** A relay with so many pages, and other relays or none. */
function start(pages: number, others: boolean, timeMs = 60_000, isHeard = true) {
  const world = { pages, others, isHeard, asked: [] as number[], over: false };
  const drain = new Drain({
    timeMs,
    sessions: () => world.pages,
    hasOther: () => world.others,
    isHeard: () => world.isHeard,
    move: (withinMs) => world.asked.push(withinMs),
  });
  void drain.over.then(() => {
    world.over = true;
  });
  const pass = async (ms: number): Promise<void> => {
    mock.timers.tick(ms);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { world, drain, pass };
}

test('pages are asked once, and it is over as soon as the last one is gone', async () => {
  const { world, drain, pass } = start(12, true);
  assert.deepEqual(world.asked, [60_000]);
  assert.deepEqual(drain.status, { sessions: 12, moving: true, withinMs: 60_000 });
  world.pages = 3;
  await pass(20_000);
  assert.deepEqual(drain.status, { sessions: 3, moving: true, withinMs: 40_000 });
  assert.equal(world.over, false);
  world.pages = 0;
  await pass(100);
  assert.equal(world.over, true);
  assert.deepEqual(drain.status, { sessions: 0, moving: false, withinMs: 0 });
  assert.equal(world.asked.length, 1);
});

test('while the other relays cannot be told of them, pages stay: asked once that is over, or at the end not at all', async () => {
  const { world, drain, pass } = start(12, true, 60_000, false);
  await pass(4_000);
  assert.deepEqual(world.asked, []);
  assert.equal(drain.status.moving, true);
  world.isHeard = true;
  await pass(100);
  world.isHeard = false;
  await pass(1_000);
  world.isHeard = true;
  await pass(1_000);
  assert.deepEqual(world.asked, [55_900]);

  const cutOff = start(12, true, 5_000, false);
  await cutOff.pass(5_000);
  assert.deepEqual([cutOff.world.asked, cutOff.world.over], [[], true]);
});

test('it is over when the time is up, whoever is left', async () => {
  const { world, pass } = start(12, true);
  await pass(59_900);
  assert.equal(world.over, false);
  await pass(100);
  assert.equal(world.over, true);
});

test('it is over at once with nobody there, with no other relay, and with no time', async () => {
  for (const [pages, others, timeMs] of [
    [0, true, 60_000],
    [12, false, 60_000],
    [12, true, 0],
  ] as const) {
    const { world, drain, pass } = start(pages, others, timeMs);
    await pass(0);
    assert.equal(world.over, true);
    assert.deepEqual(world.asked, []);
    assert.deepEqual(drain.status, { sessions: pages, moving: false, withinMs: 0 });
  }
});

test('it is over when the last other relay goes too, or by order', async () => {
  const { world, pass } = start(12, true);
  world.others = false;
  await pass(100);
  assert.equal(world.over, true);
  const ordered = start(12, true);
  ordered.drain.finish();
  ordered.drain.finish();
  await ordered.pass(0);
  assert.equal(ordered.world.over, true);
});
