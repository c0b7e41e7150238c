import { mock } from 'node:test';
import { settled } from './bus-scene.ts';

const STEP_MS = 50;

/** A clock that goes on by `advance` only. One at a time; `stop` it after each test. */
export class Clock {
  #ms = 1_700_000_000_000;

  constructor() {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: this.#ms });
  }

  /** Milliseconds since 1970. */
  readonly now = (): number => this.#ms;

  /** Rings what is due meanwhile, and lets everything arrive that follows from it. */
  async advance(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      const step = Math.min(STEP_MS, ms - passed);
      this.#ms += step;
      mock.timers.tick(step);
      await settled();
    }
  }

  stop(): void {
    mock.timers.reset();
  }
}
