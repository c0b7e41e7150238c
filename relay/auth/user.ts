import type { SessionUser } from '../protocol/messages.ts';

/** A user whose token was verified, and until when (milliseconds since the epoch). */
export interface VerifiedUser {
  readonly user: SessionUser;
  readonly expiresAt: number;
}

/** Whoever may open a loop-back: a user, or who may open nothing else (`doctor`); and until when (milliseconds since the epoch). */
export interface VerifiedVisitor {
  readonly role: SessionUser['role'] | 'doctor';
  readonly id: string;
  readonly expiresAt: number;
}

/** Verifies the host's tokens. */
export interface TokenVerifier {
  /** @throws RelayError with a `token_…` code. `token` is what the peer sent, of any type. */
  verify(token: unknown): Promise<VerifiedUser>;
  /** For the loop-back, which the role `doctor` opens too. @throws RelayError as `verify` does */
  verifyVisitor(token: unknown): Promise<VerifiedVisitor>;
}
