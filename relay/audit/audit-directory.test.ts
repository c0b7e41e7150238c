import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { AuditDirectory, type AuditDirectoryOptions } from './audit-directory.ts';
import type { AuditEntry } from './audit-entries.ts';
import { TrailReader } from './trail-reader.ts';

function folder(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'trail-'));
  t.after(() => rmSync(root, { recursive: true }));
  return root;
}

function open(root: string, chain: string, more: Partial<AuditDirectoryOptions> = {}): Promise<AuditDirectory> {
  return AuditDirectory.open({ root, chain, retentionDays: () => null, logger: pino({ level: 'silent' }), ...more });
}

const entry = (stream: string): AuditEntry => ({ event: 'stream_started', stream, commercial: 'lea', equipe: 'nord' });
const today = new Date().toISOString().slice(0, 10);
const everything = {
  from: '2000-01-01',
  to: '9999-12-31',
  wanted: ({ stream }: Readonly<Record<string, unknown>>) => stream !== undefined,
};

test('two relays have a chain each; a second one for the same chain is refused until the first has let go, also by dying', async (t) => {
  const root = folder(t);
  const a = await open(root, 'a');
  const b = await open(root, 'b');
  await assert.rejects(open(root, 'a'), /another process writes in .*\/a\. Two relays/);
  a.close();
  a.close();
  (await open(root, 'a')).close();
  b.close();
  // What a process leaves that was killed: a socket that nobody listens on.
  writeFileSync(join(root, 'b', 'lock.sock'), '');
  (await open(root, 'b')).close();
  assert.deepEqual(new TrailReader(root).chains(), ['a', 'b']);
});

test('of many that find what a killed process left, one gets the folder, and keeps it', async (t) => {
  const root = folder(t);
  for (let round = 0; round < 20; round++) {
    const chain = `c${round}`;
    (await open(root, chain)).close();
    writeFileSync(join(root, chain, 'lock.sock'), '');
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => open(root, chain)));
    const got = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await assert.rejects(open(root, chain), /another process writes/);
    for (const each of got) each.close();
    assert.equal(got.length, 1, `round ${round}`);
    assert.deepEqual(
      readdirSync(join(root, chain)).filter((name) => name.startsWith('~')),
      [],
    );
  }
});

test('a folder that cannot be used is refused, with the reason', async (t) => {
  const root = folder(t);
  writeFileSync(join(root, 'file'), '');
  await assert.rejects(open(join(root, 'file'), 'a'), /file\/a cannot be used \(ENOTDIR/);
  await assert.rejects(open('/proc/audit', 'a'), /proc\/audit\/a cannot be used \(E/);
  await assert.rejects(open(join(root, 'long'.repeat(30)), 'a'), /Choose a shorter folder/);
});

test('all chains are read as one trail, page by page, without a record twice or none', async (t) => {
  const root = folder(t);
  const relays = [await open(root, 'a'), await open(root, 'b')];
  t.after(() => {
    for (const relay of relays) relay.close();
  });
  for (let i = 0; i < 25; i++) relays[i % 2]?.record(entry(`s${i}`));
  const reader = new TrailReader(root);
  const whole = await reader.read({ ...everything, limit: 1000 });
  assert.equal(whole.next, null);
  assert.equal(whole.records.length, 25);
  for (let i = 1; i < 25; i++) assert.ok((whole.records[i - 1]?.at ?? '') <= (whole.records[i]?.at ?? ''));
  const paged: unknown[] = [];
  let after = null;
  do {
    const page = await reader.read({ ...everything, limit: 7, after });
    paged.push(...page.records.map(({ stream }) => stream));
    after = page.next;
  } while (after !== null);
  assert.deepEqual(
    paged,
    whole.records.map(({ stream }) => stream),
  );
  assert.equal((await reader.read({ ...everything, to: '2001-01-01', limit: 10 })).records.length, 0);
  assert.equal((await reader.read({ ...everything, from: today, limit: 10 })).records.length, 10);
});
