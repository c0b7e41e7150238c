import assert from 'node:assert/strict';
import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { EventLoop } from './event-loop.ts';

test('some busy seconds are not yet a busy process; ten of them are, and they are forgotten', (t) => {
  let [idle, active] = [500, 700];
  const told = (): EventLoopUtilization => ({ idle, active, utilization: active / (idle + active) });
  const difference = (now: EventLoopUtilization, then: EventLoopUtilization): EventLoopUtilization => {
    const passed = { idle: now.idle - then.idle, active: now.active - then.active };
    return { ...passed, utilization: passed.active / (passed.idle + passed.active || 1) };
  };
  t.mock.method(performance, 'eventLoopUtilization', (now?: EventLoopUtilization, then?: EventLoopUtilization) =>
    now && then ? difference(now, then) : told(),
  );
  const loop = new EventLoop();
  t.after(() => loop.close());
  const seconds = (count: number, busy: number) => {
    for (let second = 0; second < count; second += 1) {
      active += 1_000 * busy;
      idle += 1_000 * (1 - busy);
      loop.look();
    }
    return Number(loop.ratio.toFixed(3));
  };
  assert.equal(seconds(1, 1), 0, 'what the start took is not looked at');
  assert.equal(seconds(3, 1), 0.3);
  assert.equal(seconds(7, 1), 1);
  assert.equal(seconds(5, 0), 0.5);
  assert.equal(seconds(5, 0), 0);
});

test('sees a delay of the event loop, and tells it for a while', async (t) => {
  const loop = new EventLoop();
  t.after(() => loop.close());
  loop.look();
  await wait(250);
  for (const end = performance.now() + 700; performance.now() < end; ) Math.sqrt(2);
  await wait(250);
  loop.look();
  assert.ok(loop.lagSeconds > 0.3, `${loop.lagSeconds}`);
  assert.ok(loop.ratio > 0.03, `${loop.ratio}`);
  loop.look();
  assert.ok(loop.lagSeconds > 0.3);
});

test('the first look finds no share yet, and says so by a number: other nodes are told of it', () => {
  const loop = new EventLoop();
  loop.look();
  assert.equal(loop.ratio, 0);
  loop.close();
});
