import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Usage, type UsageRules } from './usage.ts';
import { ZoneClock } from './zone-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const rules: UsageRules = { clock: ZoneClock.of('Europe/Paris'), restBetweenMs: 5 * MINUTE };

/** A book, and the clocks that it reads. */
function scene(start = '2026-06-03T10:00Z') {
  const time = { steady: 5_000, wall: Date.parse(start) };
  const usage = new Usage({ steady: () => time.steady, wall: () => time.wall });
  const pass = (ms: number) => {
    time.steady += ms;
    time.wall += ms;
  };
  const hears = (...admins: string[]) => usage.hears('lea', new Set(admins), rules);
  const of = (admin: string | null) => usage.of('lea', admin, rules);
  return { usage, time, pass, hears, of };
}

describe('what was heard today', () => {
  it('counts those who hear now, all together once', () => {
    const { pass, hears, of } = scene();
    assert.equal(hears('ada'), true);
    pass(MINUTE);
    assert.equal(hears('ada', 'bob'), true);
    assert.equal(hears('bob', 'ada'), false);
    pass(MINUTE);
    hears('bob');
    pass(MINUTE);
    assert.deepEqual(of('ada'), { heardMs: 3 * MINUTE, pairMs: 2 * MINUTE, stretchMs: 2 * MINUTE, restedMs: MINUTE });
    assert.deepEqual(of('bob'), { heardMs: 3 * MINUTE, pairMs: 2 * MINUTE, stretchMs: 2 * MINUTE, restedMs: 0 });
    hears();
    pass(HOUR);
    assert.equal(of(null).heardMs, 3 * MINUTE);
  });

  it('is divided at midnight of the policy’s zone', () => {
    const { pass, hears, of } = scene('2026-06-03T21:50Z');
    hears('ada');
    pass(30 * MINUTE);
    assert.deepEqual([of('ada').heardMs, of('ada').stretchMs], [20 * MINUTE, 30 * MINUTE]);
  });

  it('is not forgotten by a clock that is set back, nor given twice', () => {
    const { pass, time, hears, of } = scene('2026-06-03T22:10Z');
    hears('ada');
    pass(10 * MINUTE);
    hears();
    time.wall -= HOUR;
    assert.equal(of('ada').heardMs, 0);
    time.wall += HOUR;
    assert.equal(of('ada').heardMs, 10 * MINUTE);
  });

  it('has a stretch that lasts over a short break alone', () => {
    const { pass, hears, of } = scene();
    hears('ada');
    pass(MINUTE);
    hears();
    pass(4 * MINUTE);
    hears('ada');
    pass(MINUTE);
    assert.equal(of('ada').stretchMs, 2 * MINUTE);
    hears();
    pass(5 * MINUTE);
    hears('ada');
    assert.deepEqual([of('ada').stretchMs, of('ada').pairMs], [0, 2 * MINUTE]);
  });

  it('never counts more than passed, and always what each heard', () => {
    const step = fc.record({ ms: fc.integer({ min: 0, max: HOUR }), admins: fc.subarray(['ada', 'bob', 'cid']) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { pass, hears, of } = scene();
        const expected = new Map<string, number>();
        let all = 0;
        for (const { ms, admins } of steps) {
          hears(...admins);
          pass(Math.floor(ms / 30));
          if (admins.length > 0) all += Math.floor(ms / 30);
          for (const admin of admins) expected.set(admin, (expected.get(admin) ?? 0) + Math.floor(ms / 30));
        }
        hears();
        assert.equal(of(null).heardMs, all);
        for (const [admin, ms] of expected) assert.equal(of(admin).pairMs, ms);
      }),
    );
  });

  it('comes back from the audit trail', () => {
    const { usage, of, time } = scene();
    const end = time.wall - HOUR;
    const hearing = { commercialId: 'lea', adminId: 'ada', endedAt: end, heardMs: 20 * MINUTE };
    usage.restore({ ...hearing, endedAt: end - 49 * HOUR }, rules);
    usage.restore(hearing, rules);
    usage.restore({ ...hearing, adminId: 'bob', endedAt: end + 5 * MINUTE, heardMs: 15 * MINUTE }, rules);
    assert.deepEqual([of('ada').pairMs, of('bob').pairMs, of(null).heardMs], [20 * MINUTE, 15 * MINUTE, 25 * MINUTE]);
  });

  it('lets go of those who were not heard lately', () => {
    const { usage, pass, hears } = scene();
    hears('ada');
    pass(MINUTE);
    hears();
    assert.equal(usage.size, 1);
    pass(80 * HOUR);
    usage.hears('hugo', new Set(['ada']), rules);
    assert.equal(usage.size, 1);
  });
});
