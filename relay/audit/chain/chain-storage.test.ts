/** What becomes of entries while storage fails. */
import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Disk, realDisk } from './chain-file.ts';
import { dayPath, headPath } from './days.ts';
import { codes, entry, records, scene } from './testing/chain-scene.ts';
import { verifyChain } from './verify-chain.ts';

test('a full disk keeps entries waiting and loses none; what was half written is taken back', async (t) => {
  const at = scene(t);
  let full = false;
  const disk: Disk = {
    ...realDisk,
    write: (file, bytes, offset, position) => {
      if (!full) return realDisk.write(file, bytes, offset, position);
      if (offset > 0) throw new Error('ENOSPC: no space left on device');
      return realDisk.write(file, bytes.subarray(0, 7), 0, position);
    },
  };
  const writer = at.open({ disk });
  const { size } = statSync(dayPath(at.folder, '2026-03-02'));
  full = true;
  for (const stream of ['a', 'b']) writer.record(entry(stream));
  assert.deepEqual([writer.failing, writer.gauges.waiting], [true, 2]);
  assert.equal(statSync(dayPath(at.folder, '2026-03-02')).size, size);
  full = false;
  writer.close();
  assert.deepEqual(at.told, ['failing: ENOSPC: no space left on device', 'recovered: 0']);
  assert.deepEqual(
    records(at)
      .slice(2)
      .map(({ event, stream }) => stream ?? event),
    ['a', 'b', 'trail_closed'],
  );
  assert.deepEqual(await codes(at), []);
});

test('where days cannot be signed storage fails, until they can be, whatever is written meanwhile', async (t) => {
  const at = scene(t);
  const writer = at.open();
  const head = headPath(at.folder, '2026-03-02');
  rmSync(head);
  mkdirSync(head);
  writer.record(entry('a'));
  while (!writer.failing) await sleep(20);
  writer.record(entry('b'));
  while (writer.gauges.waiting > 0) await sleep(20);
  await sleep(50);
  assert.ok(writer.failing);
  rmdirSync(head);
  while (writer.failing) await sleep(20);
  writer.close();
  assert.equal(at.told.length, 2, at.told.join());
  assert.match(at.told.join(), /^failing: .*,recovered: 0$/);
  assert.deepEqual(await codes(at), []);
});

test('what does not fit into memory while storage fails is counted, in the trail too', async (t) => {
  const at = scene(t);
  let full = false;
  const disk: Disk = {
    ...realDisk,
    write: (...about) => {
      if (full) throw new Error('ENOSPC');
      return realDisk.write(...about);
    },
  };
  const writer = at.open({ disk });
  full = true;
  for (let i = 0; i < 20_003; i++) writer.record(entry(`s${i}`));
  assert.deepEqual(writer.gauges, { kept: 2, waiting: 20_000, lost: 3 });
  full = false;
  writer.close();
  const report = await verifyChain(at.folder);
  assert.deepEqual(report.problems, []);
  assert.match(report.notes.join(), /3 entries were lost/);
});
