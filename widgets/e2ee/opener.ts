import type { KeyRing, Unknown } from './key-ring.ts';
import { ReplayWindow } from './replay-window.ts';
import { MAX_COUNTER } from './sealer.ts';
import type { SframeCipher } from './sframe-cipher.ts';
import { readHeader } from './sframe-header.ts';

/** Why a frame was not opened. `not_genuine`: sealed with another key of that number, or changed on its way. */
export type Refusal = Unknown | 'malformed' | 'replayed' | 'not_genuine';

/** Opens what comes over one connection: each frame once. */
export class Opener {
  readonly #ring: KeyRing;
  /** A cipher that is forgotten takes its window along. */
  readonly #windows = new WeakMap<SframeCipher, ReplayWindow>();

  constructor(ring: KeyRing) {
    this.#ring = ring;
  }

  /** @returns the frame, or why there is none */
  async open(sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer> | Refusal> {
    const header = readHeader(sealed);
    if (!header || header.counter > BigInt(MAX_COUNTER)) return 'malformed';
    const ciphers = this.#ring.find(header.kid);
    if (typeof ciphers === 'string') return ciphers;
    const counter = Number(header.counter);
    let refusal: Refusal = 'not_genuine';
    for (const found of ciphers) {
      const cipher = await found;
      const window = this.#windowOf(cipher);
      if (!window.takes(counter)) {
        refusal = 'replayed';
        continue;
      }
      const frame = await cipher.open(sealed);
      // Looked at again: the same frame may have come a second time meanwhile.
      if (frame) return window.note(counter) ? frame : 'replayed';
    }
    return refusal;
  }

  #windowOf(cipher: SframeCipher): ReplayWindow {
    const window = this.#windows.get(cipher) ?? new ReplayWindow();
    this.#windows.set(cipher, window);
    return window;
  }
}
