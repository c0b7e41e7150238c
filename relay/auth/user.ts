import type { SessionUser } from '../protocol/messages.ts';

/** A user whose token was verified, and until when (milliseconds since the epoch). */
export interface VerifiedUser {
  readonly user: SessionUser;
  readonly expiresAt: number;
}

/** Verifies the host's tokens. */
export interface TokenVerifier {
  /** @throws RelayError with a `token_…` code. `token` is what the peer sent, of any type. */
  verify(token: unknown): Promise<VerifiedUser>;
}
