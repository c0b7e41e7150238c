/** What the policy counts of a day, and what was acknowledged, over two nodes: neither begins again where the page goes. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'node:test';
import fc from 'fast-check';
import { Consents } from '../../policy/consents.ts';
import { policyFile } from '../../policy/policy-schema.ts';
import { Tallies, type Tally } from '../../policy/tallies.ts';
import { policyOf } from '../../policy/team-policy.ts';
import { Usage } from '../../policy/usage.ts';
import { admin, commercial } from '../../streams/testing/scene.ts';
import { Clock } from '../testing/clock.ts';
import { type ClusterNode, ClusterScene } from '../testing/cluster-scene.ts';

const MINUTE = 60_000;
let clock: Clock;

beforeEach(() => {
  clock = new Clock();
});
afterEach(() => clock.stop());

function scene(rules: unknown): ClusterScene {
  const file = policyFile.parse({ version: 1, teams: { '*': rules } });
  return new ClusterScene({
    clock,
    policyOf: () => ({
      policy: { exists: true, tag: 'one', of: (team) => policyOf(file, team) },
      wall: clock.now,
      usage: new Usage({ steady: clock.now, wall: clock.now }),
      consents: new Consents(),
    }),
  });
}

/** Cléo is live at this node, and Ada there hears her for so long. */
async function hear(node: ClusterNode, ms: number) {
  const cleo = await node.scene.live(commercial('cleo'));
  const ada = await node.scene.listening(admin('ada'));
  await clock.advance(200);
  node.scene.registry.listening.select(ada.session, 'cleo');
  await clock.advance(ms);
  return { cleo, ada };
}

it('what was heard at one node counts at the other, also after the first is gone, and once', async () => {
  const cluster = scene({ limits: { heardPerDay: '3m' } });
  const [a, b] = await cluster.start('a', 'b');
  await clock.advance(4_000);
  const { cleo, ada } = await hear(a, 2 * MINUTE);
  a.scene.registry.publishing.stop(cleo.session);
  a.scene.registry.listening.stop(ada.session);
  await clock.advance(500);
  await a.die();
  await clock.advance(10_000);
  const at = await hear(b, 50_000);
  assert.ok(at.ada.session.links.listen?.hearing);
  await clock.advance(12_000);
  assert.equal(at.ada.peer.last('listen:ended').reason, 'policy_time_used');
  assert.equal(Math.round(at.cleo.peer.last('policy:time').heardMs / 10_000), 18);
  await cluster.close();
});

it('a node that starts anew without a trail is told by the other what it had counted', async () => {
  const cluster = scene({ limits: { oneAdminPerDay: '2m' } });
  const [a] = await cluster.start('a', 'b');
  await clock.advance(4_000);
  await hear(a, 2 * MINUTE + 1_000);
  await a.die();
  await clock.advance(10_000);
  const [again] = await cluster.start('a');
  await clock.advance(8_000);
  await again.scene.live(commercial('cleo'));
  const ada = await again.scene.listening(admin('ada'));
  await clock.advance(200);
  assert.throws(() => again.scene.registry.listening.select(ada.session, 'cleo'), { code: 'policy_time_used' });
  await cluster.close();
});

it('while nodes cannot hear of each other each counts its own, and the sum counts once they can', async () => {
  const cluster = scene({ limits: { heardPerDay: '3m' } });
  const [a, b] = await cluster.start('a', 'b');
  await clock.advance(4_000);
  cluster.buses.hub.cutOff('a');
  await hear(a, 2 * MINUTE);
  const { ada } = await hear(b, 90_000);
  assert.ok(ada.session.links.listen?.hearing, 'what it does not know it cannot count');
  cluster.buses.hub.heal('a');
  await clock.advance(20_000);
  assert.equal(ada.peer.last('listen:ended').reason, 'policy_time_used');
  await cluster.close();
});

it('what a commercial has acknowledged at one node is not asked for at the other', async () => {
  const cluster = scene({ consent: { version: 'v1', text: { en: 'They may listen.' } } });
  const [a, b] = await cluster.start('a', 'b');
  const other = b.scene.join(commercial('cleo'));
  a.scene.registry.consent(a.scene.join(commercial('cleo')).session, 'v1');
  await clock.advance(200);
  assert.equal(other.peer.last('policy:changed').consent?.given, true, 'the page that asks there is told');
  await b.scene.live(commercial('cleo'));
  await assert.rejects(b.scene.live(commercial('hugo')), { code: 'consent_required' });
  await cluster.close();
});

it('parts that come twice, late and in any order come to the same sum', () => {
  const grown = fc.array(fc.record({ part: fc.constantFrom('a', 'b'), ms: fc.nat(100) }), { maxLength: 30 });
  fc.assert(
    fc.property(grown, fc.infiniteStream(fc.nat(999)), (adds, dice) => {
      const totals = new Map<string, number>();
      const told: [string, Tally][] = adds.map(({ part, ms }) => {
        totals.set(part, (totals.get(part) ?? 0) + ms);
        const heardMs = totals.get(part) ?? 0;
        return [part, { commercialId: 'cleo', day: '2026-06-03', heardMs, pairs: new Map([['ada', heardMs]]) }];
      });
      const tallies = new Tallies();
      const shuffled = [...told, ...told]
        .map((one) => [dice.next().value ?? 0, one] as const)
        .sort((x, y) => x[0] - y[0]);
      for (const [, [part, tally]] of shuffled) tallies.merge(part, tally);
      const sum = [...totals.values()].reduce((all, ms) => all + ms, 0);
      assert.deepEqual(tallies.sum('cleo', '2026-06-03', 'ada'), { heardMs: sum, pairMs: sum });
    }),
  );
});
