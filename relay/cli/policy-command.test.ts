import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { EXIT } from './command.ts';
import { runPolicyCommand } from './policy-command.ts';
import { UsageError } from './usage-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'policy-'));
after(() => rmSync(folder, { recursive: true }));

/** The command, and what it printed. */
function run(args: readonly string[], configured?: string) {
  const printed = { out: '', err: '' };
  const terminal = {
    out: (text: string): void => {
      printed.out += text;
    },
    err: (text: string): void => {
      printed.err += text;
    },
  };
  return { code: runPolicyCommand(args, terminal, () => configured), ...printed };
}

function file(text: string): string {
  const path = join(folder, 'policy.yaml');
  writeFileSync(path, text);
  return path;
}

it('the example of the documentation can be used, and is said in words', () => {
  const text = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
  const [, example = ''] = /```yaml policy\n(.*?)```/s.exec(text) ?? [];
  const { code, out, err } = run(['check', file(example)]);
  assert.equal(err, '');
  assert.equal(code, EXIT.done);
  for (const part of ['Team "Lyon Est"', '1 h a day at most, by all', 'rep-17', 'Training, Quality', '365 days']) {
    assert(out.replaceAll('\u00a0', ' ').includes(part), part);
  }
});

it('every policy in the documentation can be used', () => {
  const docs = new URL('../../docs/', import.meta.url);
  const examples = readdirSync(docs)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => {
      const text = readFileSync(new URL(name, docs), 'utf8');
      return [...text.matchAll(/```ya?ml policy\n(.*?)```/gs)].map(([, example = '']) => [name, example] as const);
    });
  assert.deepEqual([...new Set(examples.map(([name]) => name))].sort(), ['policy.md', 'whip.md', 'whisper.md']);
  for (const [name, example] of examples) assert.equal(run(['check', file(example)]).err, '', name);
});

it('a file that cannot be used is refused with each problem', () => {
  const path = file('version: 1\nteams: { nord: { limit: {} } }\n');
  const { code, out, err } = run(['check', path]);
  assert.deepEqual([code, out], [EXIT.failed, '']);
  assert.match(err, /teams\.nord\.limit, line 2: .*Is limits meant\? \(policy_unknown_key\)/);
  const json = run(['check', path, '--json']);
  assert.equal(json.code, EXIT.failed);
  assert.deepEqual(JSON.parse(json.out).problems[0].code, 'policy_unknown_key');
});

it('without a file it is that of POLICY_FILE', () => {
  const { code, out } = run(['check', '--json'], file('version: 1\n'));
  assert.equal(code, EXIT.done);
  const { valid, words } = JSON.parse(out);
  assert.equal(valid, true);
  assert.deepEqual(Object.keys(words.teams), ['*']);
  assert.deepEqual(words.teams['*'][0], {
    id: 'hours',
    title: 'When',
    lines: ['Streams are possible at any time.'],
  });
  assert.equal(words.audit[0], 'Nothing that is said is recorded or kept.');
  for (const args of [[], ['check'], ['chek', 'x'], ['check', 'a', 'b'], ['check', '--jsn']]) {
    assert.throws(() => run(args), UsageError, args.join(' '));
  }
});
