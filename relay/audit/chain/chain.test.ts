import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { dayPath, daysIn, headPath, headsIn } from './days.ts';
import { hashOf } from './record.ts';
import { fingerprint } from './signing-key.ts';
import { codes, entry, records, type Scene, scene } from './testing/chain-scene.ts';
import { verifyChain } from './verify-chain.ts';

const DAY = 86_400_000;

test('entries are kept in their order, each with the hash of the one before; the day is signed when the trail closes', async (t) => {
  const at = scene(t);
  const writer = at.open();
  for (const stream of ['a', 'b', 'c']) writer.record(entry(stream));
  writer.close();
  const kept = records(at);
  assert.deepEqual(
    kept.map(({ seq, event }) => [seq, event]),
    [
      [1, 'chain_began'],
      [2, 'trail_opened'],
      [3, 'stream_started'],
      [4, 'stream_started'],
      [5, 'stream_started'],
      [6, 'trail_closed'],
    ],
  );
  const lines = readFileSync(dayPath(at.folder, '2026-03-02'), 'utf8').trimEnd().split('\n');
  for (let i = 1; i < lines.length; i++) assert.equal(kept[i].prev, hashOf(lines[i - 1] ?? ''));
  const report = await verifyChain(at.folder);
  assert.deepEqual([report.problems, report.notes, report.unsigned, report.records], [[], [], 0, 6]);
  assert.equal(statSync(join(at.folder, 'key.pem')).mode & 0o777, 0o600);
});

test('an entry is in the file when record returns', (t) => {
  const at = scene(t);
  at.open().record(entry('a'));
  assert.equal(records(at).at(-1).stream, 'a');
});

test('a chain goes on over restarts and days; the signed end of a day is told', async (t) => {
  const at = scene(t);
  at.open().close();
  at.clock += DAY;
  const writer = at.open();
  writer.record(entry('a'));
  at.clock += DAY;
  writer.record(entry('b'));
  writer.close();
  assert.deepEqual(daysIn(at.folder), ['2026-03-02', '2026-03-03', '2026-03-04']);
  assert.deepEqual(headsIn(at.folder), daysIn(at.folder));
  assert.deepEqual(at.told, ['closed: 2026-03-02 3', 'closed: 2026-03-03 5']);
  assert.deepEqual(await codes(at), []);
});

const TAMPERED: readonly [string, (at: Scene) => void, readonly string[]][] = [
  [
    'a record that was changed',
    (at) => edit(at, (lines) => lines.map((line) => line.replace('"stream":"b"', '"stream":"x"'))),
    ['changed'],
  ],
  [
    'a record that was taken out',
    (at) => edit(at, (lines) => lines.filter((line) => !line.includes('"stream":"b"'))),
    ['gap'],
  ],
  ['records in another order', (at) => edit(at, ([a = '', b = '', ...rest]) => [b, a, ...rest]), ['gap', 'gap']],
  ['a line that is none', (at) => edit(at, (lines) => ['{}', ...lines]), ['unreadable']],
  ['an end that was cut off', (at) => edit(at, (lines) => lines.slice(0, -2)), ['truncated']],
  ['a day that was removed', (at) => rmSync(dayPath(at.folder, '2026-03-02')), ['beginning_missing', 'day_missing']],
  ['a head that was removed', (at) => rmSync(headPath(at.folder, '2026-03-02')), ['head_missing']],
  [
    'the newest head, removed with what came before made up',
    (at) => {
      rmSync(headPath(at.folder, '2026-03-03'));
      rewrite(at, '2026-03-03', (record) => ({ ...record, ...(record.stream === 'f' && { stream: 'x' }) }));
    },
    ['unsigned'],
  ],
  [
    'days that were removed, with a made up record that they were deleted',
    (at) => {
      const [last] = records(at).slice(-1);
      const { seq: end, at: time } = records(at, '2026-03-03').at(-1);
      const line = readFileSync(dayPath(at.folder, '2026-03-03'), 'utf8').trimEnd().split('\n').at(-1) ?? '';
      const prev = hashOf(line);
      const head = hashOf(readFileSync(dayPath(at.folder, '2026-03-02'), 'utf8').trimEnd().split('\n').at(-1) ?? '');
      const forged = {
        seq: end + 1,
        at: time,
        prev,
        event: 'days_deleted',
        through: '2026-03-02',
        last: last.seq,
        head,
      };
      appendFileSync(dayPath(at.folder, '2026-03-03'), `${JSON.stringify(forged)}\n`);
      rmSync(dayPath(at.folder, '2026-03-02'));
      rmSync(headPath(at.folder, '2026-03-02'));
    },
    ['beginning_missing'],
  ],
  [
    'a head that was changed',
    (at) => {
      const path = headPath(at.folder, '2026-03-02');
      writeFileSync(path, readFileSync(path, 'utf8').replace('"last":6', '"last":5'));
    },
    ['head_forged'],
  ],
];

