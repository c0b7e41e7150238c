import type { StreamSeal } from '../../../relay/protocol/stream-seal.ts';
import type { MediaGuard } from '../../relay-client/peer-connection.ts';
import { ProspectError } from '../../shared/fault.ts';
import type { SessionSealing } from '../sealing.ts';

/**
 * The admin's side of sealed whispers. A connection is made for what is sealed, or for what is not, and never becomes the other: one that seals sends
 * nothing in the clear, whatever happens.
 */
export class VoiceSeal {
  readonly #sealing: SessionSealing | undefined;
  readonly #covered = new WeakSet<object>();
  /** Connections that are made now seal. */
  #seals = false;

  constructor(sealing: SessionSealing | undefined) {
    this.#sealing = sealing;
  }

  readonly guard: MediaGuard = {
    dress: (end) => {
      const page = this.#seals ? this.#sealing?.page : null;
      if (!page) return;
      page.dress(end, 'seal');
      this.#covered.add(end);
    },
    allows: (end) => this.#covered.has(end) || !this.#needed,
  };

  /** Somebody presses. @returns whether the connection that is there must be made anew */
  aim(): boolean {
    const before = this.#seals;
    this.#seals = this.#needed;
    return before !== this.#seals;
  }

  /** Of the whisper that begins. @returns undefined: it is not sealed @throws ProspectError with an `e2ee_…` code */
  async begin(adminId: string, commercialId: string): Promise<StreamSeal | undefined> {
    if (!this.#seals) return undefined;
    const { fault = null, page } = this.#sealing ?? {};
    if (fault || !page)
      throw new ProspectError(fault?.code ?? 'e2ee_key_missing', fault?.message ?? 'Nothing seals on this page yet.');
    return page.beginWhisper(adminId, commercialId);
  }

  /** Why what is said now must end: the code of it; null: nothing is wrong with it. */
  get fault(): string | null {
    if (this.#seals) return this.#sealing?.fault?.code ?? null;
    return this.#needed ? 'e2ee_required' : null;
  }

  get #needed(): boolean {
    return this.#sealing?.whispersSealed === true;
  }
}
