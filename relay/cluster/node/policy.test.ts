/** The policy over several nodes: the commercial's home decides for listeners of other nodes too, and what they may not hear is not passed on. */
import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { Consents } from '../../policy/consents.ts';
import { policyFile } from '../../policy/policy-schema.ts';
import { policyOf } from '../../policy/team-policy.ts';
import { Usage } from '../../policy/usage.ts';
import { admin, commercial } from '../../streams/testing/scene.ts';
import { ClusterScene, rest } from '../testing/cluster-scene.ts';

const MINUTE = 60_000;
const PURPOSES = [{ id: 'training', label: { en: 'Training' } }];

/** Nodes a, where Cléo is live, and b, where Ada listens; each with rules of its own, and one clock. */
async function scene(t: TestContext, rules: { readonly a: unknown; readonly b: unknown }) {
  const time = { now: Date.parse('2026-06-03T10:00Z') };
  const wall = (): number => time.now;
  const files = new Map(
    Object.entries(rules).map(([id, own]) => [id, policyFile.parse({ version: 1, teams: { '*': own } })]),
  );
  const cluster = new ClusterScene({
    policyOf: (id) => {
      const file = files.get(id) ?? policyFile.parse({ version: 1 });
      const policy = { exists: true, tag: 'one', of: (team: string) => policyOf(file, team) };
      return { policy, wall, usage: new Usage({ steady: wall, wall }), consents: new Consents() };
    },
  });
  t.after(() => cluster.close());
  const [a, b] = await cluster.start('a', 'b');
  const ada = await b.scene.listening(admin('ada'));
  await rest();
  const cleo = await a.scene.live(commercial('cleo'));
  await rest();
  /** Time goes by, and the home looks. */
  const pass = async (ms: number, look: 'at rest' | 'at once' = 'at rest'): Promise<void> => {
    time.now += ms;
    a.scene.registry.touch(a.scene.registry.obtain('cleo'));
    if (look === 'at rest') await rest();
  };
  const select = (purpose: string | null = null) =>
    b.scene.registry.listening.select(ada.session, 'cleo', false, purpose);
  return { a, b, ada, cleo, pass, select, cluster };
}

it('the purpose of an admin at another node is shown to the commercial', async (t) => {
  const { cleo, select, a, b } = await scene(t, { a: { purposes: PURPOSES }, b: { purposes: PURPOSES } });
  select('training');
  await rest();
  assert.deepEqual(cleo.peer.listeners, [{ id: 'ada', name: 'ADA', purpose: 'training' }]);
  assert.deepEqual(a.given, ['b']);
  const [began] = b.scene.trail.filter((entry) => entry.event === 'hearing_began');
  assert.equal(began?.purpose, 'training');
});

it('who listens with another purpose is heard by again only once the page shows that one, at another node too', async (t) => {
  const rules = { purposes: [...PURPOSES, { id: 'help', label: { en: 'Help' } }] };
  const { a, b, ada, cleo, select } = await scene(t, { a: rules, b: rules });
  select('training');
  await rest();
  assert.ok(ada.session.links.listen?.hearing);
  let version = 0;
  cleo.peer.onDemand = (announced) => {
    version = announced;
  };
  select('help');
  assert.equal(ada.session.links.listen?.hearing, null);
  await rest();
  assert.deepEqual(a.given, []);
  assert.equal(ada.session.links.listen?.hearing, null);
  a.scene.registry.publishing.seen(cleo.session, version);
  await rest();
  assert.ok(ada.session.links.listen?.hearing);
  const began = b.scene.trail.filter((entry) => entry.event === 'hearing_began');
  assert.deepEqual(
    began.map(({ purpose }) => purpose),
    ['training', 'help'],
  );
});

it('one whom the home refuses hears nothing at once, however late their node learns of it, and others of that node go on', async (t) => {
  const limits = { oneAdminPerDay: '10m' };
  const { a, b, ada, select, pass, cluster } = await scene(t, { a: { limits }, b: {} });
  select();
  await rest();
  await pass(9 * MINUTE);
  const ben = await b.scene.listening(admin('ben'));
  b.scene.registry.listening.select(ben.session, 'cleo');
  await rest();
  const hears = (): (boolean | undefined)[] => [ada, ben].map(({ session }) => session.links.listen?.hearing != null);
  assert.deepEqual(hears(), [true, true]);
  cluster.buses.hub.delay = () => 80;
  const [before] = a.pipes.given;
  await pass(MINUTE, 'at once');
  assert.ok(!a.pipes.given.includes(before as never), 'what goes to the node might be passed on to Ada');
  cluster.buses.hub.delay = () => 0;
  await new Promise((resolve) => setTimeout(resolve, 200));
  await rest();
  assert.deepEqual(hears(), [false, true]);
  assert.deepEqual(a.given, ['b']);
});

it('what the home does not allow is neither shown nor passed on, whatever the other node’s policy says', async (t) => {
  for (const rules of [{ nobodyMayHear: ['cleo'] }, { purposes: PURPOSES }]) {
    const { a, ada, cleo, select } = await scene(t, { a: rules, b: {} });
    assert.equal(select().status, 'joining');
    await rest();
    const reason = 'purposes' in rules ? 'purpose_required' : 'policy_protected';
    assert.deepEqual(ada.peer.last('listen:ended'), { commercialId: 'cleo', reason });
    assert.deepEqual(cleo.peer.listeners, []);
    assert.deepEqual(a.given, []);
  }
});

it('the home counts what is heard at other nodes, tells of it, and ends it', async (t) => {
  const limits = { oneAdminPerDay: '10m', warnBefore: '2m' };
  const { a, b, ada, cleo, select, pass } = await scene(t, { a: { limits }, b: {} });
  select();
  await rest();
  assert.deepEqual(a.given, ['b']);
  assert.deepEqual(ada.peer.last('policy:time'), {
    commercialId: 'cleo',
    heardMs: 0,
    leftMs: 10 * MINUTE,
    running: true,
  });
  await pass(8 * MINUTE);
  const warning = { commercialId: 'cleo', reason: 'policy_time_used', endsInMs: 2 * MINUTE };
  assert.deepEqual(ada.peer.all('policy:warning'), [warning]);
  assert.deepEqual(cleo.peer.all('policy:warning'), [{ ...warning, adminId: 'ada' }]);
  await pass(2 * MINUTE);
  assert.deepEqual(ada.peer.last('listen:ended'), { commercialId: 'cleo', reason: 'policy_time_used' });
  assert.deepEqual(a.given, []);
  assert.deepEqual(cleo.peer.listeners, []);
  assert.equal(cleo.peer.last('policy:time').heardMs, 10 * MINUTE);
  const [ended] = b.scene.trail.filter((entry) => entry.event === 'hearing_ended');
  assert.equal(ended?.cause, 'policy_time_used');
  // Asked for again, it is judged again.
  select();
  await rest();
  assert.deepEqual(ada.peer.last('listen:ended').reason, 'policy_time_used');
  assert.deepEqual(a.given, []);
});

it('an admin at the home counts among those who may listen at the same time', async (t) => {
  const { a, ada, select, cleo } = await scene(t, { a: { limits: { maxListeners: 1 } }, b: {} });
  const bob = await a.scene.listening(admin('bob'));
  a.scene.registry.listening.select(bob.session, 'cleo');
  await rest();
  select();
  await rest();
  assert.deepEqual(ada.peer.last('listen:ended').reason, 'policy_full');
  assert.deepEqual(
    cleo.peer.listeners.map(({ id }) => id),
    ['bob'],
  );
});
