/** What the policy says beforehand: whom nobody may hear now, and what will end. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { MINUTE, OFFICE, PolicyScene } from './testing/policy-scene.ts';
import { admin, commercial, type FakePage, Scene } from './testing/scene.ts';

// `performance.now` stays real: what the rules go by is injected.
beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

describe('what is said beforehand', () => {
  const barredOf = (page: FakePage, id: string) => {
    const rows = [
      ...page.peer.all('roster:snapshot').flatMap(({ commercials }) => commercials),
      ...page.peer.all('roster:delta').flatMap(({ changed }) => changed),
    ];
    return rows.findLast((row) => row.id === id)?.barred;
  };
  const show = async (scene: PolicyScene) => scene.pass(1_000);

  it('a row says that nobody may be heard outside the hours, and until when; and no longer once they begin', async () => {
    const scene = new PolicyScene({ hours: OFFICE }, '2026-06-03T08:30Z');
    const ada = scene.join(admin('ada'));
    scene.join(commercial('cleo'));
    await show(scene);
    const barred = barredOf(ada, 'cleo');
    assert.equal(barred?.reason, 'policy_hours');
    assert.ok(Math.abs((barred?.againInMs ?? 0) - 30 * MINUTE) < 2_000, String(barred?.againInMs));
    await scene.pass(30 * MINUTE);
    await show(scene);
    assert.equal(barredOf(ada, 'cleo'), undefined);
    scene.registry.close();
    assert.equal(scene.registry.gauges().timers, 0);
  });

  it('and says it when they end', async () => {
    const scene = new PolicyScene({ hours: OFFICE }, '2026-06-03T17:30Z');
    const ada = scene.join(admin('ada'));
    scene.join(commercial('cleo'));
    await show(scene);
    assert.equal(barredOf(ada, 'cleo'), undefined);
    await scene.pass(30 * MINUTE);
    await show(scene);
    assert.equal(barredOf(ada, 'cleo')?.reason, 'policy_hours');
    scene.registry.close();
  });

  it('nor may staff representatives, live or not; nor who has not acknowledged the text', async () => {
    const consent = { version: 'b', text: { en: 'You may be heard.' } };
    const scene = new PolicyScene({ nobodyMayHear: ['rep'], consent });
    const ada = scene.join(admin('ada'));
    scene.join(commercial('rep'));
    const cleo = scene.join(commercial('cleo'));
    await show(scene);
    assert.deepEqual(barredOf(ada, 'rep'), { reason: 'policy_protected', againInMs: null });
    assert.deepEqual(barredOf(ada, 'cleo'), { reason: 'consent_required', againInMs: null });
    scene.registry.consent(cleo.session, 'b');
    await show(scene);
    assert.equal(barredOf(ada, 'cleo'), undefined);
    scene.registry.close();
  });

  it('as many listen as may; a day’s time is used up', async () => {
    const scene = new PolicyScene({ limits: { maxListeners: 1, heardPerDay: '2m' } }, '2026-06-03T23:00Z');
    const bob = scene.join(admin('bob'));
    const { ada } = await scene.heard();
    await show(scene);
    assert.deepEqual(barredOf(bob, 'cleo'), { reason: 'policy_full', againInMs: null });
    assert.deepEqual(ada.peer.last('policy:time').byAll, { heardMs: 0, leftMs: 2 * MINUTE });
    await scene.pass(2 * MINUTE);
    await show(scene);
    const barred = barredOf(bob, 'cleo');
    assert.equal(barred?.reason, 'policy_time_used');
    assert.ok((barred?.againInMs ?? 0) > 55 * MINUTE, String(barred?.againInMs));
    scene.registry.close();
  });

  it('no row without a policy says anything', async () => {
    const scene = new Scene();
    const ada = scene.join(admin('ada'));
    scene.join(commercial('cleo'));
    mock.timers.tick(1_000);
    assert.equal(barredOf(ada, 'cleo'), undefined);
    scene.registry.close();
  });

  it('the commercial is told whose listening will end, and that it has; the admin, when it may go on', async () => {
    const scene = new PolicyScene({
      limits: { longestListening: '10m', restBetween: '5m', warnBefore: '2m', heardPerDay: '1h' },
    });
    const { cleo, ada } = await scene.heard();
    await scene.pass(8 * MINUTE);
    const warning = { commercialId: 'cleo', reason: 'policy_time', endsInMs: 2 * MINUTE };
    assert.deepEqual(cleo.peer.all('policy:warning'), [{ ...warning, adminId: 'ada' }]);
    assert.deepEqual(ada.peer.all('policy:warning'), [warning]);
    assert.deepEqual(ada.peer.last('policy:time').byAll, { heardMs: 0, leftMs: 60 * MINUTE });
    assert.deepEqual(cleo.peer.all('policy:ended'), []);
    await scene.pass(2 * MINUTE);
    assert.deepEqual(cleo.peer.all('policy:ended'), [{ adminId: 'ada', reason: 'policy_time' }]);
    const ended = ada.peer.last('listen:ended');
    assert.equal(ended.reason, 'policy_time');
    assert.ok(Math.abs((ended.againInMs ?? 0) - 5 * MINUTE) < 1_000, String(ended.againInMs));
    scene.registry.close();
  });
});
