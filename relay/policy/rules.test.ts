import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { policyFile, teamRules, WEEKDAYS } from './policy-schema.ts';
import { judgeListening, judgeStream, type ListeningFacts, type StreamFacts, type Verdict } from './rules.ts';
import { NO_POLICY, policyOf, type TeamPolicy } from './team-policy.ts';
import { ZoneClock } from './zone-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** With days of 23 and 25 hours, jumps of half an hour, jumps at midnight, and offsets that are no whole hours. */
const ZONES = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Beirut',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
];

const QUIET: StreamFacts = { liveMs: 0, consent: null };
const FRESH: ListeningFacts = {
  commercialId: 'lea',
  purpose: null,
  others: 0,
  heardMs: 0,
  pairMs: 0,
  stretchMs: 0,
  restedMs: 0,
};

/** The policy of a team for which a file says this. */
function policy(rules: unknown): TeamPolicy {
  return policyOf(policyFile.parse({ version: 1, teams: { '*': rules } }), 'any');
}

const at = (iso: string): number => Date.parse(iso);

const text = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const anyRange = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 0, max: 1440 }))
  .filter(([start, end]) => start !== end && !(start === 0 && end === 0))
  .map(([start, end]) => `${text(start)}-${text(end)}`);
/** Around the nights on which clocks jump, and at other times. */
const anyMoment = fc.oneof(
  fc.integer({ min: at('2024-01-01T00:00Z'), max: at('2028-01-01T00:00Z') }),
  fc
    .tuple(
      fc.constantFrom(
        '2026-03-29T01:00Z',
        '2026-10-25T01:00Z',
        '2026-03-08T07:00Z',
        '2026-11-01T06:00Z',
        '2026-04-04T15:00Z',
      ),
      fc.integer({ min: -30 * HOUR, max: 30 * HOUR }),
    )
    .map(([iso, shift]) => at(iso) + shift),
);
const anyDuration = (max: number) => fc.option(fc.integer({ min: 1, max }).map((minutes) => `${minutes}m`));
const anyHours = fc.record({
  timeZone: fc.constantFrom(...ZONES),
  days: fc.dictionary(fc.constantFrom(...WEEKDAYS), fc.array(anyRange, { maxLength: 3 })).map((days) => ({ ...days })),
  closed: fc.array(fc.constantFrom('2026-03-29', '2026-10-25', '2026-11-01', '2026-10-26'), { maxLength: 2 }),
});
const anyLimits = fc.record({
  longestStream: anyDuration(2000),
  longestListening: anyDuration(600),
  restBetween: fc.integer({ min: 0, max: 30 }).map((minutes) => `${minutes}m`),
  heardPerDay: anyDuration(1440),
  oneAdminPerDay: anyDuration(1440),
  maxListeners: fc.option(fc.integer({ min: 1, max: 4 })),
});
const anyPolicy = fc.record({ hours: fc.option(anyHours), limits: anyLimits }).map((rules) => policy(rules));
const anyFacts = fc
  .record({
    others: fc.integer({ min: 0, max: 5 }),
    pairMs: fc.integer({ min: 0, max: 8 * HOUR }),
    more: fc.integer({ min: 0, max: 8 * HOUR }),
    stretchMs: fc.integer({ min: 0, max: 8 * HOUR }),
  })
  .map(({ more, ...facts }): ListeningFacts => ({ ...FRESH, ...facts, heardMs: facts.pairMs + more }));

/** What the facts are at a later moment when the admin goes on hearing. */
function later(facts: ListeningFacts, clock: ZoneClock, from: number, to: number): ListeningFacts {
  const passed = to - from;
  const isSameDay = clock.day(from) === clock.day(to);
  const today = to - clock.startOfDay(to);
  return {
    ...facts,
    heardMs: isSameDay ? facts.heardMs + passed : today,
    pairMs: isSameDay ? facts.pairMs + passed : today,
    stretchMs: facts.stretchMs + passed,
  };
}

