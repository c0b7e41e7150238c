import type { PayloadOf } from '../../../relay/protocol/messages.ts';
import type { WhisperFault } from '../../../relay/protocol/whisper-messages.ts';
import type { MediaGuard } from '../../relay-client/peer-connection.ts';
import type { SessionSealing } from '../sealing.ts';

/** The ear's side of sealed whispers: what comes into it is opened, or is silence, from the first packet of a connection on. */
export class EarSeal {
  readonly #sealing: SessionSealing | undefined;
  /** The newest connection opens what comes, and lets nothing else through. */
  #covered = false;
  /** Of the whisper that goes on; null: none does. */
  #sealed: boolean | null = null;

  constructor(sealing: SessionSealing | undefined) {
    this.#sealing = sealing;
  }

  readonly guard: MediaGuard = {
    dress: (end) => {
      this.#covered = this.#sealing?.cover(end, 'open') === true;
    },
    allows: () => true,
  };

  /** For `whisper:allow`: this page opens sealed whispers. */
  get opens(): boolean {
    return this.#sealing?.whispersSealed === true && this.#sealing.page !== null;
  }

  /** @param commercialId who hears it @returns why it must not be played; null: it may */
  begins({ by, e2ee }: PayloadOf<'whisper:began'>, commercialId: string): WhisperFault | null {
    const { whispersSealed, page = null } = this.#sealing ?? {};
    this.#sealed = null;
    if (!whispersSealed && e2ee) return 'e2ee_key_missing';
    if (whispersSealed) {
      if (!e2ee) return 'e2ee_required';
      if (!page || !this.#covered) return 'e2ee_key_missing';
      page.expectWhisper(by.id, commercialId, e2ee);
    }
    this.#sealed = e2ee !== undefined;
    return null;
  }

  /** Why the whisper that goes on cannot be heard, or must not be any more; null: nothing is wrong with it. */
  get fault(): WhisperFault | null {
    const { whispersSealed, page } = this.#sealing ?? {};
    if (this.#sealed === null) return null;
    if (!this.#sealed) return whispersSealed ? 'e2ee_required' : null;
    if (!page) return 'e2ee_key_missing';
    return page.opening === 'key_missing' || page.opening === 'cannot_decrypt' ? `e2ee_${page.opening}` : null;
  }

  /** It is over. Idempotent. */
  ends(): void {
    this.#sealed = null;
  }
}
