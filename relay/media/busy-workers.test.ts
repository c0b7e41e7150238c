import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import { LoadWatch } from '../load/load-watch.ts';
import { AudioMedia } from './audio-media.ts';
import { RecordedEvents } from './testing/media-fixtures.ts';

it('new transports go to the least busy worker, and to the one with the fewest where all are alike; a full one has no room', async (t) => {
  let now = 0;
  /** Milliseconds that each worker has used, by its process. */
  const used = new Map<number, number>();
  const load = new LoadWatch({
    limit: 0.9,
    now: () => now,
    eventLoop: { ratio: 0, lagSeconds: 0, look: () => undefined, close: () => undefined },
    readTime: (pid) => ({ usedMs: used.get(pid) ?? 0, waitedMs: 0 }),
  });
  const listen = [{ ip: '127.0.0.1', announcedAddress: null }];
  const config = { workers: 2, basePort: 0, listen, audioBitrate: 32_000, audioPacketMs: 20 };
  const media = await AudioMedia.create(config, pino({ level: 'silent' }), undefined, load);
  t.after(() => media.close());
  const make = async (count: number) => {
    const made = Array.from({ length: count }, () => media.createListenTransport(new RecordedEvents()));
    return Promise.all(made);
  };
  const spread = async () => (await media.dump()).map(({ router }) => router.transportIds.length);
  const [first = 0, second = 0] = media.workerPids();
  const pass = (...shares: readonly [number, number]) => {
    for (let step = 0; step < 4; step++) {
      now += 1_000;
      used.set(first, (used.get(first) ?? 0) + shares[0] * 1_000);
      used.set(second, (used.get(second) ?? 0) + shares[1] * 1_000);
      load.look();
    }
  };

  const [onFirst] = await make(4);
  assert.deepEqual(await spread(), [2, 2]);
  pass(0.55, 0.25);
  await make(3);
  assert.deepEqual(await spread(), [2, 5]);
  pass(0.24, 0.21);
  await make(3);
  assert.deepEqual(await spread(), [5, 5], 'a small difference is none');
  pass(0.95, 0.3);
  assert.deepEqual([onFirst?.room.take(), media.room.take()], [false, true]);
  pass(0.95, 0.95);
  assert.equal(media.room.take(), false);
  await make(1);
  pass(0.3, 0.3);
  assert.equal(media.room.take(), true);
});
