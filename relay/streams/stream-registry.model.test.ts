import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STEPS, type Step, take } from './testing/model-steps.ts';
import { ModelWorld } from './testing/model-world.ts';

/** What it takes to be heard is common, so that most runs come to hear somebody; what goes wrong is rarer. */
const WEIGHTS: Partial<Record<keyof typeof STEPS, number>> = {
  goLive: 8,
  tune: 8,
  connectEar: 8,
  deliver: 12,
  acknowledge: 8,
  arriveAll: 5,
  finishMedia: 4,
  finishAllMedia: 12,
  reconnect: 4,
  refresh: 2,
  leave: 3,
  speak: 4,
  leaveAndComeBack: 4,
  lose: 2,
  wait: 5,
};

const names = Object.keys(STEPS).filter((name): name is keyof typeof STEPS => name in STEPS);

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.oneof(...names.map((name) => ({ arbitrary: fc.constant(name), weight: WEIGHTS[name] ?? 1 }))),
  page: fc.nat(8),
  choice: fc.nat(19),
});

test('in any order of events nobody is heard unseen, paused or across teams, no live stream is forgotten, and nothing is left', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  let heard = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 120, size: 'max' }), async (steps) => {
      const world = new ModelWorld((ms) => t.mock.timers.tick(ms));
      for (const choice of [0, 1, 3, 2]) world.join(choice);
      for (const next of steps) await take(world, next);
      await world.calm();
      heard += world.heard;
      await world.end();
    }),
    { numRuns: 600 },
  );
  assert.ok(heard > 1_000, `somebody was heard only ${heard} times: the runs prove little`);
});
