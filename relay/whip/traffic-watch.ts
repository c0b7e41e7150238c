import type { Timer, TimerSet } from '../streams/timers.ts';

/** How often the counter is read, in milliseconds. */
const LOOK_MS = 5_000;

/**
 * Whether anything comes from a device. Not every one asks for consent (RFC 7675) as browsers do: webrtcbin of GStreamer 1.22 sends no
 * check once it is connected. But each sends all the time, so that its packets say that it is there.
 */
export class TrafficWatch {
  #timer: Timer | null = null;
  #closed = false;

  /**
   * @param patienceMs how long nothing may come
   * @param bytes received so far
   * @param onSilent called once
   */
  constructor(timers: TimerSet, patienceMs: number, bytes: () => Promise<number>, onSilent: () => void) {
    let [last, since] = [-1, performance.now()];
    const look = async (): Promise<void> => {
      const now = await bytes().catch(() => last);
      if (this.#closed) return;
      if (now > last) [last, since] = [now, performance.now()];
      else if (performance.now() - since >= patienceMs) return onSilent();
      this.#timer = timers.after(Math.min(LOOK_MS, patienceMs), () => void look());
    };
    void look();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }
}
