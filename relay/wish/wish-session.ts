import { randomBytes } from 'node:crypto';
import { credentialsIn, type IceCredentials, readFragment, writeFragment } from '../sdp/ice-fragment.ts';
import type { Session } from '../streams/session.ts';
import { WishError } from './problems.ts';

/** What one WHIP or WHEP session can do. */
export interface WishSessionOptions {
  readonly session: Session;
  /** The peer's ICE credentials, as its offer or answer said; null until it has answered. */
  readonly ice: IceCredentials | null;
  /** The MID of the audio as the peer knows it; null: the relay's own. */
  readonly mid: string | null;
  /** Fresh ICE credentials of the relay, for these of the peer; the relay's description. @throws RelayError not_connected */
  readonly restartIce: (ice: IceCredentials) => Promise<string>;
  /** The peer's answer to the relay's counter-offer; null: there was none. */
  readonly accept: ((sdp: string) => Promise<void>) | null;
  /** Ends everything. Idempotent. */
  readonly end: () => void;
}

/** What a `PATCH` of ICE has brought about. */
export type IceOutcome =
  /** Candidates, of which the relay needs none. */
  { readonly restarted: false } | { readonly restarted: true; readonly etag: string; readonly fragment: string };

/** One WHIP or WHEP session: the resource of the `Location`. */
export class WishSession {
  /** 128 random bits: who knows it and holds a token of the same user may change and end the session. */
  readonly id = randomBytes(16).toString('base64url');
  readonly session: Session;
  readonly #options: WishSessionOptions;
  #ice: IceCredentials | null;
  #etag = newTag();
  #changing: Promise<unknown> = Promise.resolve();

  constructor(options: WishSessionOptions) {
    this.#options = options;
    this.session = options.session;
    this.#ice = options.ice;
  }

  /** Names the present ICE session: a strong entity tag (RFC 9110, 8.8.3). */
  get etag(): string {
    return this.#etag;
  }

  /** Whether the relay waits for an answer to its counter-offer. */
  get awaitsAnswer(): boolean {
    return this.#options.accept !== null && this.#ice === null;
  }

  /** @throws RelayError sdp_invalid, not_connected; WishError answered */
  async accept(sdp: string): Promise<void> {
    const { accept } = this.#options;
    return this.#inTurn(async () => {
      if (!accept || !this.awaitsAnswer) throw new WishError('answered', 'This session has its answer already.');
      await accept(sdp);
      this.#ice = credentialsIn(sdp);
    });
  }

  /**
   * Trickled candidates, or an ICE restart: other credentials than before mean that (RFC 9725, 4.3.2).
   * @param ifMatch of the request
   * @throws RelayError bad_request, not_connected; WishError precondition_required, precondition_failed
   */
  async patchIce(body: string, ifMatch: string | undefined): Promise<IceOutcome> {
    if (ifMatch === undefined) {
      throw new WishError('precondition_required', 'Send If-Match with the ETag of the session, or * to restart ICE.');
    }
    const told = readFragment(body);
    return this.#inTurn(() => this.#patch(told, ifMatch));
  }

  /** Idempotent. */
  end(): void {
    this.#options.end();
  }

  /** One after the other, for requests may overlap. */
  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const done = this.#changing.then(work);
    this.#changing = done.catch(() => undefined);
    return done;
  }

  async #patch(told: IceCredentials | null, ifMatch: string): Promise<IceOutcome> {
    const matches = ifMatch.trim() === '*' || ifMatch.split(',').some((tag) => tag.trim() === this.#etag);
    if (!matches) throw new WishError('precondition_failed', 'The If-Match is not of the present ICE session.');
    // Who has not answered yet says nothing new with the credentials that the answer will have.
    if (told === null || this.awaitsAnswer) return { restarted: false };
    if (told.ufrag === this.#ice?.ufrag && told.pwd === this.#ice.pwd) return { restarted: false };
    const description = await this.#options.restartIce(told);
    this.#ice = told;
    this.#etag = newTag();
    return { restarted: true, etag: this.#etag, fragment: writeFragment(description, this.#options.mid) };
  }
}

function newTag(): string {
  return `"${randomBytes(9).toString('base64url')}"`;
}
