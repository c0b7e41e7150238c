import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freePort } from '../../test/harness/network/free-port.ts';
import { Measures } from '../measures/measures.ts';
import { countMeasures } from '../measures/testing/read-measures.ts';
import { ANSWER, publishing, RecordedEvents, startMedia, until } from './testing/media-fixtures.ts';

function kill(pid: number | undefined): void {
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGKILL');
}

describe('a media worker that dies', () => {
  it('costs its own transports only, and comes back', async () => {
    const measures = new Measures();
    const media = await startMedia({ workers: 2 }, undefined, measures);
    const events = [new RecordedEvents(), new RecordedEvents(), new RecordedEvents(), new RecordedEvents()] as const;
    // Least loaded first: these go to the workers 0, 1, 0, 1.
    const first = await publishing(media, events[0]);
    const second = await publishing(media, events[1]);
    const near = await media.createListenTransport(events[2]);
    const far = await media.createListenTransport(events[3]);
    await near.accept(ANSWER);
    await far.accept(ANSWER);
    const [lost, kept] = [await first.produce(), await second.produce()];
    await near.hear(kept);
    await far.hear(lost);
    assert.deepEqual(media.gauges(), { workers: 2, transports: 4, producers: 2, consumers: 2 });
    assert.equal(media.pipes, 2);

    const pids = media.workerPids();
    kill(pids[0]);
    await until('both transports are lost', () => events[0].losses.length + events[2].losses.length === 2);
    assert.deepEqual(
      events.map(({ losses }) => losses),
      [['worker_died'], [], ['worker_died'], []],
    );
    assert.deepEqual(
      [first, second, near, far].map(({ state }) => state),
      ['closed', 'new', 'closed', 'new'],
    );
    assert.equal(lost.closed, true);
    assert.equal(kept.closed, false);
    assert.equal(far.hearing, null);
    assert.equal(media.pipes, 0);
    assert.equal(media.available, true);
    assert.deepEqual(media.gauges(), { workers: 1, transports: 2, producers: 1, consumers: 0 });
    await assert.rejects(first.restartIce(ANSWER), { code: 'sdp_invalid' });
    await assert.rejects(near.restartIce(), { code: 'not_connected' });

    assert.equal((await countMeasures(measures)).worker_deaths_total, 1);
    await until('the worker is back', () => media.gauges().workers === 2);
    assert.equal(media.workerPids().includes(pids[1] ?? 0), true);
    const again = await publishing(media);
    const source = await again.produce();
    await far.hear(source);
    assert.equal(far.hearing, source);
    for (const transport of [again, second, far]) transport.close();
    assert.deepEqual(media.gauges(), { workers: 2, transports: 0, producers: 0, consumers: 0 });
    await until('the pipe is gone', () => media.pipes === 0);
    const reports = await media.dump();
    assert.deepEqual(
      reports.map(({ router }) => router.transportIds),
      [[], []],
    );
    await media.close();
  });

  it('comes back on the same port', async () => {
    const basePort = await freePort(['127.0.0.1'], 2);
    const media = await startMedia({ workers: 1, basePort });
    for (let round = 0; round < 3; round += 1) {
      const [pid] = media.workerPids();
      kill(pid);
      await until('the worker is back', () => media.available && media.workerPids()[0] !== pid);
      const listen = await media.createListenTransport(new RecordedEvents());
      assert.match(listen.offer(), new RegExp(` 127\\.0\\.0\\.1 ${basePort} typ host`));
    }
    await media.close();
  });

  it('makes media unavailable when it was the only one, until it is back', async () => {
    const media = await startMedia({ workers: 1 });
    kill(media.workerPids()[0]);
    await until('the worker is gone', () => !media.available);
    await assert.rejects(media.createPublishTransport(new RecordedEvents()), { code: 'media_unavailable' });
    await until('the worker is back', () => media.available);
    await publishing(media);
    await media.close();
  });

  it('fails what is under way with a code, never with an unhandled rejection', async () => {
    const media = await startMedia({ workers: 1 });
    const publish = await publishing(media);
    const listen = await media.createListenTransport(new RecordedEvents());
    await listen.accept(ANSWER);
    const source = await publish.produce();
    kill(media.workerPids()[0]);
    const results = await Promise.allSettled([
      media.createPublishTransport(new RecordedEvents()),
      listen.restartIce(),
      listen.hear(source),
      source.pause(),
      publish.bytesReceived(),
    ]);
    const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'done'));
    assert.deepEqual(codes, ['media_unavailable', 'not_connected', 'done', 'done', 'done']);
    await media.close();
  });

  it('is killed when it hangs while the relay closes', async () => {
    const media = await startMedia({ workers: 1 });
    const [pid] = media.workerPids();
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGSTOP');
    await media.close();
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });

  it('may die while the relay closes', async () => {
    const media = await startMedia({ workers: 2 });
    kill(media.workerPids()[0]);
    const closing = media.close();
    await closing;
    assert.equal(media.gauges().workers, 0);
  });
});
