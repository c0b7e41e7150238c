import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { createLogger } from '../logger.ts';
import { PolicySource } from './policy-source.ts';
import { MAX_POLICY_BYTES, PolicyError, type PolicyProblem, readPolicy, readPolicyFile } from './read-policy.ts';
import { NO_POLICY } from './team-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'policy-'));
after(() => rmSync(folder, { recursive: true }));

const read = (text: string) => readPolicy('policy.yaml', Buffer.from(text));

/** What is wrong with this text. */
function problems(text: string): readonly PolicyProblem[] {
  try {
    read(text);
  } catch (error) {
    assert(error instanceof PolicyError);
    assert(error.message.includes('policy.yaml'));
    return error.problems;
  }
  return [];
}

const codes = (text: string) => problems(text).map(({ code, path, line }) => [code, path, line]);

describe('a policy file', () => {
  it('is the same as YAML and as JSON', () => {
    const yaml = 'version: 1\nteams:\n  nord:\n    limits: { heardPerDay: 45m }\n';
    const json = '{"version": 1, "teams": {"nord": {"limits": {"heardPerDay": "45m"}}}}';
    assert.deepEqual(read(yaml).file, read(json).file);
    assert.notEqual(read(yaml).digest, read(json).digest);
    assert.equal(read(yaml).tag, read(json).tag, 'pages are told what is asked of them, not how it is written');
  });

  it('has a tag for pages, which is that of its rules, and tells nothing of whom nobody may hear', () => {
    const tag = (rules: string) => read(`version: 1\nteams:\n  nord: { ${rules} }\n`).tag;
    assert.equal(tag('nobodyMayHear: [rep-17]'), tag('nobodyMayHear: [rep-23]'));
    assert.notEqual(tag('limits: { heardPerDay: 45m }'), tag('limits: { heardPerDay: 46m }'));
  });

  it('says hours once, with an anchor', () => {
    const { teams } = read(
      'version: 1\nteams:\n  nord: { hours: &office { timeZone: Europe/Paris, days: { mon: ["09:00-12:00"] } } }\n  sud: { hours: *office }\n',
    ).file;
    assert.deepEqual(teams.sud, teams.nord);
  });

  it('has each problem with its place and a code', () => {
    const text = [
      'version: 1',
      'teams:',
      '  nord:',
      '    limits:',
      '      heardPerDai: 45m',
      '      maxListeners: 0',
      '    hours:',
      '      days: { mon: ["9-12"] }',
      'audits: {}',
    ].join('\n');
    assert.deepEqual(codes(text).sort(), [
      ['policy_missing', 'teams.nord.hours.timeZone', 8],
      ['policy_unknown_key', 'audits', 9],
      ['policy_unknown_key', 'teams.nord.limits.heardPerDai', 5],
      ['policy_value', 'teams.nord.hours.days.mon.0', 8],
      ['policy_value', 'teams.nord.limits.maxListeners', 6],
    ]);
    const hints = problems(text).map(({ message }) => message);
    assert(hints.some((hint) => hint.includes('Is heardPerDay meant?')));
    assert(hints.some((hint) => hint.includes('Is audit meant?')));
  });

  it('is refused when it is no policy at all', () => {
    for (const text of ['', 'null', '[]', '"policy"', '7', 'true']) {
      assert.equal(problems(text)[0]?.code, 'policy_value', text);
    }
  });

  for (const [what, text] of [
    ['a key twice', 'version: 1\nversion: 1'],
    ['a tag', 'version: !!js/function "x"'],
    ['a tag of its own', 'version: !mine 1'],
    ['two documents', 'version: 1\n---\nversion: 1'],
    ['a bracket too few', '{"version": 1'],
    ['an alias of nothing', 'version: *one'],
  ] as const) {
    it(`is refused with ${what}`, () => {
      assert.equal(problems(text)[0]?.code, 'policy_syntax');
    });
  }

  it('cannot be blown up by aliases of aliases', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(', ')}]`,
    );
    assert.equal(problems(`l0: &l0 [x]\n${levels.join('\n')}`)[0]?.code, 'policy_syntax');
  });

  it('cannot be too deep, too large, or no text', () => {
    assert.equal(problems('['.repeat(200_000))[0]?.code, 'policy_syntax');
    assert.equal(problems(`version: 1\n#${'x'.repeat(MAX_POLICY_BYTES)}`)[0]?.code, 'policy_file_unreadable');
    assert.throws(() => readPolicy('x', Buffer.from([0xff, 0xfe, 0x41])), /UTF-16/);
    assert.throws(() => readPolicyFile(join(folder, 'none.yaml')), /there is no such file/);
  });

  it('does not take __proto__ for a setting', () => {
    assert.deepEqual(codes('{"version": 1, "__proto__": {}}'), [['policy_unknown_key', '__proto__', 1]]);
    const { teams } = read('{"version": 1, "teams": {"__proto__": {"nobodyMayHear": ["x"]}}}').file;
    assert.equal(({} as { nobodyMayHear?: unknown }).nobodyMayHear, undefined);
    assert.equal(Object.getPrototypeOf(teams) === null || Object.getPrototypeOf(teams) === Object.prototype, true);
  });

  it('of any content is read, or refused with problems', () => {
    const key = fc.constantFrom('version', 'teams', 'audit', '*', 'hours', 'limits', 'days', 'mon', 'purposes', 'x');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 5 }, fc.jsonValue({ maxDepth: 1 }), fc.dictionary(key, tie('tree'))),
    }));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          tree.map((value) => JSON.stringify(value)),
        ),
        (text) => {
          for (const { message, code } of problems(text)) assert(message.length > 0 && code.startsWith('policy_'));
        },
      ),
    );
  });
});

