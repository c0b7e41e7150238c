import type { Found, KeyRing, Unknown } from './key-ring.ts';
import { ReplayWindow } from './replay-window.ts';
import { MAX_COUNTER } from './sealer.ts';
import type { SframeCipher } from './sframe-cipher.ts';
import { readHeader } from './sframe-header.ts';

/** Why a frame was not opened. `not_genuine`: sealed with another key of that number, or changed on its way. */
export type Refusal = Unknown | 'malformed' | 'replayed' | 'not_genuine';

/** A frame that was sealed, and what opened it. */
export interface Opened extends Pick<Found, 'stream' | 'key'> {
  readonly frame: Uint8Array<ArrayBuffer>;
}

/** Opens what comes over one connection: each frame once. */
export class Opener {
  readonly #ring: KeyRing;
  /** A cipher that is forgotten takes its window along. */
  readonly #windows = new WeakMap<SframeCipher, ReplayWindow>();

  constructor(ring: KeyRing) {
    this.#ring = ring;
  }

  /** @returns the frame, or why there is none */
  async open(sealed: Uint8Array): Promise<Opened | Refusal> {
    const header = readHeader(sealed);
    if (!header || header.counter > BigInt(MAX_COUNTER)) return 'malformed';
    const all = this.#ring.find(header.kid);
    if (typeof all === 'string') return all;
    const counter = Number(header.counter);
    let refusal: Refusal = 'not_genuine';
    for (const found of all) {
      const { stream, key } = found;
      const cipher = await found.cipher;
      const window = this.#windowOf(cipher);
      if (this.#ring.isPast(found, counter) || !window.takes(counter)) {
        refusal = 'replayed';
        continue;
      }
      const frame = await cipher.open(sealed);
      // Looked at again: the same frame may have come a second time meanwhile.
      if (!frame) continue;
      this.#ring.prove(found, counter);
      return window.note(counter) ? { frame, stream, key } : 'replayed';
    }
    return refusal;
  }

  #windowOf(cipher: SframeCipher): ReplayWindow {
    const window = this.#windows.get(cipher) ?? new ReplayWindow();
    this.#windows.set(cipher, window);
    return window;
  }
}