function edit({ folder }: Scene, change: (lines: string[]) => string[]): void {
  const path = dayPath(folder, '2026-03-02');
  writeFileSync(path, `${change(readFileSync(path, 'utf8').trimEnd().split('\n')).join('\n')}\n`);
}

/** Changes records of a day, and makes all hashes after them anew. */
function rewrite(at: Scene, day: string, change: (record: Record<string, unknown>) => Record<string, unknown>): void {
  let { prev } = records(at, day)[0];
  const lines = records(at, day).map((record) => {
    const line = JSON.stringify({ ...change(record), prev });
    prev = hashOf(line);
    return line;
  });
  writeFileSync(dayPath(at.folder, day), `${lines.join('\n')}\n`);
}

for (const [what, tamper, expected] of TAMPERED) {
  test(`verifying tells ${what}`, async (t) => {
    const at = scene(t);
    const writer = at.open();
    for (const stream of ['a', 'b', 'c', 'd']) writer.record(entry(stream));
    at.clock += DAY;
    writer.record(entry('e'));
    at.clock += 3_600_000;
    writer.record(entry('f'));
    writer.close();
    assert.deepEqual(await codes(at), []);
    tamper(at);
    const found = await codes(at);
    for (const code of expected) assert.ok(found.includes(code as never), `${code} in ${found}`);
  });
}

test('a chain that was made anew with all its hashes and another key is told by the key and by a hash kept elsewhere', async (t) => {
  const at = scene(t);
  const writer = at.open();
  writer.record(entry('a'));
  const { publicKey } = writer;
  writer.close();
  const { head } = await verifyChain(at.folder);
  const forged = scene(t);
  const forger = forged.open();
  forger.record(entry('x'));
  forger.close();
  assert.deepEqual(await codes(forged), []);
  assert.deepEqual(await codes(forged, { key: publicKey }), ['foreign_key']);
  assert.deepEqual(await codes(forged, { anchor: head }), ['anchor_missing']);
  assert.deepEqual(await codes(at, { key: fingerprint(publicKey), anchor: head }), []);
});

test('a record that a crash left half written is cut off, and the chain says so', async (t) => {
  const at = scene(t);
  const crashed = at.open();
  crashed.record(entry('a'));
  appendFileSync(dayPath(at.folder, '2026-03-02'), '{"seq":4,"at":"20');
  const next = at.open();
  next.record(entry('b'));
  next.close();
  assert.deepEqual(at.told, ['found: 0 17 false']);
  const report = await verifyChain(at.folder);
  assert.deepEqual(report.problems, []);
  assert.equal(report.notes.length, 3);
});

test('a half written record is no fault of the chain before the relay has started again', async (t) => {
  const at = scene(t);
  const crashed = at.open();
  crashed.record(entry('a'));
  crashed.close();
  appendFileSync(dayPath(at.folder, '2026-03-02'), '{"seq":5,"at":"20');
  const report = await verifyChain(at.folder);
  assert.deepEqual(report.problems, []);
  assert.deepEqual(report.notes, ['line 5 of 2026-03-02 is half written: by a crash, or just now.']);
});

test('a record may hold what other programs take for the end of a line', async (t) => {
  const at = scene(t);
  const writer = at.open();
  writer.record(entry('a\u2028b\u2029c\u0085\r'));
  writer.close();
  assert.deepEqual(await codes(at), []);
});

