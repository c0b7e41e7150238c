/** What the elements know of the relay's policy. Moments are by this page's clock (milliseconds since the epoch). */
import type { PolicyTime } from '../../relay/protocol/policy-messages.ts';
import type {
  PolicyConsent,
  PolicyNotice,
  PolicyReason,
  PolicyTexts,
  TeamPurposes,
} from '../../relay/protocol/policy-shapes.ts';

export type { PolicyReason, PolicyTexts };

/** A reason for which admins may listen. */
export type Purpose = TeamPurposes['purposes'][number];

/** Why nobody may begin to hear somebody, or this admin may not. */
export interface Barred {
  readonly reason: PolicyReason;
  /** When that passes by itself; null: not by itself, or that is not known. */
  readonly until: number | null;
}

/** How long somebody was heard today, as it was told at a moment. */
export interface HeardToday extends Omit<PolicyTime, 'commercialId'> {
  readonly toldAt: number;
}

/** An end that comes. */
export interface ComingEnd {
  readonly reason: PolicyReason;
  readonly at: number;
  /** A commercial: whose listening will end; null: the stream. */
  readonly adminId: string | null;
}

/** What the policy asks of a commercial's page, and says to it. */
export interface StreamingPolicy {
  /** It is within the working hours. */
  readonly open: boolean;
  /** What the phone does when somebody begins to listen; null: nothing of its own. */
  readonly notice: PolicyNotice | null;
  /** What is to be acknowledged before a stream; null: nothing. */
  readonly consent: PolicyConsent | null;
  /** Another version was acknowledged in this browser before. */
  readonly consentChanged: boolean;
  readonly purposes: readonly Purpose[];
  readonly time: HeardToday | null;
  readonly warnings: readonly ComingEnd[];
  /** Whose listening the policy has ended a moment ago. */
  readonly ended: { readonly name: string; readonly reason: PolicyReason } | null;
}

/** Something that concerns one commercial. */
export type Of<T> = T & { readonly commercialId: string };

/** What the policy asks of an admin's page, and says to it. */
export interface ListeningPolicy {
  /** The teams whose commercials are heard for a purpose. */
  readonly teams: readonly TeamPurposes[];
  /** How long this admin heard whom today; one for each commercial. */
  readonly times: readonly Of<HeardToday>[];
  /** Whom this admin may not hear for a while, and why. */
  readonly own: readonly Of<Barred>[];
  /** The end of what is heard now. */
  readonly warning: ComingEnd | null;
}

/** How long was heard by now, and what is left of a limit; null: there is none. */
export function heardNow(
  { heardMs, leftMs, running, toldAt }: HeardToday,
  now: number,
): Pick<HeardToday, 'heardMs' | 'leftMs'> {
  const since = running ? Math.max(0, now - toldAt) : 0;
  return { heardMs: heardMs + since, leftMs: leftMs === null ? null : Math.max(0, leftMs - since) };
}
