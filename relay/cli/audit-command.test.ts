import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ChainWriter } from '../audit/chain/chain-writer.ts';
import { dayOf, dayPath } from '../audit/chain/days.ts';
import { fingerprint } from '../audit/chain/signing-key.ts';
import { auditCommand } from './audit-command.ts';
import { UsageError } from './usage-error.ts';

interface Trail {
  readonly root: string;
  readonly key: string;
  run(...args: string[]): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

function trail(t: TestContext): Trail {
  const root = mkdtempSync(join(tmpdir(), 'audit-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'one'));
  const nothing = () => undefined;
  const writer = new ChainWriter({
    folder: join(root, 'one'),
    chain: 'one',
    retentionDays: () => null,
    events: { failing: nothing, recovered: nothing, found: nothing, closedDay: nothing },
  });
  const about = { hearing: 'h1', stream: 's1', commercial: '=lea', equipe: 'nord', admin: 'nadia' };
  writer.record({ event: 'hearing_began', ...about });
  writer.record({
    event: 'hearing_ended',
    ...about,
    cause: 'asked',
    heardMs: 61_000,
    connectedMs: 60_900,
    pausedMs: 0,
  });
  writer.record({ event: 'hearing_began', ...about, hearing: 'h2', admin: 'sophie' });
  writer.close();
  return {
    root,
    key: writer.publicKey,
    run: async (...args) => {
      const written = { out: '', err: '' };
      const folder = args.includes('--dir') ? [] : ['--dir', root];
      const code = await auditCommand.run([...args, ...folder], {
        out: (text) => {
          written.out += text;
        },
        err: (text) => {
          written.err += text;
        },
      });
      return { code, ...written };
    },
  };
}

test('verify says that a chain is sound, and ends with 1 when it is not', async (t) => {
  const { run, root, key } = trail(t);
  const sound = await run('verify', '--key', fingerprint(key));
  assert.equal(sound.code, 0);
  assert.match(sound.out, /^sound: chain one, 6 records/);
  const hash = / last hash ([0-9a-f]{64})/.exec(sound.out)?.[1] ?? '';
  assert.equal((await run('verify', '--anchor', hash)).code, 0);
  assert.equal((await run('verify', '--anchor', '0'.repeat(64))).code, 1);
  const path = dayPath(join(root, 'one'), dayOf(Date.now()));
  writeFileSync(path, readFileSync(path, 'utf8').replace('sophie', 'sandra'));
  const changed = await run('verify', '--json');
  assert.equal(changed.code, 1);
  assert.deepEqual(
    JSON.parse(changed.out).problems.map(({ code }: { code: string }) => code),
    ['changed'],
  );
});

test('who-heard says who heard a commercial, how long and why it ended, also where there is no end', async (t) => {
  const { run } = trail(t);
  const { out, code } = await run('who-heard', '=lea');
  assert.equal(code, 0);
  assert.match(out, /Z {2}nadia {2}61 s, asked\n.*Z {2}sophie {2}no end: .*\n2 hearings\.\n$/);
  assert.match((await run('who-heard', 'somebody')).out, /^Nobody heard somebody/);
  assert.match((await run('who-heard', '=lea', '--to', '2020-01-01')).out, /^Nobody/);
});

test('export writes every record, and a table in which no id is taken for a formula', async (t) => {
  const { run } = trail(t);
  const lines = (await run('export')).out.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).event),
    ['chain_began', 'trail_opened', 'hearing_began', 'hearing_ended', 'hearing_began', 'trail_closed'],
  );
  const rows = (await run('export', '--csv')).out.split('\r\n');
  assert.equal(rows[0], 'at,event,commercial,admin,equipe,cause,heardMs,stream,hearing,chain,seq,details');
  assert.match(rows[4] ?? '', /,hearing_ended,'=lea,nadia,nord,asked,61000,s1,h1,one,4,"\{""connectedMs/);
});

for (const args of [
  [],
  ['verfy'],
  ['who-heard'],
  ['verify', 'x'],
  ['export', '--from', '2026-02-30x'],
  ['verify', '--deep'],
])
  test(`the command line "audit ${args.join(' ')}" is refused with what to do`, async (t) => {
    await assert.rejects(trail(t).run(...args), UsageError);
  });

test('a folder that is not there is told', async (t) => {
  const { run } = trail(t);
  const { code, err } = await run('verify', '--dir', '/nowhere');
  assert.deepEqual([code, err], [1, '/nowhere is no folder. Give the one that AUDIT_DIR names on the relay.\n']);
});
