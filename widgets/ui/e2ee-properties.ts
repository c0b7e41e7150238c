import type { E2eeSettings } from '../sessions/sealing.ts';

/** An element's properties for sealed streams. */
export interface E2eeHost {
  readonly e2eeKeys: E2eeSettings['keys'];
  readonly e2eeRotation: E2eeSettings['rotation'];
  readonly e2eeWorkerUrl: string | null;
}

/** What an element's properties say of sealed streams, and whether they say something else by now. */
export class E2eeProperties {
  readonly #host: E2eeHost;
  #last: E2eeSettings = { keys: null, rotation: null, workerUrl: null };

  constructor(host: E2eeHost) {
    this.#host = host;
  }

  readonly read = (): E2eeSettings => {
    const { e2eeKeys: keys, e2eeRotation: rotation, e2eeWorkerUrl: workerUrl } = this.#host;
    this.#last = { keys: keys ?? null, rotation: rotation ?? null, workerUrl: workerUrl ?? null };
    return this.#last;
  };

  /** Calls back when they are others than when they were read last. */
  look(changed: (settings: E2eeSettings) => void): void {
    const before = this.#last;
    const now = this.read();
    const isSame = before.keys === now.keys && before.rotation === now.rotation && before.workerUrl === now.workerUrl;
    if (!isSame) changed(now);
  }
}
