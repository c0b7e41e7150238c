import type { TestContext } from 'node:test';

/** Puts a clock of the test in the place of the one that never jumps, until the test ends. A mock of node:test would remember each call. */
export function setSteadyClock(t: TestContext, now: () => number): void {
  Object.defineProperty(performance, 'now', { value: now, configurable: true });
  t.after(() => Reflect.deleteProperty(performance, 'now'));
}
