import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { LoadWatch } from './load-watch.ts';
import { type ProcessorTime, processorTimeOf } from './processor-time.ts';

/** A watch whose seconds pass by `pass`, and whose workers use what a test says. */
function scene(t: TestContext, limit: number) {
  let now = 0;
  const times = new Map<number, ProcessorTime>();
  const eventLoop = { ratio: 0, lagSeconds: 0, look: () => undefined, close: () => undefined };
  const watch = new LoadWatch({ limit, now: () => now, readTime: (pid) => times.get(pid) ?? null, eventLoop });
  t.after(() => watch.close());
  const worker = (index: number) => {
    times.set(index, { usedMs: 0, waitedMs: 0 });
    return watch.follow({
      index,
      pid: index,
      load: 100,
      usedMs: () => Promise.reject(new Error('it was asked itself')),
    });
  };
  const pass = (...used: readonly number[]) => {
    for (let second = 0; second < 3; second++) {
      now += 1_000;
      used.forEach((share, pid) => {
        times.set(pid, { usedMs: (times.get(pid)?.usedMs ?? 0) + share * 1_000, waitedMs: 0 });
      });
      watch.look();
    }
  };
  return { watch, worker, pass, eventLoop };
}

it('knows which worker is full, how full the relay is, and forgets workers that have ended', (t) => {
  const { watch, worker, pass } = scene(t, 0.9);
  assert.equal(watch.load(), 1);
  const [first, second] = [worker(0), worker(1)];
  pass(0.95, 0.4);
  assert.deepEqual([first.room.take(), second.room.take()], [false, true]);
  assert.deepEqual(
    watch.workers().map(({ index, ratio }) => [index, Math.round(ratio * 100)]),
    [
      [0, 95],
      [1, 40],
    ],
  );
  assert.ok(watch.load() > 0.4 && watch.load() < 0.41, 'the one that has room counts, with whom it has just taken');
  second.end();
  assert.equal(watch.load(), 0.95);
});

it('has no room on any worker while its own process is full', (t) => {
  const { watch, worker, pass, eventLoop } = scene(t, 0.9);
  const { room } = worker(0);
  eventLoop.ratio = 0.95;
  pass(0.1);
  assert.deepEqual([room.take(), watch.load()], [false, 0.95]);
  eventLoop.ratio = 0.5;
  pass(0.1);
  assert.deepEqual([room.take(), watch.load()], [true, 0.5]);
});

it('has nothing to spare when either the worker or its own process is near the limit', (t) => {
  const { worker, pass, eventLoop } = scene(t, 0.9);
  const { room } = worker(0);
  const spare: boolean[] = [];
  for (const [ownProcess, ofWorker] of [
    [0.1, 0.1],
    [0.8, 0.1],
    [0.1, 0.8],
  ] as const) {
    eventLoop.ratio = ownProcess;
    pass(ofWorker);
    spare.push(room.spare);
  }
  assert.deepEqual(spare, [true, false, false]);
});

it('measures without a limit too', (t) => {
  const { watch, worker, pass } = scene(t, 0);
  const { room } = worker(0);
  pass(1);
  assert.deepEqual([room.take(), watch.load()], [true, 1]);
});

it('asks the worker where the system does not tell', async (t) => {
  let now = 0;
  let usedMs = 0;
  const watch = new LoadWatch({ limit: 0.5, now: () => now, readTime: () => null });
  t.after(() => watch.close());
  const { room } = watch.follow({ index: 0, pid: 1, load: 1, usedMs: async () => usedMs });
  await wait(0);
  now = 1_000;
  usedMs = 600;
  watch.look();
  await wait(0);
  assert.deepEqual([room.ratio, room.take()], [0.6, false]);
});

it('reads the processor time of a process', { skip: process.platform !== 'linux' }, () => {
  const before = processorTimeOf(process.pid);
  for (const end = performance.now() + 50; performance.now() < end; ) Math.sqrt(2);
  const after = processorTimeOf(process.pid);
  assert.ok(before && after && after.usedMs > before.usedMs && after.waitedMs >= before.waitedMs);
  assert.equal(processorTimeOf(2 ** 30), null);
});
