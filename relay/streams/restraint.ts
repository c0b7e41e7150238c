import { RelayError } from '../errors.ts';
import { ERROR_CODES } from '../protocol/error-codes.ts';
import type { PolicyReason } from '../protocol/policy-shapes.ts';
import type { AdminUser, Commercial } from './commercial.ts';
import type { Session } from './session.ts';

/** What the policy of whoever runs the relay allows, as its streams see it. A relay without one has `Unrestricted`. */
export interface Restraint {
  /** May this page stream, having streamed for so long? @throws RelayError with a PolicyReason, policy_devices */
  askStream(session: Session, liveMs: number): void;
  /**
   * May this admin hear this commercial? Of one whom the admin may not know it says nothing.
   * @returns the purpose that counts: none where nobody asks for one
   * @throws RelayError with a PolicyReason
   */
  askListening(admin: AdminUser, commercial: Commercial | null, purpose: string | null): string | null;
  /** Something about the commercial has changed, or time has passed: ends what is not allowed any more. */
  look(commercial: Commercial): void;
  /** To whom the commercial's audio is passed on may have changed. */
  heard(commercial: Commercial): void;
  /** A page came (back), its claims changed, or the policy: it is told what that asks of it, unless it knows. */
  tell(session: Session): void;
  /** The commercial has acknowledged this text. @throws RelayError bad_request: it is not the policy's */
  consent(session: Session, version: string): void;
}

/** Why a policy ends a stream, and not only the listening to it. */
export const STREAM_POLICY_REASONS = [
  'policy_hours',
  'policy_time',
  'consent_required',
  'storage_unavailable',
] as const satisfies readonly PolicyReason[];

export type StreamPolicyReason = (typeof STREAM_POLICY_REASONS)[number];

/** What the guard of a policy does to streams and listeners. */
export interface RestraintEvents {
  endStream(commercial: Commercial, reason: StreamPolicyReason | 'policy_devices'): void;
  /** Looks at the commercial anew, after what is being done now. */
  touch(commercial: Commercial): void;
}

/** No policy: everything is allowed, and nothing is asked; but for streams of devices, which somebody must have allowed. */
export class Unrestricted implements Restraint {
  askStream({ kind }: Session): void {
    if (kind === 'device') throw new RelayError('policy_devices', ERROR_CODES.policy_devices);
  }

  askListening(): null {
    return null;
  }

  look(): void {}

  heard(): void {}

  tell(): void {}

  /** What nobody asked for is not refused: the policy may be gone since the page was told of it. */
  consent(): void {}
}
