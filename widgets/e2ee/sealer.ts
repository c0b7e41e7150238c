import type { SframeCipher } from './sframe-cipher.ts';
import { type Binding, cipherFor, newSeal, type RawSeal, type TeamKey } from './stream-seal.ts';

/** The last counter that is given out for one salt, after 2.7 years at 50 frames a second. */
export const MAX_COUNTER = 0xffff_ffff;

/**
 * Seals the frames of one stream or whisper. Its salt is random, and its counter never goes back, whatever key is used and over whichever
 * connection a frame leaves: no nonce is used twice.
 */
export class Sealer {
  readonly seal: RawSeal = newSeal();
  readonly #binding: Binding;
  #counter = 0;
  #cipher: Promise<SframeCipher> | null = null;
  #key: TeamKey | null = null;

  /** @param counter where it begins, for tests */
  constructor(binding: Binding, counter = 0) {
    this.#binding = binding;
    this.#counter = counter;
  }

  /** The key for what is sealed from now on; null: nothing may be sealed. */
  use(key: TeamKey | null): void {
    if (key === this.#key) return;
    this.#key = key;
    this.#cipher = key && cipherFor(key, this.seal, this.#binding);
    // Whoever seals is told of a failure; until then nobody waits for it.
    this.#cipher?.catch(() => {});
  }

  /**
   * @returns the sealed frame, or null: there is no key, the salt is used up, or the frame is empty. Chromium hands empty frames over
   * while silence is suppressed (Opus DTX), and sends none of them in the clear; sealed, they would be packets. Never the frame itself.
   */
  async sealFrame(frame: Uint8Array): Promise<Uint8Array<ArrayBuffer> | null> {
    const cipher = this.#cipher;
    if (!cipher || frame.length === 0 || this.#counter > MAX_COUNTER) return null;
    // Taken before anything is awaited: two frames at once have two counters.
    const counter = BigInt(this.#counter);
    this.#counter += 1;
    return (await cipher).seal(counter, frame);
  }
}
