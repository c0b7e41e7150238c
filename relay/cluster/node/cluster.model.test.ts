import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Clock } from '../testing/clock.ts';
import { CLUSTER_STEPS, ClusterWorld } from '../testing/cluster-world.ts';

const WEIGHTS: Record<string, number> = {
  goLive: 6,
  tune: 6,
  move: 4,
  connectEar: 6,
  arriveAll: 10,
  deliver: 5,
  acknowledge: 4,
  wait: 14,
  heal: 3,
  thaw: 3,
};

const step = fc.record({
  what: fc.oneof(
    ...Object.keys(CLUSTER_STEPS).map((name) => ({ arbitrary: fc.constant(name), weight: WEIGHTS[name] ?? 1 })),
  ),
  page: fc.nat(11),
  choice: fc.nat(19),
});

test('in any order of events over two nodes nobody is heard unseen or paused, and nothing is left at either', async (t) => {
  // One clock for all runs: timers that are let go after the end of a run must not be taken for those of the next.
  const clock = new Clock();
  t.after(() => clock.stop());
  let heard = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
      const world = new ClusterWorld(clock);
      await world.start();
      for (const { what, page: chosen, choice } of steps) {
        const page = world.pages[chosen % world.pages.length];
        if (page) await CLUSTER_STEPS[what]?.(world, page, choice);
        world.check();
        await new Promise((resolve) => setImmediate(resolve));
        world.check();
      }
      heard += world.heard;
      await world.end();
    }),
    { numRuns: 60 },
  );
  assert.ok(heard > 100, `somebody was heard only ${heard} times: the runs prove little`);
});
