/**
 * Runs inside a mount namespace, with a small tmpfs at the folder that it is given: a whole relay, real media, and a disk that is
 * really full. `full-disk.test.ts` starts it.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ChainWriter } from '../../../relay/audit/chain/chain-writer.ts';
import { verifyChain } from '../../../relay/audit/chain/verify-chain.ts';
import { TrailReader } from '../../../relay/audit/trail-reader.ts';
import { admin, commercial } from '../../../relay/streams/testing/scene.ts';
import { HearingPair } from '../../harness/relay/hearing-pair.ts';
import { eventually, RealRelay } from '../../harness/relay/real-relay.ts';

const { SMALL_DISK: disk = '' } = process.env;
const filler = join(disk, 'filler');
const QUIET_MS = 400;
const PAUSES = 24;

/** Not a byte is left, but for so many. */
function fill(spare = 0): void {
  const file = openSync(filler, 'a');
  for (let size = 65_536; size > 0; size = Math.floor(size / 2)) {
    const block = Buffer.alloc(size);
    try {
      for (;;) if (writeSync(file, block) === 0) break;
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
    }
  }
  ftruncateSync(file, fstatSync(file).size - spare);
  closeSync(file);
}

const free = (): void => rmSync(filler, { force: true });

/** A relay that keeps its trail on the small disk, under a policy. */
async function relayOf(t: TestContext, whenStorageFails: 'continue' | 'stop') {
  const root = join(disk, whenStorageFails);
  mkdirSync(root);
  const policy = join(disk, `${whenStorageFails}.yaml`);
  writeFileSync(policy, `version: 1\naudit: { whenStorageFails: ${whenStorageFails} }\n`);
  const env = { AUDIT_DIR: root, NODE_ID: 'one', POLICY_FILE: policy };
  const relay = await RealRelay.start({ env });
  const pair = await HearingPair.start(relay, commercial('cleo'), admin('ada'));
  t.after(async () => {
    await pair.close();
    await relay.close();
    free();
  });
  const gauge = async (name: string): Promise<number> => {
    const text = await (await fetch(`${relay.url}/metrics`)).text();
    return Number(new RegExp(`^prospect_relay_${name} (\\S+)$`, 'm').exec(text)?.[1]);
  };
  const packets = async (): Promise<number> => {
    await wait(50);
    pair.ear.take();
    await wait(QUIET_MS);
    return pair.ear.take().packets;
  };
  const ready = async (): Promise<unknown> => (await fetch(`${relay.url}/health/ready`)).json();
  /** The chain as it is once the relay has closed it: whole, and with these events of streams and hearings. */
  const kept = async (): Promise<string[]> => {
    await relay.close();
    const [chain = ''] = new TrailReader(root).chains();
    assert.deepEqual((await verifyChain(join(root, chain))).problems, []);
    const events: string[] = [];
    const wanted = ({ event }: { readonly event: string }): boolean => /^(stream|hearing|policy_refused)/.test(event);
    for await (const { event } of new TrailReader(root).records({ from: '2000-01-01', to: '9999-12-31', wanted })) {
      events.push(event);
    }
    return events;
  };
  return { relay, pair, gauge, packets, ready, kept };
}

test('stop: on a full disk the stream ends with the reason on both sides, nobody is heard, and it goes on once there is room', async (t) => {
  const { relay, pair, gauge, packets, ready, kept } = await relayOf(t, 'stop');
  assert.equal(await gauge('audit_failing'), 0);
  assert.ok((await packets()) > 0);
  fill();
  // Something is to be written; or it was noticed already, when what had been written was signed.
  await pair.commercial.request('stream:pause', { paused: true }).catch(() => undefined);
  await pair.commercial.until('stream:ended', ({ reason }) => reason === 'storage_unavailable');
  await pair.admin.until('listen:ended', ({ reason }) => reason === 'storage_unavailable');
  assert.equal(await packets(), 0);
  assert.deepEqual(await ready(), { status: 'not_ready', reasons: ['storage_unavailable'] });
  assert.equal(await gauge('audit_failing'), 1);
  await assert.rejects(pair.admin.request('listen:select', { commercialId: 'cleo' }), /storage_unavailable/);
  await assert.rejects(pair.commercial.request('stream:start'), /storage_unavailable/);
  free();
  await eventually('it is written again', async () => (await gauge('audit_failing')) === 0);
  assert.deepEqual(await ready(), { status: 'ready' });
  const again = await HearingPair.start(relay, commercial('hugo'), admin('ben'));
  t.after(() => again.close());
  const events = await kept();
  for (const event of ['hearing_began', 'stream_ended', 'hearing_ended', 'policy_refused']) {
    assert.ok(events.includes(event), `${event} is not in the trail: ${events.join(' ')}`);
  }
  assert.equal(events.filter((event) => event === 'hearing_began').length, 2);
});

test('continue: on a full disk everybody is heard on, and what happened meanwhile is kept once there is room', async (t) => {
  const { pair, gauge, packets, ready, kept } = await relayOf(t, 'continue');
  fill();
  // More than what has room in the block that was begun.
  for (let i = 0; i < PAUSES; i++) await pair.commercial.request('stream:pause', { paused: i % 2 === 0 });
  await eventually('entries wait', async () => (await gauge('audit_waiting')) > 0);
  await pair.ear.renew(); // after a pause it is another consumer
  await eventually('Cléo is heard on', async () => (await packets()) > 0);
  assert.equal(await gauge('audit_failing'), 1);
  assert.deepEqual(await ready(), { status: 'ready' });
  free();
  await eventually('they are written', async () => (await gauge('audit_waiting')) === 0);
  const events = await kept();
  assert.equal(events.filter((event) => event === 'stream_paused').length, PAUSES);
});

test('killed on a full disk, in the midst of writing: what was kept is whole, and goes on', async () => {
  const folder = join(disk, 'killed');
  mkdirSync(folder);
  const program = new URL('../../../relay/audit/chain/testing/write-until-killed.ts', import.meta.url);
  fill(96 * 1024);
  const child: ChildProcess = fork(program, [folder]);
  await once(child, 'message');
  await wait(200);
  child.kill('SIGKILL');
  await once(child, 'exit');
  free();
  const told: string[] = [];
  new ChainWriter({
    folder,
    chain: 'one',
    retentionDays: () => null,
    events: {
      failing: (reason) => void told.push(reason),
      recovered: () => undefined,
      found: ({ missing }) => void told.push(`missing ${missing}`),
      closedDay: () => undefined,
    },
  }).close();
  assert.deepEqual(told, ['missing 0']);
  const { problems, records } = await verifyChain(folder);
  assert.deepEqual(problems, []);
  assert.ok(records > 10, `${records} records`);
});
