/**
 * No covert listening is possible over several nodes either: whatever is late, lost or done twice between them, and whichever of them
 * has read the newest policy, nobody is heard by whom the commercial's page does not show, with that purpose, or whom its home refuses.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type PolicyFile, policyFile } from '../../policy/policy-schema.ts';
import { PolicyOracle } from '../../streams/testing/policy-oracle.ts';
import { setSteadyClock } from '../../streams/testing/steady-clock.ts';
import { Clock } from '../testing/clock.ts';
import { CLUSTER_STEPS, type ClusterStep, ClusterWorld } from '../testing/cluster-world.ts';

const PURPOSES = ['training', 'help'].map((id) => ({ id, label: { en: id } }));

/** What takes effect at a moment; what is counted is looked at on one relay. */
const POLICIES: readonly PolicyFile[] = [
  {},
  { purposes: PURPOSES },
  { limits: { maxListeners: 1 } },
  { purposes: PURPOSES.slice(0, 1), limits: { maxListeners: 1 } },
  { nobodyMayHear: ['cleo'] },
  { consent: { version: 'v1', text: { en: 'They may listen.' } } },
].map((rules) => policyFile.parse({ version: 1, teams: { '*': rules } }));

const chosen = (choice: number): PolicyFile => POLICIES[choice % POLICIES.length] ?? policyFile.parse({ version: 1 });

const STEPS: Readonly<Record<string, ClusterStep>> = {
  ...CLUSTER_STEPS,
  tune: (_world, page, choice) => {
    if (page.role !== 'admin' || page.session.ended) return;
    const purpose = ['training', 'help', null, 'training'][choice % 4] ?? null;
    try {
      page.node.scene.registry.listening.select(page.session, 'cleo', choice % 5 === 3, purpose);
      page.purpose = purpose;
    } catch {
      // Refused.
    }
  },
  acknowledgeText: (_world, page) => {
    try {
      if (page.role === 'commercial') page.node.scene.registry.consent(page.session, 'v1');
    } catch {
      // Nobody asks for it.
    }
  },
  reload: (world, _page, choice) => {
    const policy = chosen(choice >> 1);
    for (const node of world.nodes) if (choice % 4 !== 0 || node.id === 'a') world.reload(node, policy);
  },
};

const WEIGHTS: Readonly<Record<string, number>> = {
  goLive: 8,
  tune: 10,
  move: 3,
  connectEar: 8,
  arriveAll: 14,
  deliver: 3,
  acknowledge: 3,
  acknowledgeText: 4,
  reload: 3,
  wait: 14,
  heal: 4,
  thaw: 4,
};

const run = fc.record({
  first: fc.nat(9),
  steps: fc.array(
    fc.record({
      what: fc.oneof(
        ...Object.keys(STEPS).map((name) => ({ arbitrary: fc.constant(name), weight: WEIGHTS[name] ?? 1 })),
      ),
      page: fc.nat(11),
      choice: fc.nat(99),
    }),
    { minLength: 10, maxLength: 60, size: 'max' },
  ),
});

test('in any order of events over two nodes nobody is heard unseen or against the policy of the home', async (t) => {
  const clock = new Clock();
  t.after(() => clock.stop());
  setSteadyClock(t, clock.now);
  let heard = 0;
  await fc.assert(
    fc.asyncProperty(run, async ({ first, steps }) => {
      const oracle = new PolicyOracle(chosen(first), clock.now, clock.now);
      oracle.acknowledged('cleo', 'v1'); // that the page is not refused what it did is looked at elsewhere
      const world = new ClusterWorld(clock, {
        policy: chosen(first),
        judge: (hearings, policy) => {
          oracle.file = policy;
          oracle.judge(hearings);
        },
      });
      await world.start();
      for (const { what, page: index, choice } of steps) {
        const page = world.pages[index % world.pages.length];
        if (page) await STEPS[what]?.(world, page, choice);
        world.check();
        await new Promise((resolve) => setImmediate(resolve));
        world.check();
      }
      heard += world.heard;
      await world.end();
    }),
    { numRuns: 80 },
  );
  assert.ok(heard > 100, `somebody was heard only ${heard} times: the runs prove little`);
});
