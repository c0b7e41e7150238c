import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { FakeMedia, FakeSource } from '../streams/testing/fake-media.ts';
import { TimerSet } from '../streams/timers.ts';
import { DeviceDemand } from './device-demand.ts';
import { STOP_HOLDS_MS, StoppedDevices } from './stopped-devices.ts';
import { TrafficWatch } from './traffic-watch.ts';

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

const ada = { id: 'ada', name: 'Ada' };

describe('who listens to a device', () => {
  function scene() {
    const source = new FakeSource(new FakeMedia(), 'source');
    const timers = new TimerSet();
    const seen: number[] = [];
    const failures: unknown[] = [];
    const demand = new DeviceDemand({
      timers,
      lingerMs: 3_000,
      source: async () => source,
      // Whoever is acknowledged may be heard: the audio must be taken in by then.
      seen: (version) => void seen.push(source.paused && version > 1 ? -version : version),
      onFailed: (error) => void failures.push(error),
    });
    return { source, timers, seen, failures, demand };
  }

  it('decides whether its audio is taken in: none while nobody does, from before the first is heard until after the last has left', async (t: TestContext) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { source, seen, demand } = scene();
    demand.begin();
    await settle();
    assert.equal(source.paused, true);
    demand.changed({ version: 2, since: null, joined: [ada], left: [] });
    await settle();
    assert.equal(source.paused, false);
    demand.changed({ version: 3, since: 2, joined: [], left: ['ada'] });
    await settle();
    assert.equal(source.paused, false, 'it lingers');
    t.mock.timers.tick(3_000);
    await settle();
    assert.equal(source.paused, true);
    assert.deepEqual(seen, [2, 3]);
  });

  it('who comes back before the linger is over finds it on', async (t: TestContext) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { source, demand } = scene();
    demand.changed({ version: 2, since: null, joined: [ada], left: [] });
    demand.changed({ version: 3, since: 2, joined: [], left: ['ada'] });
    demand.changed({ version: 4, since: 3, joined: [ada], left: [] });
    await settle();
    t.mock.timers.tick(10_000);
    await settle();
    assert.equal(source.paused, false);
    demand.close();
  });

  it('is told of a failure, unless it is over', async () => {
    const { source, failures, demand } = scene();
    source.pause = () => Promise.reject(new Error('the worker is gone'));
    demand.begin();
    await settle();
    assert.equal(failures.length, 1);
    demand.close();
    demand.begin();
    await settle();
    assert.equal(failures.length, 1);
  });
});

describe('a device that a page has stopped', () => {
  it('is kept out for a while, with that token', () => {
    let now = 0;
    const stopped = new StoppedDevices(() => now);
    stopped.add('cleo', 'old');
    assert.equal(stopped.heldMs('cleo', 'old'), STOP_HOLDS_MS);
    assert.equal(stopped.heldMs('cleo', 'new'), 0);
    assert.equal(stopped.heldMs('dora', 'old'), 0);
    now = STOP_HOLDS_MS;
    assert.equal(stopped.heldMs('cleo', 'old'), 0);
    assert.equal(stopped.size, 0);
  });
});

describe('what comes from a device', () => {
  it('says that it is there: silent for too long, it is given up, once', async (t: TestContext) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    let bytes = 0;
    let silent = 0;
    const watch = new TrafficWatch(
      new TimerSet(),
      20_000,
      async () => bytes,
      () => {
        silent += 1;
      },
    );
    const pass = async (ms: number, coming: boolean): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 5_000) {
        if (coming) bytes += 100;
        now += 5_000;
        t.mock.timers.tick(5_000);
        await settle();
      }
    };
    await settle();
    await pass(60_000, true);
    await pass(15_000, false);
    assert.equal(silent, 0);
    await pass(5_000, true);
    await pass(15_000, false);
    assert.equal(silent, 0);
    await pass(30_000, false);
    assert.equal(silent, 1);
    watch.close();
  });
});
