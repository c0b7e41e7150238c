import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_AUDIT_POLICY, policyFile } from './policy-schema.ts';

/** The paths of what is wrong with a file. */
function wrong(file: unknown): string[] {
  const result = policyFile.safeParse(file);
  return result.success ? [] : result.error.issues.map(({ path }) => path.join('.'));
}

const team = (rules: unknown) => ({ version: 1, teams: { '*': rules } });

describe('a policy file', () => {
  it('may say nothing, which changes nothing', () => {
    assert.deepEqual(policyFile.parse({ version: 1 }), { version: 1, audit: DEFAULT_AUDIT_POLICY, teams: {} });
    assert.deepEqual(policyFile.parse(team({ limits: {} })).teams['*']?.limits, {
      longestStream: null,
      longestListening: null,
      restBetween: 300_000,
      heardPerDay: null,
      oneAdminPerDay: null,
      warnBefore: 300_000,
      maxListeners: null,
    });
  });

  it('gives durations in milliseconds and times of day in minutes', () => {
    const { teams, audit } = policyFile.parse({
      version: 1,
      audit: { retentionDays: 90, whenStorageFails: 'stop' },
      teams: {
        nord: {
          hours: { timeZone: 'Europe/Paris', days: { mon: ['09:00-12:30', '22:00-06:00', '23:00-24:00'] } },
          limits: { heardPerDay: '45m', maxListeners: 2 },
        },
      },
    });
    assert.deepEqual(audit, { retentionDays: 90, whenStorageFails: 'stop' });
    assert.deepEqual(teams.nord?.hours?.days.mon, [
      { start: 540, end: 750 },
      { start: 1320, end: 360 },
      { start: 1380, end: 1440 },
    ]);
    assert.deepEqual(teams.nord?.hours?.days.sun, []);
    assert.equal(teams.nord?.limits?.heardPerDay, 2_700_000);
    assert.deepEqual(teams.nord?.notice, undefined);
  });

  it('refuses what it does not know, at its place', () => {
    assert.deepEqual(wrong({ version: 2 }), ['version']);
    assert.deepEqual(wrong({ version: 1, team: {} }), ['']);
    assert.deepEqual(wrong(team({ limit: {} })), ['teams.*']);
    assert.deepEqual(wrong(team({ limits: { heardPerDay: 45 } })), ['teams.*.limits.heardPerDay']);
    assert.deepEqual(wrong(team({ limits: { heardPerDay: '25h' } })), ['teams.*.limits.heardPerDay']);
    assert.deepEqual(wrong({ version: 1, audit: { retentionDays: 0 } }), ['audit.retentionDays']);
  });

  for (const timeZone of ['Europe/Pariss', '+02:00', '', 'Europe/Paris\n', 7]) {
    it(`refuses the time zone ${JSON.stringify(timeZone)}`, () => {
      assert.deepEqual(wrong(team({ hours: { timeZone, days: {} } })), ['teams.*.hours.timeZone']);
    });
  }

  for (const range of ['9:00-12:00', '09:00-25:00', '09:00-09:00', '24:00-01:00', '09:00', '09:00–12:00']) {
    it(`refuses the range ${range}`, () => {
      const hours = { timeZone: 'UTC', days: { tue: ['08:00-09:00', range] } };
      assert.deepEqual(wrong(team({ hours })), ['teams.*.hours.days.tue.1']);
    });
  }

  for (const closed of ['2026-02-30', '2026-1-1', '25.12.2026', '2025-02-29']) {
    it(`refuses the date ${closed}`, () => {
      assert.deepEqual(wrong(team({ hours: { timeZone: 'UTC', days: {}, closed: [closed] } })), [
        'teams.*.hours.closed.0',
      ]);
    });
  }

  it('has purposes that are told apart, each with words', () => {
    const training = { id: 'training', label: { fr: 'Formation' } };
    assert.deepEqual(wrong(team({ purposes: [training] })), []);
    assert.deepEqual(wrong(team({ purposes: [training, training] })), ['teams.*.purposes']);
    assert.deepEqual(wrong(team({ purposes: [{ id: 'training', label: {} }] })), ['teams.*.purposes.0.label']);
    assert.deepEqual(wrong(team({ purposes: [{ id: 'Training!', label: { en: 'x' } }] })), ['teams.*.purposes.0.id']);
  });

  it('has consent as a text or as a claim, not as both or neither', () => {
    const consent = { version: '2026-01' };
    assert.deepEqual(wrong(team({ consent })), ['teams.*.consent']);
    assert.deepEqual(wrong(team({ consent: { ...consent, claim: true } })), []);
    assert.deepEqual(wrong(team({ consent: { ...consent, text: { en: 'You may be heard.' } } })), []);
    assert.deepEqual(wrong(team({ consent: { ...consent, claim: true, text: { en: 'x' } } })), ['teams.*.consent']);
  });
});
