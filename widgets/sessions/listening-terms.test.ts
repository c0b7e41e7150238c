/** What a relay's policy asks of the admin's page, among fakes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admin, settle } from './testing/fake-relay.ts';
import { listeningScene } from './testing/listening-scene.ts';

const CHANGED = { tag: 'one', open: true, notice: null, consent: null } as const;
const TEAMS = [{ equipe: 'nord', purposes: [{ id: 'training', label: { en: 'Training' } }] }];

/** Ready, with a policy. */
function scene() {
  const parts = listeningScene();
  const selects: unknown[] = [];
  parts.relay.answers['listen:select'] = (params) => {
    selects.push(params);
    return { status: 'live', liveForMs: 0 };
  };
  parts.relay.ready(admin('a1'));
  parts.relay.emit('policy:changed', { ...CHANGED, teams: TEAMS });
  return { ...parts, selects };
}

test('the purpose goes with the selection, and with every repetition of it', async (t) => {
  const { relay, session, selects } = scene();
  t.after(() => session.close());
  assert.deepEqual(session.getState().policy?.teams, TEAMS);
  await session.listen('c1', 'training');
  assert.equal(session.getState().purpose, 'training');
  relay.ready(admin('a1'));
  await settle();
  assert.deepEqual(selects, [
    { commercialId: 'c1', purpose: 'training' },
    { commercialId: 'c1', purpose: 'training', again: true },
  ]);
  await session.listen('c1', 'help');
  assert.equal(session.getState().purpose, 'help');
  await session.listen('c2');
  assert.deepEqual(selects.at(-1), { commercialId: 'c2' });
  assert.equal(session.getState().purpose, null);
});

test('a refused purpose leaves what was heard, with its own', async (t) => {
  const { relay, session, selects } = scene();
  t.after(() => session.close());
  await session.listen('c1', 'training');
  const answer = relay.answers['listen:select'];
  relay.answers['listen:select'] = (params) => {
    if (params.purpose === 'curiosity') throw Object.assign(new Error('no'), { code: 'purpose_required' });
    return answer(params);
  };
  await session.listen('c2', 'curiosity');
  await settle();
  assert.equal(session.getState().purpose, 'training');
  assert.deepEqual(selects.at(-1), { commercialId: 'c1', purpose: 'training', again: true });
});

test('rows say who may not be heard, until when by this page’s clock; the same object while that is so', (t) => {
  const { relay, session } = scene();
  t.after(() => session.close());
  const row = { id: 'c1', name: 'Cleo', equipe: 'nord', status: 'ready', interruption: null, liveForMs: null } as const;
  const rest = { level: 0, listenerCount: 0, helpForMs: null } as const;
  const barred = { reason: 'policy_hours', againInMs: 60_000 } as const;
  relay.emit('roster:snapshot', { commercials: [{ ...row, ...rest, barred }] });
  const first = session.getState().commercials[0]?.barred;
  assert.equal(first?.reason, 'policy_hours');
  assert.ok(Math.abs((first?.until ?? 0) - Date.now() - 60_000) < 1_000);
  relay.emit('roster:delta', { changed: [{ ...row, ...rest, listenerCount: 1, barred }], levels: [], removed: [] });
  assert.equal(session.getState().commercials[0]?.barred, first);
  relay.emit('roster:delta', { changed: [{ ...row, ...rest }], levels: [], removed: [] });
  assert.equal(session.getState().commercials[0]?.barred, null);
});

test('an end by the policy has its reason, and bars this admin until the time is over', async (t) => {
  const { relay, session } = scene();
  t.after(() => session.close());
  await session.listen('c1', 'training');
  relay.emit('policy:warning', { commercialId: 'c1', reason: 'policy_time', endsInMs: 1_000 });
  assert.equal(session.getState().policy?.warning?.reason, 'policy_time');
  relay.emit('listen:ended', { commercialId: 'c1', reason: 'policy_time', againInMs: 60_000 });
  const { fault, policy, selectedId } = session.getState();
  assert.deepEqual([fault?.code, selectedId, policy?.warning], ['policy_time', null, null]);
  const own = policy?.own.find(({ commercialId }) => commercialId === 'c1');
  assert.equal(own?.reason, 'policy_time');
  assert.ok(Math.abs((own?.until ?? 0) - Date.now() - 60_000) < 1_000);
  // Told again by the same policy: after a break, or because a newer token names other teams.
  relay.ready(admin('a1'), { resumed: true, hasMedia: true });
  relay.emit('policy:changed', { ...CHANGED, teams: [] });
  assert.deepEqual([session.getState().policy?.own.length, session.getState().policy?.teams.length], [1, 0]);
  relay.emit('policy:changed', { ...CHANGED, tag: 'two', teams: TEAMS });
  assert.equal(session.getState().policy?.own.length, 0);
});

test('how long was heard is kept for each commercial; another user begins anew', async (t) => {
  const { relay, session } = scene();
  t.after(() => session.close());
  const byAll = { heardMs: 90_000, leftMs: 30_000 };
  relay.emit('policy:time', { commercialId: 'c1', heardMs: 60_000, leftMs: 30_000, running: false, byAll });
  relay.emit('policy:time', { commercialId: 'c2', heardMs: 1, leftMs: null, running: true });
  const { times = [] } = session.getState().policy ?? {};
  assert.deepEqual(
    times.map(({ commercialId, leftMs, byAll: all }) => [commercialId, leftMs, all]),
    [
      ['c1', 30_000, byAll],
      ['c2', null, undefined],
    ],
  );
  relay.ready(admin('a2'));
  assert.equal(session.getState().policy, null);
});

test('what another policy said counts no more, nor what any did at a relay without one', async (t) => {
  const { relay, session } = scene();
  t.after(() => session.close());
  relay.emit('policy:time', { commercialId: 'c1', heardMs: 60_000, leftMs: 30_000, running: true });
  relay.emit('policy:warning', { commercialId: 'c1', reason: 'policy_time', endsInMs: 1_000 });
  relay.ready(admin('a1'));
  assert.equal(session.getState().policy?.times.length, 1);
  relay.emit('policy:changed', { ...CHANGED, tag: 'two', teams: TEAMS });
  const { policy } = session.getState();
  assert.deepEqual(policy, { teams: TEAMS, times: [], own: [], warning: null });
  relay.policy = false;
  relay.ready(admin('a1'));
  assert.equal(session.getState().policy, null);
});
