/**
 * No covert listening is possible: in any order of events nobody is heard whose page does not show who hears and why, nor against the
 * policy, nor without a trace of it. That this can fail is part of it: each rule is taken from the guard once, and must be missed.
 */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { PolicyFile, TeamRules } from '../policy/policy-schema.ts';
import { type Mutant, POLICY_STEPS, PolicyWorld, takeStep } from './testing/policy-world.ts';
import { setSteadyClock } from './testing/steady-clock.ts';

/** What it takes to be heard is common, so that most runs come to hear somebody; what goes wrong is rarer. */
const WEIGHTS: Readonly<Record<string, number>> = {
  goLive: 10,
  tune: 12,
  connectEar: 10,
  deliver: 4,
  acknowledge: 3,
  arriveAll: 14,
  finishMedia: 3,
  finishAllMedia: 14,
  goOn: 3,
  acknowledgeText: 8,
  reload: 3,
  refresh: 5,
  sleep: 6,
  wait: 3,
  setClock: 2,
};

/** Cléo and Hugo are live, and Ada and Ben wait for her, if the first policy lets them. */
const PRELUDE = [
  ...[0, 3].map((page) => ({ what: 'acknowledgeText', page, choice: 0 })),
  ...[0, 3].map((page) => ({ what: 'goLive', page, choice: 0 })),
  ...[1, 2].map((page) => ({ what: 'connectEar', page, choice: 0 })),
  ...[0, 1, 2, 3].map((page) => ({ what: 'finishAllMedia', page, choice: 0 })),
  ...[1, 2].map((page) => ({ what: 'tune', page, choice: 8 })),
];

const run = fc.record({
  first: fc.nat(9_999),
  begun: fc.boolean(),
  steps: fc.array(
    fc.record({
      what: fc.oneof(...POLICY_STEPS.map((name) => ({ arbitrary: fc.constant(name), weight: WEIGHTS[name] ?? 1 }))),
      page: fc.nat(8),
      choice: fc.nat(9_999),
    }),
    { minLength: 10, maxLength: 120, size: 'max' },
  ),
});

/** @returns what fast-check found, and how often somebody was heard when it was looked at */
async function search(t: TestContext, numRuns: number, mutant: Mutant = {}) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  setSteadyClock(t, () => Date.now());
  let heard = 0;
  const details = await fc.check(
    fc.asyncProperty(run, async ({ first, begun, steps }) => {
      const own = new PolicyWorld((ms) => t.mock.timers.tick(ms), first, mutant);
      for (const choice of [0, 1, 3, 2]) own.world.join(choice);
      for (const step of [...(begun ? PRELUDE : []), ...steps]) await takeStep(own, step);
      heard += own.world.heard;
      await own.world.calm();
      await own.world.end();
    }),
    { numRuns, endOnFailure: mutant !== undefined && Object.keys(mutant).length > 0 },
  );
  return { details, heard };
}

it('in any order of events nobody is heard unseen, against the policy, or without a trace', async (t) => {
  const { details, heard } = await search(t, 400);
  if (details.failed) throw new Error(fc.defaultReportMessage(details) ?? 'failed', { cause: details.errorInstance });
  assert.ok(heard > 1_000, `somebody was heard only ${heard} times: the runs prove little`);
});

/** The guard knows every team's rules but for what is taken out. */
function without(change: (rules: TeamRules) => TeamRules): Mutant {
  return {
    lie: (file: PolicyFile) => ({
      ...file,
      teams: Object.fromEntries(Object.entries(file.teams).map(([name, rules]) => [name, change(rules)])),
    }),
  };
}

const withoutLimit = (name: keyof NonNullable<TeamRules['limits']>): Mutant =>
  without((rules) => (rules.limits ? { ...rules, limits: { ...rules.limits, [name]: null } } : rules));

/** Each is a relay that is wrong in one thing, and what the model says of it. */
const MUTANTS: Readonly<Record<string, readonly [Mutant, RegExp]>> = {
  'hours that are not kept': [without((rules) => ({ ...rules, hours: null })), /outside the hours/],
  'protected people who are heard': [without((rules) => ({ ...rules, nobodyMayHear: [] })), /whom nobody may hear/],
  'purposes that are not asked for': [without((rules) => ({ ...rules, purposes: [] })), /purpose/],
  'a consent that is not waited for': [without((rules) => ({ ...rules, consent: null })), /without consent/],
  'a crowd that is too large': [withoutLimit('maxListeners'), /2 hear/],
  'streams without an end': [withoutLimit('longestStream'), /stream: /],
  'listening without an end': [withoutLimit('longestListening'), /stretch: /],
  'days without a limit': [withoutLimit('heardPerDay'), /all of the day: /],
  'days without a limit for one': [withoutLimit('oneAdminPerDay'), /, of the day: /],
  'a list that was sent, and not shown': [{ sentIsShown: true }, /whose page shows/],
  'a pause that is lost': [{ deafToPauses: true }, /in a pause/],
};

describe('the model finds', () => {
  for (const [name, [mutant, says]] of Object.entries(MUTANTS)) {
    it(name, async (t) => {
      const { details } = await search(t, 3_000, mutant);
      assert.ok(details.failed, `nothing was found in ${details.numRuns} runs`);
      assert.match(String(details.errorInstance), says);
    });
  }
});
