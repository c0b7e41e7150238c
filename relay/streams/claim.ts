/** What a user can have only one of, over all their pages and all relays of the service: a stream, a selection. */
export type ClaimKind = 'stream' | 'listen';

/** The right to stream, or to listen, as this user: the newest claim has it. */
export interface Claim {
  /** Rises with each claim of the user, wherever it was made. */
  readonly order: number;
  /** Somebody else has it: a newer claim on another relay, or an older one that a page's going on may not take. */
  readonly lost: boolean;
  /** It was lost to a device or player, as far as that is known. */
  readonly lostToDevice: boolean;
  /** For how long the stream that it goes on with has been live at another relay, as that one says, in milliseconds; 0: it begins here. */
  readonly carriedMs: number;
  /** The page has gone over to another relay, which carries and counts it now: what this one still has ends in a moment. */
  readonly goneOver: boolean;
  /** Called once, when the claim is lost after it had been given. */
  onLost: (() => void) | null;
  /**
   * Ends what an older claim has on another relay. To be called once this one is really used: a start that fails leaves the stream of
   * another page as it was. Idempotent.
   */
  enforce(): void;
  /** Whoever had it gives it up; one that was not enforced gives it back. Idempotent; a newer claim of the same user is left alone. */
  release(): void;
}