/** Whatever the verdict says of the time until it changes must be so, and it must be another right then. */
function holdsUntil(verdict: Verdict, now: number, share: number, judge: (moment: number) => Verdict): void {
  const { until } = verdict;
  for (const moment of until === null
    ? [now + Math.floor(share * 7 * DAY)]
    : [now + Math.floor(share * (until - now)), until - 1]) {
    const then = judge(moment);
    assert.equal(
      then.allowed,
      verdict.allowed,
      `at ${new Date(moment).toISOString()} until ${until && new Date(until).toISOString()}`,
    );
  }
  if (until === null) return;
  assert(until > now);
  const then = judge(until);
  assert.equal(then.allowed, !verdict.allowed, `at ${new Date(until).toISOString()} itself`);
  if (verdict.allowed) assert.equal(then.why, verdict.why);
}

describe('without a policy, and with one that says nothing', () => {
  it('everything is allowed without an end, at any time', () => {
    fc.assert(
      fc.property(anyMoment, anyFacts, fc.integer({ min: 0 }), (now, facts, liveMs) => {
        for (const rules of [NO_POLICY, policy({}), policyOf(policyFile.parse({ version: 1 }), 'nord')]) {
          assert.deepEqual(judgeListening(rules, facts, now), { allowed: true, until: null, why: null });
          assert.deepEqual(judgeStream(rules, { liveMs, consent: null }, now), {
            allowed: true,
            until: null,
            why: null,
          });
        }
      }),
    );
  });
});

/** The same rules, of which nothing was found before. */
const afresh = (rules: TeamPolicy): TeamPolicy => ({ ...rules, hours: rules.hours && { ...rules.hours } });

it('what was found before of working hours is what would be found anew', () => {
  fc.assert(
    fc.property(anyHours, fc.array(anyMoment, { minLength: 2, maxLength: 6 }), (hours, moments) => {
      const rules = policy({ hours });
      const near = moments.flatMap((moment) => [moment, moment + HOUR, moment - HOUR]);
      for (const now of near) assert.deepEqual(judgeStream(rules, QUIET, now), judgeStream(afresh(rules), QUIET, now));
    }),
    { numRuns: 200 },
  );
});

describe('the end that is foretold', () => {
  it('of working hours is exact, whatever clocks do', () => {
    fc.assert(
      fc.property(anyHours, anyMoment, fc.double({ min: 0, max: 0.999_999, noNaN: true }), (hours, now, share) => {
        const rules = policy({ hours });
        const judge = (moment: number) => judgeStream(afresh(rules), QUIET, moment);
        holdsUntil(judge(now), now, share, judge);
      }),
      { numRuns: 400 },
    );
  });

  it('of a stream is exact', () => {
    fc.assert(
      fc.property(anyPolicy, anyMoment, fc.integer({ min: 0, max: DAY }), (rules, now, liveMs) => {
        const judge = (moment: number) =>
          judgeStream(afresh(rules), { liveMs: liveMs + moment - now, consent: null }, moment);
        const verdict = judge(now);
        if (verdict.allowed) holdsUntil(verdict, now, 0.5, judge);
      }),
      { numRuns: 300 },
    );
  });

  it('of a listening that goes on is exact, over midnight too', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        anyFacts,
        anyMoment,
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (rules, facts, now, share) => {
          const clock = ZoneClock.of(rules.hours?.timeZone ?? 'UTC');
          const judge = (moment: number) => judgeListening(afresh(rules), later(facts, clock, now, moment), moment);
          const verdict = judge(now);
          if (verdict.allowed) holdsUntil(verdict, now, share, judge);
        },
      ),
      { numRuns: 400 },
    );
  });
});

it('who has heard less, beside fewer, may hear as long at least', () => {
  fc.assert(
    fc.property(anyPolicy, anyFacts, anyFacts, anyMoment, (rules, some, others, now) => {
      const least = (name: 'others' | 'heardMs' | 'pairMs' | 'stretchMs') => Math.min(some[name], others[name]);
      const less = {
        ...some,
        others: least('others'),
        heardMs: least('heardMs'),
        pairMs: least('pairMs'),
        stretchMs: least('stretchMs'),
      };
      const [verdict, better] = [judgeListening(rules, some, now), judgeListening(rules, less, now)];
      if (!verdict.allowed) return;
      assert(better.allowed);
      assert((better.until ?? Number.POSITIVE_INFINITY) >= (verdict.until ?? Number.POSITIVE_INFINITY));
    }),
    { numRuns: 300 },
  );
});

