/** What pages are told of the policy of whoever runs the relay: part of the protocol's notifications (messages.ts). */
import { z } from 'zod';
import { durationMs, userId } from './message-parts.ts';
import { heardTime, policyConsent, policyNotice, policyReason, teamPurposes } from './policy-shapes.ts';

/** See `notifications` in messages.ts, to which these belong. */
export const policyNotifications = {
  /** What the relay's policy asks of this page. Sent after `session:ready` where there is one, and when it changes. */
  'policy:changed': z.strictObject({
    /** Which policy: the same text as long as the same one holds. What was said of times and ends by another counts no more. */
    tag: z.string(),
    /** An admin: the teams whose commercials are heard for a purpose. A commercial: their own, when it is one. */
    teams: z.array(teamPurposes),
    /** A commercial: whether it is within the working hours. True without any; and for an admin. */
    open: z.boolean(),
    /** A commercial: what the phone does when somebody begins to listen. Null: nothing of its own; and for an admin. */
    notice: policyNotice.nullable(),
    /** A commercial: what is to be acknowledged before a stream. Null: nothing; and for an admin. */
    consent: policyConsent.nullable(),
  }),
  /** The policy will end the stream, or the listening, unless that ends before. Once for each end that comes near. */
  'policy:warning': z.strictObject({
    commercialId: userId,
    reason: policyReason,
    endsInMs: durationMs,
    /** A commercial: whose listening it is that will end; left out: the stream. */
    adminId: userId.optional(),
  }),
  /** Commercial: the policy has ended the listening of this admin, who heard the stream. */
  'policy:ended': z.strictObject({ adminId: userId, reason: policyReason }),
  /** How long the commercial was heard today: a commercial by all together, an admin by themselves. Sent when it begins to rise, or ceases. */
  'policy:time': z.strictObject({
    commercialId: userId,
    heardMs: durationMs,
    /** What the policy leaves for today. Null: it has no such limit. */
    leftMs: durationMs.nullable(),
    /** Audio is passed on just now, so that both change. */
    running: z.boolean(),
    /** An admin, where it is limited how long the commercial is heard by all together: that. */
    byAll: heardTime.optional(),
  }),
} as const;

/** How long a commercial was heard today: what `policy:time` carries. */
export type PolicyTime = z.infer<(typeof policyNotifications)['policy:time']>;
