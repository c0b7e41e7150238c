/** Everybody is held to the policy: before something begins, while it runs, and when the policy changes. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { policyFile } from '../policy/policy-schema.ts';
import { policyOf } from '../policy/team-policy.ts';
import { Usage } from '../policy/usage.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { admin, commercial, type FakePage, Scene, settle } from './testing/scene.ts';

const MINUTE = 60_000;
const TRAINING = { id: 'training', label: { en: 'Training' } };
const EVERY_DAY = Object.fromEntries(
  ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['09:00-18:00']]),
);
const OFFICE = { timeZone: 'UTC', days: EVERY_DAY };

/** A relay with a policy that can be changed, and clocks that only `pass` moves. */
class PolicyScene extends Scene {
  readonly time: { now: number };
  readonly rules: { exists: boolean; file: ReturnType<typeof policyFile.parse> };

  constructor(rules: unknown, start = '2026-06-03T10:00Z') {
    const time = { now: Date.parse(start) };
    const held = { exists: true, file: policyFile.parse({ version: 1, teams: { '*': rules } }) };
    const wall = (): number => time.now;
    super({
      policy: { exists: true, of: (team) => policyOf(held.file, team) },
      usage: new Usage({ steady: wall, wall }),
      wall,
    });
    this.time = time;
    this.rules = held;
  }

  /** Time goes by, with all timers that ring meanwhile. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      const step = Math.min(left, 1000);
      this.time.now += step;
      mock.timers.tick(step);
    }
    await settle();
  }

  change(rules: unknown): void {
    this.rules.file = policyFile.parse({ version: 1, teams: { '*': rules } });
    this.registry.policyChanged();
  }

  select(page: FakePage, id: string, purpose: string | null = null) {
    return this.registry.listening.select(page.session, id, false, purpose);
  }

  /** Cléo is live and Ada hears her. */
  async heard(purpose: string | null = null) {
    const cleo = await this.live(commercial('cleo'));
    const ada = await this.listening(admin('ada'));
    this.select(ada, 'cleo', purpose);
    await settle();
    return { cleo, ada };
  }

  get open(): string[] {
    const open = new Map<string, string>();
    for (const entry of this.trail) {
      if (entry.event === 'hearing_began') open.set(entry.hearing, entry.admin);
      if (entry.event === 'hearing_ended') open.delete(entry.hearing);
    }
    return [...open.values()].sort();
  }
}

const refusedWith = (code: ErrorCode) => (error: Error & { code?: string }) => error.code === code;

// `performance.now` stays real: what the rules go by is injected.
beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

describe('without rules', () => {
  it('a policy that says nothing changes nothing, and counts', async () => {
    const scene = new PolicyScene({});
    const { cleo, ada } = await scene.heard();
    assert.deepEqual(scene.open, ['ada']);
    assert.deepEqual(ada.peer.last('policy:changed'), { teams: [], notice: null, consent: null });
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
    await assert.rejects(scene.publish(cleo), refusedWith('consent_required'));
    assert.throws(() => scene.registry.consent(cleo.session, 'a'), refusedWith('bad_request'));
    scene.registry.consent(cleo.session, 'b');
    scene.registry.consent(cleo.session, 'b');
    await scene.publish(cleo);
    assert.equal(scene.join(commercial('cleo')).peer.last('policy:changed').consent?.given, true);
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
  const pauses = scene.trail.filter((entry) => entry.event === 'stream_paused');
  assert.deepEqual(
    pauses.map(({ paused, reason }) => [paused, reason]),
    [
      [true, 'objection'],
      [false, 'asked'],
      [true, 'asked'],
    ],
  );
  const metric = await scene.measures.registry.getSingleMetricAsString('prospect_relay_objections_total');
  assert.match(metric, /^prospect_relay_objections_total 1$/m);
  scene.registry.close();
});

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