describe('working hours', () => {
  const office = policy({
    hours: {
      timeZone: 'Europe/Paris',
      days: { mon: ['09:00-12:30', '13:30-18:00'], tue: ['00:00-24:00'], fri: ['22:00-06:00'], sun: ['02:15-02:45'] },
      closed: ['2026-12-26'],
    },
  });
  const table: readonly (readonly [string, boolean, string | null])[] = [
    ['2026-11-30T07:59:59.999Z', false, '2026-11-30T08:00:00.000Z'],
    ['2026-11-30T08:00:00.000Z', true, '2026-11-30T11:30:00.000Z'],
    ['2026-11-30T11:30:00.000Z', false, '2026-11-30T12:30:00.000Z'],
    ['2026-11-30T17:00:00.000Z', false, '2026-11-30T23:00:00.000Z'], // Tuesday's midnight
    ['2026-07-06T07:00:00.000Z', true, '2026-07-06T10:30:00.000Z'], // summer time
    ['2026-12-04T21:00:00.000Z', true, '2026-12-05T05:00:00.000Z'], // Friday's night
    ['2026-12-25T21:00:00.000Z', true, '2026-12-25T23:00:00.000Z'], // into a day that is closed
    // 02:00 to 03:00 does not exist on that Sunday, and is there twice on the other.
    ['2026-03-29T00:00:00.000Z', false, '2026-03-30T07:00:00.000Z'],
    ['2026-10-25T00:15:00.000Z', true, '2026-10-25T00:45:00.000Z'],
    ['2026-10-25T00:45:00.000Z', false, '2026-10-25T01:15:00.000Z'],
    ['2026-10-25T01:15:00.000Z', true, '2026-10-25T01:45:00.000Z'],
  ];
  for (const [now, allowed, until] of table) {
    it(`${now} is ${allowed ? 'within' : 'outside'} until ${until}`, () => {
      const verdict = judgeStream(office, QUIET, at(now));
      assert.equal(verdict.allowed, allowed);
      assert.equal(verdict.until === null ? null : new Date(verdict.until).toISOString(), until);
      assert.equal(verdict.why, 'policy_hours');
    });
  }

  it('that never open say that no end is in sight', () => {
    const never = policy({ hours: { timeZone: 'UTC', days: {} } });
    assert.deepEqual(judgeStream(never, QUIET, at('2026-01-01T00:00Z')), {
      allowed: false,
      until: null,
      why: 'policy_hours',
    });
  });

  it('end at the moment at which the clock jumps past their end', () => {
    const night = policy({ hours: { timeZone: 'Europe/Paris', days: { sun: ['01:00-02:30'] } } });
    assert.equal(judgeStream(night, QUIET, at('2026-03-29T00:30Z')).until, at('2026-03-29T01:00Z'));
  });
});

describe('limits', () => {
  const noon = at('2026-06-03T12:00Z');

  it('of a day come back at midnight of the policy’s own zone', () => {
    const rules = policy({
      hours: { timeZone: 'Asia/Kathmandu', days: every('00:00-24:00') },
      limits: { heardPerDay: '30m' },
    });
    const used = judgeListening(rules, { ...FRESH, heardMs: 30 * MINUTE }, noon);
    assert.deepEqual(used, { allowed: false, until: at('2026-06-03T18:15Z'), why: 'policy_time_used' });
    const left = judgeListening(rules, { ...FRESH, heardMs: 10 * MINUTE }, noon);
    assert.deepEqual(left, { allowed: true, until: noon + 20 * MINUTE, why: 'policy_time_used' });
  });

  it('of one admin on one commercial are another’s not', () => {
    const rules = policy({ limits: { oneAdminPerDay: '10m' } });
    assert.equal(judgeListening(rules, { ...FRESH, pairMs: 10 * MINUTE }, noon).allowed, false);
    assert.equal(judgeListening(rules, { ...FRESH, heardMs: 10 * MINUTE }, noon).allowed, true);
  });

  it('of a stretch last over a short break, and are forgotten after the rest', () => {
    const rules = policy({ limits: { longestListening: '10m', restBetween: '5m' } });
    const stretch = { ...FRESH, stretchMs: 10 * MINUTE };
    assert.deepEqual(judgeListening(rules, { ...stretch, restedMs: 2 * MINUTE }, noon), {
      allowed: false,
      until: noon + 3 * MINUTE,
      why: 'policy_time',
    });
    assert.equal(judgeListening(rules, { ...stretch, restedMs: 5 * MINUTE }, noon).allowed, true);
  });

  it('of listeners count those who came before', () => {
    const rules = policy({ limits: { maxListeners: 2 } });
    assert.equal(judgeListening(rules, { ...FRESH, others: 1 }, noon).allowed, true);
    assert.equal(judgeListening(rules, { ...FRESH, others: 2 }, noon).why, 'policy_full');
  });
});