test('records that were added to a closed chain are told once the relay has signed them', async (t) => {
  const at = scene(t);
  at.open().close();
  const text = readFileSync(dayPath(at.folder, '2026-03-02'), 'utf8').trimEnd();
  const { seq, at: time } = records(at).at(-1);
  const forged = { seq: seq + 1, at: time, prev: hashOf(text.split('\n').at(-1) ?? ''), ...entry('x') };
  writeFileSync(dayPath(at.folder, '2026-03-02'), `${text}\n${JSON.stringify(forged)}\n`);
  at.open().close();
  assert.match((await verifyChain(at.folder)).notes.join(), /1 records before it were not signed/);
});

test('signed records that were cut off stay missed after the relay has started again', async (t) => {
  const at = scene(t);
  const first = at.open();
  for (const stream of ['a', 'b', 'c']) first.record(entry(stream));
  first.close();
  edit(at, (lines) => lines.slice(0, -2));
  const next = at.open();
  next.record(entry('d'));
  next.close();
  assert.deepEqual(at.told, ['found: 2 0 false']);
  assert.deepEqual(await codes(at), ['gap']);
});

test('a process that is killed while it writes leaves a chain that goes on and verifies', async (t) => {
  const at = scene(t);
  const child = fork(new URL('testing/write-until-killed.ts', import.meta.url), [at.folder]);
  await once(child, 'message');
  await sleep(150);
  child.kill('SIGKILL');
  await once(child, 'exit');
  at.clock = Date.now();
  const next = at.open();
  next.close();
  const report = await verifyChain(at.folder);
  assert.deepEqual(report.problems, []);
  assert.ok(report.records > 10, `${report.records} records`);
  assert.match(report.notes.join(), /had not closed/);
});

test('a clock that is set back is told, and no day is gone back to', async (t) => {
  const at = scene(t);
  const writer = at.open();
  at.clock += DAY;
  writer.record(entry('a'));
  at.clock -= 2 * DAY;
  writer.record(entry('b'));
  at.clock += 3 * DAY;
  writer.record(entry('c'));
  writer.close();
  assert.deepEqual(daysIn(at.folder), ['2026-03-02', '2026-03-03', '2026-03-04']);
  const report = await verifyChain(at.folder);
  assert.deepEqual(report.problems, []);
  assert.match(report.notes.join(), /clock was set back by 172800000 ms/);
});

test('days beyond the retention are deleted, a signed record says which, and the rest verifies', async (t) => {
  const at = scene(t);
  const writer = at.open({ retentionDays: () => 2 });
  for (let day = 0; day < 6; day++) {
    writer.record(entry(`s${day}`));
    at.clock += DAY;
  }
  writer.close();
  assert.deepEqual(daysIn(at.folder), ['2026-03-06', '2026-03-07', '2026-03-08']);
  const report = await verifyChain(at.folder);
  assert.deepEqual(report.problems, []);
  assert.match(report.notes.join(), /days up to 2026-03-0\d were deleted/);
  // What the retention did not delete is missed.
  rmSync(dayPath(at.folder, daysIn(at.folder)[0] ?? ''));
  assert.notDeepEqual(await codes(at), []);
});

test('a key that is lost is replaced, and the trail says so', async (t) => {
  const at = scene(t);
  at.open().close();
  rmSync(join(at.folder, 'key.pem'));
  const next = at.open();
  next.close();
  const report = await verifyChain(at.folder);
  assert.deepEqual(report.problems, []);
  assert.match(report.notes.join(), /another key signs/);
  truncateSync(join(at.folder, 'key.pem'), 20);
  assert.throws(() => at.open(), /is no Ed25519 private key/);
});

test('records get a signed head within seconds, also while the relay runs on', async (t) => {
  const at = scene(t);
  const writer = at.open();
  writer.record(entry('a'));
  for (let waited = 0; waited < 50 && (await verifyChain(at.folder)).unsigned > 0; waited++) await sleep(100);
  assert.equal((await verifyChain(at.folder)).unsigned, 0);
});
