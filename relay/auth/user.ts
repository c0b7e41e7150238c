import type { ExpectedPerson, SessionUser } from '../protocol/messages.ts';

/** A user whose token was verified, and until when (milliseconds since the epoch). */
export interface VerifiedUser {
  readonly user: SessionUser;
  readonly expiresAt: number;
  /** A commercial: the version of the policy's text that was acknowledged, as the host says. */
  readonly consent?: string;
  /** What they say or hear must be sealed from end to end. */
  readonly e2ee?: 'required';
  /** An admin: may speak and write to those whom they hear, where the policy and the commercial allow it. */
  readonly whisper?: boolean;
  /** An admin: whom the host expects in their list, of the teams that they may hear. */
  readonly expected?: readonly ExpectedPerson[];
}

/** Whoever may open a loop-back: a user, or who may open nothing else (`doctor`); and until when (milliseconds since the epoch). */
export interface VerifiedVisitor {
  readonly role: SessionUser['role'] | 'doctor';
  readonly id: string;
  readonly expiresAt: number;
}

/** Who may read of the audit trail what concerns them: a user, or who reads that of some teams and may do nothing else (`auditor`). */
export interface VerifiedReader {
  readonly role: SessionUser['role'] | 'auditor';
  readonly id: string;
  /** The teams of the token. */
  readonly equipes: readonly string[];
  readonly expiresAt: number;
}

/** Verifies the host's tokens. */
export interface TokenVerifier {
  /** @throws RelayError with a `token_…` code. `token` is what the peer sent, of any type. */
  verify(token: unknown): Promise<VerifiedUser>;
  /** For the loop-back, which the role `doctor` opens too. @throws RelayError as `verify` does */
  verifyVisitor(token: unknown): Promise<VerifiedVisitor>;
  /** For the audit trail, which the role `auditor` reads too. @throws RelayError as `verify` does */
  verifyReader(token: unknown): Promise<VerifiedReader>;
}

/** What pages' connections are let in by. */
export type PageVerifier = Pick<TokenVerifier, 'verify' | 'verifyVisitor'>;