describe('who and why', () => {
  const rules = policy({
    nobodyMayHear: ['rep'],
    purposes: [{ id: 'training', label: { en: 'Training' } }],
    consent: { version: 'b', text: { en: 'You may be heard.' } },
  });

  it('nobody hears a staff representative, with whatever purpose', () => {
    assert.equal(
      judgeListening(rules, { ...FRESH, commercialId: 'rep', purpose: 'training' }, 0).why,
      'policy_protected',
    );
  });

  it('a purpose must be one of the policy’s', () => {
    assert.equal(judgeListening(rules, FRESH, 0).why, 'purpose_required');
    assert.equal(judgeListening(rules, { ...FRESH, purpose: 'curiosity' }, 0).why, 'purpose_required');
    assert.equal(judgeListening(rules, { ...FRESH, purpose: 'training' }, 0).allowed, true);
  });

  it('a stream needs the text of today acknowledged', () => {
    assert.equal(judgeStream(rules, QUIET, 0).why, 'consent_required');
    assert.equal(judgeStream(rules, { ...QUIET, consent: 'a' }, 0).why, 'consent_required');
    assert.equal(judgeStream(rules, { ...QUIET, consent: 'b' }, 0).allowed, true);
  });
});

describe('the policy of a team', () => {
  const file = policyFile.parse({
    version: 1,
    teams: {
      '*': { limits: { heardPerDay: '30m', maxListeners: 2 }, nobodyMayHear: ['rep'], notice: { tone: false } },
      nord: { limits: { heardPerDay: '1h' }, nobodyMayHear: [], notice: null },
    },
  });

  it('is its own section by section, and that of every team where it says nothing', () => {
    const [nord, est] = [policyOf(file, 'nord'), policyOf(file, 'est')];
    assert.equal(est.limits.heardPerDay, 30 * MINUTE);
    assert.equal(nord.limits.heardPerDay, HOUR);
    assert.equal(nord.limits.maxListeners, null);
    assert.deepEqual([...est.nobodyMayHear, ...nord.nobodyMayHear], ['rep']);
    assert.deepEqual([est.notice?.tone, est.notice?.vibration, nord.notice], [false, true, null]);
  });

  it('of whispering says who else may hear it: nobody, unless it says so', () => {
    const of = (whisper: unknown) => {
      const { whisper: allowed, whispersHeard } = policyOf(
        policyFile.parse({ version: 1, teams: { nord: { whisper }, '*': { whisper: { heardByListeners: true } } } }),
        'nord',
      );
      return [allowed, whispersHeard];
    };
    assert.deepEqual(of(true), [true, false]);
    assert.deepEqual(of(false), [false, false]);
    assert.deepEqual(of({ heardByListeners: false }), [true, false]);
    assert.deepEqual(of({ heardByListeners: true }), [true, true]);
    assert.deepEqual(of(undefined), [true, true], 'as of every team');
    for (const wrong of [1, {}, { heardByListeners: 1 }, { heardByListeners: true, x: 1 }])
      assert.equal(teamRules.safeParse({ whisper: wrong }).success, false, JSON.stringify(wrong));
  });

  it('is not that of a name that every object has', () => {
    assert.deepEqual(policyOf(policyFile.parse({ version: 1 }), 'constructor').purposes, []);
  });
});

function every(range: string): Record<string, string[]> {
  return Object.fromEntries(WEEKDAYS.map((day) => [day, [range]]));
}
