/** Everybody is held to the policy: before something begins, while it runs, and when the policy changes. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { MINUTE, OFFICE, PolicyScene, TRAINING } from './testing/policy-scene.ts';
import { admin, commercial, Scene, settle } from './testing/scene.ts';

const refusedWith = (code: ErrorCode) => (error: Error & { code?: string }) => error.code === code;

// `performance.now` stays real: what the rules go by is injected.
beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

describe('without rules', () => {
  it('a policy that says nothing changes nothing, and counts', async () => {
    const scene = new PolicyScene({});
    const { cleo, ada } = await scene.heard();
    assert.deepEqual(scene.open, ['ada']);
    assert.deepEqual(ada.peer.last('policy:changed'), {
      tag: 'one',
      teams: [],
      open: true,
      notice: null,
      consent: null,
    });
    assert.deepEqual(cleo.peer.last('policy:changed').notice, { tone: true, vibration: true, card: true });
    await scene.pass(50 * MINUTE);
    scene.registry.listening.stop(ada.session);
    await settle();
    const time = cleo.peer.last('policy:time');
    assert.deepEqual(time, { commercialId: 'cleo', heardMs: 50 * MINUTE, leftMs: null, running: false });
    assert.deepEqual(ada.peer.all('policy:warning'), []);
    scene.registry.close();
    assert.equal(scene.registry.gauges().timers, 0);
  });

  it('no page of a relay without a policy hears of one', async () => {
    const scene = new Scene();
    const cleo = await scene.live(commercial('cleo'));
    const ada = await scene.listening(admin('ada'));
    scene.registry.listening.select(ada.session, 'cleo', false, 'curiosity');
    await settle();
    assert.deepEqual(cleo.peer.listeners, [{ id: 'ada', name: 'ADA' }]);
    for (const { peer } of [cleo, ada]) {
      assert(peer.heard.every(({ name }) => !name.startsWith('policy:')));
    }
    scene.registry.close();
  });
});

describe('working hours', () => {
  it('refuse streams and listening outside', async () => {
    const scene = new PolicyScene({ hours: OFFICE }, '2026-06-03T18:00Z');
    await assert.rejects(scene.live(commercial('cleo')), refusedWith('policy_hours'));
    const ada = await scene.listening(admin('ada'));
    assert.throws(() => scene.select(ada, 'cleo'), refusedWith('policy_hours'));
    assert.deepEqual(
      scene.trail.map((entry) => entry.event === 'policy_refused' && [entry.commercial, entry.admin, entry.reason]),
      [
        ['cleo', undefined, 'policy_hours'],
        ['cleo', 'ada', 'policy_hours'],
      ],
    );
    scene.registry.close();
  });

  it('are known to the page before its stream ends by them, and when they begin again', async () => {
    const hours = { timeZone: 'UTC', days: { wed: ['09:00-18:00', '18:30-20:00'] } };
    const scene = new PolicyScene({ hours, nobodyMayHear: ['cleo'] }, '2026-06-03T17:59Z');
    const cleo = await scene.live(commercial('cleo'));
    const said = () => cleo.peer.heard.map(({ name }) => name).filter((name) => /^(policy:ch|stream:e)/.test(name));
    const open = () => cleo.peer.all('policy:changed').map((told) => told.open);
    await scene.pass(MINUTE);
    assert.deepEqual(said(), ['policy:changed', 'policy:changed', 'stream:ended']);
    await scene.pass(30 * MINUTE - 1000);
    assert.deepEqual(open(), [true, false]);
    await scene.pass(1000);
    assert.deepEqual(open(), [true, false, true]);
    scene.registry.close();
  });

  it('warn, then end the stream and who hears it, to the moment', async () => {
    const scene = new PolicyScene({ hours: OFFICE, limits: { warnBefore: '5m' } }, '2026-06-03T17:50Z');
    const { cleo, ada } = await scene.heard();
    await scene.pass(5 * MINUTE - 1000);
    assert.deepEqual(cleo.peer.all('policy:warning'), []);
    await scene.pass(1000);
    const warning = { commercialId: 'cleo', reason: 'policy_hours', endsInMs: 5 * MINUTE };
    assert.deepEqual(cleo.peer.all('policy:warning'), [warning]);
    assert.deepEqual(ada.peer.all('policy:warning'), [warning]);
    await scene.pass(5 * MINUTE - 1000);
    assert.deepEqual(scene.open, ['ada']);
    await scene.pass(1000);
    assert.deepEqual(scene.open, []);
    assert.deepEqual(cleo.peer.last('stream:ended'), { reason: 'policy_hours' });
    assert.deepEqual(ada.peer.last('listen:ended'), {
      commercialId: 'cleo',
      reason: 'policy_hours',
      againInMs: 15 * 60 * MINUTE,
    });
    const ends = scene.trail.filter((entry) => entry.event === 'stream_ended' || entry.event === 'hearing_ended');
    assert.deepEqual(
      ends.map(({ cause }) => cause),
      ['policy_hours', 'policy_hours'],
    );
    assert.equal(cleo.peer.all('policy:warning').length, 1);
    scene.registry.close();
  });
});

describe('limits of time', () => {
  it('the longest stream ends it', async () => {
    const scene = new PolicyScene({ limits: { longestStream: '1m', warnBefore: '0' } });
    mock.method(performance, 'now', () => scene.time.now);
    const cleo = await scene.live(commercial('cleo'));
    await scene.pass(59_000);
    assert.deepEqual(cleo.peer.all('stream:ended'), []);
    await scene.pass(1000);
    assert.deepEqual(cleo.peer.last('stream:ended'), { reason: 'policy_time' });
    mock.restoreAll();
    scene.registry.close();
  });

  it('what may be heard on a day ends the hearing, not the stream, and refuses another', async () => {
    const scene = new PolicyScene({ limits: { heardPerDay: '10m', warnBefore: '2m' } }, '2026-06-03T23:45Z');
    const { cleo, ada } = await scene.heard();
    await scene.pass(8 * MINUTE);
    const warning = { commercialId: 'cleo', reason: 'policy_time_used', endsInMs: 2 * MINUTE };
    assert.deepEqual(ada.peer.all('policy:warning'), [warning]);
    assert.deepEqual(cleo.peer.all('policy:warning'), [{ ...warning, adminId: 'ada' }]);
    await scene.pass(2 * MINUTE);
    assert.deepEqual(scene.open, []);
    assert.deepEqual(ada.peer.last('listen:ended').reason, 'policy_time_used');
    assert.deepEqual(cleo.peer.all('stream:ended'), []);
    assert.deepEqual(cleo.peer.listeners, []);
    assert.deepEqual(cleo.peer.last('policy:time'), {
      commercialId: 'cleo',
      heardMs: 10 * MINUTE,
      leftMs: 0,
      running: false,
    });
    const bob = await scene.listening(admin('bob'));
    assert.throws(() => scene.select(bob, 'cleo'), refusedWith('policy_time_used'));
    await scene.pass(5 * MINUTE);
    scene.select(bob, 'cleo');
    await settle();
    assert.deepEqual(scene.open, ['bob']);
    scene.registry.close();
  });

  it('a pause does not use it up, a wish neither', async () => {
    const scene = new PolicyScene({ limits: { oneAdminPerDay: '10m' } });
    const { cleo, ada } = await scene.heard();
    await scene.pass(MINUTE);
    await scene.registry.publishing.pause(cleo.session, true);
    await scene.pass(30 * MINUTE);
    await scene.registry.publishing.pause(cleo.session, false);
    await settle();
    await scene.pass(9 * MINUTE - 1000);
    assert.deepEqual(scene.open, ['ada']);
    await scene.pass(1000);
    assert.deepEqual(ada.peer.last('listen:ended').reason, 'policy_time_used');
    scene.registry.close();
  });

  it('a stretch is not begun anew by letting go for a moment', async () => {
    const scene = new PolicyScene({ limits: { longestListening: '10m', restBetween: '5m' } });
    const { ada } = await scene.heard();
    await scene.pass(6 * MINUTE);
    scene.registry.listening.stop(ada.session);
    await settle();
    await scene.pass(MINUTE);
    scene.select(ada, 'cleo');
    await settle();
    await scene.pass(4 * MINUTE);
    assert.deepEqual(ada.peer.last('listen:ended').reason, 'policy_time');
    assert.throws(() => scene.select(ada, 'cleo'), refusedWith('policy_time'));
    await scene.pass(5 * MINUTE);
    scene.select(ada, 'cleo');
    await settle();
    assert.deepEqual(scene.open, ['ada']);
    scene.registry.close();
  });
});

describe('who may hear, and how many', () => {
  it('nobody hears a staff representative, live or not', async () => {
    const scene = new PolicyScene({ nobodyMayHear: ['cleo'] });
    const cleo = await scene.live(commercial('cleo'));
    const ada = await scene.listening(admin('ada'));
    assert.throws(() => scene.select(ada, 'cleo'), refusedWith('policy_protected'));
    assert.deepEqual(cleo.peer.listeners, []);
    scene.registry.close();
  });

  it('an admin of another team learns nothing of it', async () => {
    const scene = new PolicyScene({ nobodyMayHear: ['cleo', 'ghost'], purposes: [TRAINING] });
    await scene.live(commercial('cleo'));
    const eve = await scene.listening(admin('eve', ['Sud']));
    for (const id of ['cleo', 'ghost']) assert.equal(scene.select(eve, id).status, 'waiting');
    assert(scene.trail.every(({ event }) => event !== 'policy_refused'));
    scene.registry.close();
  });

  it('one who was waited for is judged when they come', async () => {
    const scene = new PolicyScene({ nobodyMayHear: ['cleo'] });
    const ada = await scene.listening(admin('ada'));
    assert.equal(scene.select(ada, 'cleo').status, 'waiting');
    const cleo = await scene.live(commercial('cleo'));
    await settle();
    assert.deepEqual(ada.peer.last('listen:ended'), { commercialId: 'cleo', reason: 'policy_protected' });
    assert.deepEqual(cleo.peer.listeners, []);
    scene.registry.close();
  });

  it('one too many is refused, and nobody who is there gives way to one who comes back', async () => {
    const scene = new PolicyScene({ limits: { maxListeners: 1 } });
    const cleo = await scene.live(commercial('cleo'));
    const ada = scene.join(admin('ada'));
    scene.select(ada, 'cleo');
    const bob = await scene.listening(admin('bob'));
    assert.throws(() => scene.select(bob, 'cleo'), refusedWith('policy_full'));
    ada.session.detach(ada.peer);
    scene.select(bob, 'cleo');
    await settle();
    assert.deepEqual(scene.open, ['bob']);
    const back = scene.join(admin('ada'), ada.session);
    await settle();
    assert.equal(back.resumed, true);
    assert.deepEqual(back.peer.last('listen:ended').reason, 'policy_full');
    assert.deepEqual(scene.open, ['bob']);
    assert.deepEqual(
      cleo.peer.listeners.map(({ id }) => id),
      ['bob'],
    );
    scene.registry.close();
  });
});

describe('why', () => {
  it('a purpose must be given; the commercial sees it, the audit trail has it', async () => {
    const scene = new PolicyScene({ purposes: [TRAINING, { id: 'help', label: { en: 'Help' } }] });
    const { cleo, ada } = await scene.heard('training');
    assert.deepEqual(cleo.peer.listeners, [{ id: 'ada', name: 'ADA', purpose: 'training' }]);
    assert.deepEqual(ada.peer.last('policy:changed').teams[0]?.equipe, 'Nord');
    const bob = await scene.listening(admin('bob'));
    assert.throws(() => scene.select(bob, 'cleo'), refusedWith('purpose_required'));
    assert.throws(() => scene.select(bob, 'cleo', 'curiosity'), refusedWith('purpose_required'));
    // Another purpose is another hearing, which begins once it is shown.
    scene.select(ada, 'cleo', 'help');
    await settle();
    assert.deepEqual(cleo.peer.listeners, [{ id: 'ada', name: 'ADA', purpose: 'help' }]);
    const began = scene.trail.flatMap((entry) => (entry.event === 'hearing_began' ? [entry.purpose] : []));
    assert.deepEqual(began, ['training', 'help']);
    scene.registry.close();
  });
});

describe('consent', () => {
  const asked = { consent: { version: 'b', text: { en: 'You may be heard.' } } };

  it('is asked before a stream, and kept', async () => {
    const scene = new PolicyScene(asked);
    const cleo = scene.join(commercial('cleo'));
    assert.deepEqual(cleo.peer.last('policy:changed').consent, { ...asked.consent, given: false });
    const other = scene.join(commercial('cleo'));
    assert.equal(other.peer.last('policy:changed').consent?.given, false);
    await assert.rejects(scene.publish(cleo), refusedWith('consent_required'));
    assert.throws(() => scene.registry.consent(cleo.session, 'a'), refusedWith('bad_request'));
    scene.registry.consent(cleo.session, 'b');
    scene.registry.consent(cleo.session, 'b');
    await scene.publish(cleo);
    assert.equal(scene.join(commercial('cleo')).peer.last('policy:changed').consent?.given, true);
    assert.equal(other.peer.last('policy:changed').consent?.given, true, 'nobody is asked again on another page');
    const given = scene.trail.filter(({ event }) => event === 'consent_given');
    assert.deepEqual(given, [{ event: 'consent_given', commercial: 'cleo', equipe: 'Nord', version: 'b' }]);
    scene.registry.close();
  });

  it('is asked again when the text changes, also of who streams', async () => {
    const scene = new PolicyScene(asked);
    const cleo = scene.join(commercial('cleo'));
    scene.registry.consent(cleo.session, 'b');
    await scene.publish(cleo);
    scene.change({ consent: { version: 'c', text: { en: 'You will be heard.' } } });
    assert.deepEqual(cleo.peer.last('stream:ended'), { reason: 'consent_required' });
    assert.equal(cleo.peer.last('policy:changed').consent?.given, false);
    scene.registry.close();
  });

  it('may be the host’s to ask, who says so in the token', async () => {
    const scene = new PolicyScene({ consent: { version: 'b', claim: true } });
    const cleo = scene.join(commercial('cleo'));
    assert.throws(() => scene.registry.consent(cleo.session, 'b'), refusedWith('bad_request'));
    await assert.rejects(scene.publish(cleo), refusedWith('consent_required'));
    cleo.session.refresh({ user: commercial('cleo'), expiresAt: Date.now() + 3_600_000, consent: 'b' });
    assert.deepEqual(cleo.peer.last('policy:changed').consent, { version: 'b', text: null, given: true });
    await scene.publish(cleo);
    // A token that says so no more, and nothing else new, ends it at once.
    cleo.session.refresh({ user: commercial('cleo'), expiresAt: Date.now() + 3_600_000 });
    assert.deepEqual(cleo.peer.last('stream:ended'), { reason: 'consent_required' });
    scene.registry.close();
  });
});

it('a page is told what the policy asks, and not again by a new token that says nothing new', async () => {
  const scene = new PolicyScene({ purposes: [TRAINING] });
  const { cleo, ada } = await scene.heard('training');
  const told = () => [cleo, ada].map(({ peer }) => peer.all('policy:changed').length);
  assert.deepEqual(told(), [1, 1]);
  cleo.session.refresh({ user: commercial('cleo'), expiresAt: Date.now() + 3_600_000 });
  ada.session.refresh({ user: admin('ada'), expiresAt: Date.now() + 3_600_000 });
  assert.deepEqual(told(), [1, 1]);
  scene.change({ purposes: [TRAINING] });
  assert.deepEqual(told(), [2, 2], 'another policy, which asks for the same');
  scene.registry.close();
});

it('what is left of a day is told anew by another policy, to both sides', async () => {
  const scene = new PolicyScene({ limits: { heardPerDay: '30m' } });
  const { cleo, ada } = await scene.heard();
  await scene.pass(10 * MINUTE);
  for (const [rules, leftMs] of [
    [{ limits: { heardPerDay: '1h' } }, 50 * MINUTE],
    [{}, null],
  ] as const) {
    scene.change(rules);
    for (const { peer } of [cleo, ada]) {
      const time = peer.last('policy:time');
      assert.deepEqual([time.heardMs, time.leftMs, time.running], [10 * MINUTE, leftMs, true]);
    }
  }
  const before = cleo.peer.all('policy:time').length;
  scene.change({});
  scene.registry.listening.stop(ada.session);
  await settle();
  assert.equal(cleo.peer.last('policy:time').running, false);
  scene.change({});
  assert.equal(cleo.peer.all('policy:time').length, before + 3, 'once for each policy, also of what is over');
  scene.registry.close();
});

it('a policy that changes takes effect on those who run', async () => {
  const scene = new PolicyScene({});
  const { cleo, ada } = await scene.heard();
  await scene.pass(20 * MINUTE);
  scene.change({ limits: { oneAdminPerDay: '10m' } });
  await settle();
  assert.deepEqual(ada.peer.last('listen:ended').reason, 'policy_time_used');
  assert.deepEqual(scene.open, []);
  assert.deepEqual(cleo.peer.all('stream:ended'), []);
  scene.registry.close();
});

it('who minds at the door is a pause with a reason, and nothing of who', async () => {
  const scene = new PolicyScene({});
  const { cleo } = await scene.heard();
  const { publishing } = scene.registry;
  await publishing.pause(cleo.session, true, 'objection');
  await publishing.pause(cleo.session, true, 'objection');
  await publishing.pause(cleo.session, false);
  await publishing.pause(cleo.session, true);
  const reasons = () =>
    scene.trail.flatMap((entry) => (entry.event === 'stream_paused' ? [[entry.paused, entry.reason]] : []));
  assert.deepEqual(reasons(), [
    [true, 'objection'],
    [false, 'asked'],
    [true, 'asked'],
  ]);
  const counted = () => scene.measures.registry.getSingleMetricAsString('prospect_relay_objections_total');
  assert.match(await counted(), /^prospect_relay_objections_total 1$/m);
  // Minded while it is paused already: that counts too, once, and is no other pause.
  await publishing.pause(cleo.session, true, 'objection');
  await publishing.pause(cleo.session, true, 'objection');
  await publishing.pause(cleo.session, true);
  assert.equal(reasons().length, 4);
  assert.deepEqual(reasons().at(-1), [true, 'objection']);
  assert.match(await counted(), /^prospect_relay_objections_total 2$/m);
  await publishing.pause(cleo.session, false);
  await publishing.pause(cleo.session, true, 'objection');
  assert.match(await counted(), /^prospect_relay_objections_total 3$/m);
  scene.registry.close();
});
