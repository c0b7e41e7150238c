import type { Page } from '../shared/page.ts';

/** Keeps the screen on: a phone that locks stops recording. */
export interface WakeLock {
  /** Idempotent. */
  release(): void;
}

/**
 * Browsers drop the lock when the page is hidden, so it is asked for again. Some have none, or do not give it (iOS home-screen
 * applications before 18.4, battery savers).
 * @param onHeld is told after each request whether the screen stays on
 */
export function holdWakeLock(page: Page, onHeld: (held: boolean) => void): WakeLock {
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
        onHeld(Boolean(sentinel));
      }
    } catch {
      // Refused: battery saver, policy, or hidden again meanwhile. Streaming goes on without it.
      if (!released) onHeld(false);
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
