import type { Page } from '../shared/page.ts';

/** Keeps the screen on: a phone that locks stops recording. */
export interface WakeLock {
  /** Idempotent. */
  release(): void;
}

/** Browsers drop the lock when the page is hidden, so it is asked for again. Where there is none, nothing happens. */
export function holdWakeLock(page: Page): WakeLock {
  let held: WakeLockSentinel | undefined;
  let released = false;
  const request = async (): Promise<void> => {
    try {
      const sentinel = await navigator.wakeLock?.request('screen');
      if (released) await sentinel?.release();
      else {
        // The page became visible while the first request was under way.
        held?.release().catch(() => {});
        held = sentinel;
      }
    } catch {
      // Refused: battery saver, policy, or hidden again meanwhile. Streaming goes on without it.
    }
  };
  const stop = page.listen((event) => {
    if (event === 'visible') void request();
  });
  void request();
  return {
    release() {
      if (released) return;
      released = true;
      stop();
      held?.release().catch(() => {});
    },
  };
}
