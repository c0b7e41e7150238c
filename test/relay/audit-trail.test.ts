/** The audit trail against what the ear really received, with real media. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { verifyChain } from '../../relay/audit/chain/verify-chain.ts';
import { TrailReader } from '../../relay/audit/trail-reader.ts';
import { admin, commercial } from '../../relay/streams/testing/scene.ts';
import { HearingPair } from '../harness/relay/hearing-pair.ts';
import { testInRealPlaces } from '../harness/relay/real-places.ts';
import { eventually, RealRelay } from '../harness/relay/real-relay.ts';

const folder = mkdtempSync(join(tmpdir(), 'audit-'));
after(() => rmSync(folder, { recursive: true }));
/** Of the tests before. */
let kept = 0;

testInRealPlaces(
  'who was heard stands in the trail with the times of hearing and pausing; a stopping relay ends every hearing',
  { LOG_LEVEL: 'warn', AUDIT_DIR: folder },
  async (t, { commercials, admins, relays }) => {
    const pair = await HearingPair.start(commercials, commercial('cleo'), admin('ada'), admins);
    t.after(() => pair.close());
    const begun = admins.trail.filter((entry) => entry.event === 'hearing_began');
    assert.deepEqual(
      begun.map((entry) => [entry.admin, entry.commercial]),
      [['ada', 'cleo']],
    );
    await pair.commercial.request('stream:pause', { paused: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await pair.commercial.request('stream:pause', { paused: false });
    // After a pause the consumer is another one.
    await pair.ear.renew();
    const since = pair.ear.received;
    await eventually('the admin hears again', () => pair.ear.received > since + 5);
    for (const relay of relays) await relay.close();
    const ended = admins.trail.filter((entry) => entry.event === 'hearing_ended');
    assert.equal(ended.length, 1);
    const [end] = ended;
    assert.ok(end && end.hearing === begun[0]?.hearing);
    assert.equal(end.cause, 'relay_stopping');
    assert.ok(end.pausedMs >= 290, `paused for ${end.pausedMs} ms`);
    assert.ok(end.connectedMs > 0 && end.connectedMs <= end.heardMs);
    const stream = commercials.trail.find((entry) => entry.event === 'stream_ended');
    assert.ok(stream?.event === 'stream_ended' && stream.cause === 'relay_stopping');
    for (const { log, trail } of relays) {
      assert.equal(log.filter((line) => line.includes('"audit":true')).length, trail.length);
    }
    const reader = new TrailReader(folder);
    for (const chain of reader.chains()) assert.deepEqual((await verifyChain(join(folder, chain))).problems, []);
    const { records } = await reader.read({
      from: '2000-01-01',
      to: '9999-12-31',
      limit: 1000,
      wanted: ({ event }) => /^(?:stream|hearing)_/.test(event),
    });
    assert.equal(records.length - kept, relays.flatMap(({ trail }) => trail).length);
    kept = records.length;
    assert.deepEqual([...new Set(records.map(({ equipe }) => equipe))], ['Nord']);
  },
);

test('a relay that stops on purpose says so in the trail, once', async (t) => {
  const relay = await RealRelay.start();
  t.after(() => relay.close());
  relay.server.drain();
  relay.server.drain();
  assert.deepEqual(relay.trail, [{ event: 'drain_began' }]);
});
