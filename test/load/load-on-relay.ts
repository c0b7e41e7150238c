/** The load against a real relay: everybody gets in and hears, and what it cost is measured; and it says when it is not so. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { RealRelay, SECRET } from '../harness/relay/real-relay.ts';
import { LoadRun } from './load-run.ts';
import { endMedia } from './media.ts';
import { type LoadOptions, readOptions } from './options.ts';
import { listeningProcess } from './process-meter.ts';
import { isClean, renderResult } from './report.ts';

describe('a load on a relay', () => {
  let relay: RealRelay;
  const optionsOf = (...args: string[]): LoadOptions =>
    readOptions(['--url', relay.url, '--seconds', '2', ...args], { JWT_SECRET: SECRET });
  const load = async (options: LoadOptions) => {
    const run = new LoadRun(options, () => {});
    try {
      return await run.run([process.pid]);
    } finally {
      await run.close();
    }
  };

  before(async () => {
    relay = await RealRelay.start();
  });
  after(async () => {
    await relay.close();
    endMedia();
  });

  it('is heard: 50 packets a second each; a commercial whom nobody hears sends nothing', async () => {
    const options = optionsOf('--streams', '3', '--listeners', '2', '--admins', '2', '--teams', '2');
    const result = await load(options);
    assert.deepEqual([result.streams, result.listeners, result.admins, result.heard], [3, 2, 2, 2]);
    assert.equal(result.speaking, 2);
    assert.deepEqual([result.failures, result.liveMs.length, result.heardMs.length], [{}, 3, 2]);
    const each = result.received / result.seconds / 2;
    assert.ok(each > 40 && each < 60, `${each} packets a second`);
    assert.ok(result.heardMs.every((ms) => ms > 0 && ms < 15_000));
    const all = { ...result, received: 2 * 50 * result.seconds, lost: 0 };
    assert.ok(isClean(options, all));
    for (const worse of [{ lost: 5 }, { heard: 1 }, { received: all.received * 0.9 }, { failures: { capacity: 1 } }])
      assert.equal(isClean(options, { ...all, ...worse }), false);
    const worker = result.processes.find(({ name }) => name.includes('mediasoup-worker'));
    assert.ok(worker && worker.memory > 2 ** 20, 'the worker’s memory');
    const table = renderResult(options, result);
    assert.match(table, /live commercials +3\n/);
    assert.match(table, /mediasoup-worker/);
  });

  it('speaks with packets as long as the relay asks for', async (t) => {
    const slow = await RealRelay.start({ env: { AUDIO_PACKET_MS: '60' } });
    t.after(() => slow.close());
    const result = await load({ ...optionsOf(), url: new URL(slow.url) });
    const each = result.received / result.seconds;
    assert.ok(each > 13 && each < 20, `${each} packets a second`);
    assert.equal(Math.round(result.packetsASecond), 17);
  });

  it('leaves nothing behind', async () => {
    const report = await relay.report();
    assert.deepEqual([report.media.producers, report.media.consumers, report.media.transports], [0, 0, 0]);
  });

  it('says what was refused, and is not clean then', async () => {
    const options: LoadOptions = { ...optionsOf('--listeners', '0'), tokens: async () => 'no.token.atall' };
    const result = await load(options);
    assert.deepEqual(result.failures, { token_malformed: 1 });
    assert.equal(isClean(options, result), false);
    assert.match(renderResult(options, result), /0 of 1/);
  });

  it('finds the process that listens', async () => {
    assert.equal(await listeningProcess(relay.port), process.platform === 'linux' ? process.pid : null);
    assert.equal(await listeningProcess(1), null);
  });
});