describe('the policy that holds', () => {
  const path = join(folder, 'policy.yaml');
  const write = (minutes: number) =>
    writeFileSync(path, `version: 1\nteams: { "*": { limits: { heardPerDay: ${minutes}m } } }\n`);

  it('is read anew when told to, and stays when the file is bad', () => {
    write(10);
    const source = new PolicySource(path, createLogger('silent'));
    const seen: string[] = [];
    source.onChange(({ digest }) => seen.push(digest));
    const [first, firstDigest] = [source.of('nord'), source.digest];
    assert.equal(first.limits.heardPerDay, 600_000);
    assert.equal(source.of('nord'), source.of('sud'));
    assert.equal(source.reload(), true);
    assert.deepEqual(seen, []);
    writeFileSync(path, 'version: 1\nteam: {}\n');
    assert.equal(source.reload(), false);
    assert.equal(source.digest, firstDigest);
    assert.equal(source.of('nord').limits.heardPerDay, 600_000);
    write(20);
    assert.equal(source.reload(), true);
    assert.equal(source.of('nord').limits.heardPerDay, 1_200_000);
    assert.deepEqual(seen, [source.digest]);
  });

  it('lets nobody be heard while the trail cannot be stored, where it says so, and needs a trail that is stored then', () => {
    writeFileSync(path, 'version: 1\naudit: { whenStorageFails: stop }\n');
    const source = new PolicySource(path, createLogger('silent'));
    const states = [false, true, true, false].map((fails) => [source.storage(fails), source.stopped]);
    assert.deepEqual(states, [
      [false, false],
      [true, true],
      [false, true],
      [true, false],
    ]);
    source.storage(true);
    assert.equal(source.of('nord').unstored, true);
    write(10);
    source.reload();
    assert.deepEqual([source.stopped, source.of('nord').unstored], [false, false]);
    const unstored = new PolicySource(path, createLogger('silent'), { trailIsStored: false });
    writeFileSync(path, 'version: 1\naudit: { whenStorageFails: stop }\n');
    assert.equal(unstored.reload(), false);
    assert.throws(
      () => new PolicySource(path, createLogger('silent'), { trailIsStored: false }),
      /stop needs AUDIT_DIR/,
    );
  });

  it('is none without a file', () => {
    const source = new PolicySource(null, createLogger('silent'));
    assert.equal(source.of('nord'), NO_POLICY);
    assert.equal(source.digest, null);
    assert.equal(source.reload(), true);
  });

  it('must be usable at the start', () => {
    writeFileSync(path, 'version: 3\n');
    assert.throws(() => new PolicySource(path, createLogger('silent')), PolicyError);
  });
});
