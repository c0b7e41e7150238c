/** The short form of `npm run fuzz`: 2,000 cases of bad input at a real relay, beside a pair that must notice nothing. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { allKinds } from './kinds/all-kinds.ts';

const CASES = 2_000;
/** Shares are rounded, so a few more are asked for. */
const ASKED = 2_020;
const results = z.object({
  kinds: z.array(z.object({ name: z.string(), cases: z.number(), failure: z.null() })),
  verdicts: z.array(z.object({ ok: z.literal(true) })),
});

// In a process of its own, where an error that nobody catches is the relay's and not the test runner's.
test('whatever anybody sends ends in a clear error or a disconnect, and the pair that is heard notices nothing', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'relay-fuzz-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'fuzz.json');
  const seed = process.env.FUZZ_SEED === undefined ? [] : ['--seed', process.env.FUZZ_SEED];
  const args = ['--cases', String(ASKED), '--minutes', '1.5', '--results', file, ...seed];
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, 'main.ts'), ...args],
      { maxBuffer: 10_000_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
  assert.equal(code, 0, output);
  const { kinds } = results.parse(JSON.parse(readFileSync(file, 'utf8')));
  assert.deepEqual(
    kinds.map(({ name }) => name),
    allKinds.map(({ name }) => name),
  );
  const tried = kinds.reduce((sum, { cases }) => sum + cases, 0);
  assert.ok(tried >= CASES, `${tried} cases were tried in the time\n${output}`);
});
