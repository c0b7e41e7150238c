/** What messages say of the policy of whoever runs the relay. */
import { z } from 'zod';

/** Why the policy of whoever runs the relay does not allow something. Each is an error code too. */
export const policyReason = z.enum([
  /** Outside the working hours. */
  'policy_hours',
  /** The longest stream, or the longest listening at a stretch, is over. */
  'policy_time',
  /** What may be heard on one day was heard. */
  'policy_time_used',
  /** Nobody may hear this commercial. */
  'policy_protected',
  /** As many admins listen to this commercial as may. */
  'policy_full',
  /** One of the policy's purposes must be given. */
  'purpose_required',
  /** The commercial has not acknowledged the policy's text. */
  'consent_required',
  /** The audit trail cannot be stored just now, and the policy lets nobody be heard without it. */
  'storage_unavailable',
]);

/** The id of one of the policy's purposes. */
export const purposeId = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/);

/** A text of the policy in the languages in which it was written: one at least. */
export const policyTexts = z.strictObject({
  fr: z.string().optional(),
  en: z.string().optional(),
  es: z.string().optional(),
  ar: z.string().optional(),
});

/** A reason for which admins may listen. */
export const purpose = z.strictObject({ id: purposeId, label: policyTexts });

/** The purposes of a team's policy, of which an admin gives one to hear its commercials. */
export const teamPurposes = z.strictObject({ equipe: z.string().min(1).max(128), purposes: z.array(purpose) });

/** What the phone does when somebody begins to listen, and whether it has a card to show at the door. */
export const policyNotice = z.strictObject({ tone: z.boolean(), vibration: z.boolean(), card: z.boolean() });

/** What a commercial acknowledges before a stream. */
export const policyConsent = z.strictObject({
  version: z.string(),
  /** Null: the host asks, and says so in the token. */
  text: policyTexts.nullable(),
  given: z.boolean(),
});

/** Why nobody may begin to hear a commercial now. */
export const barred = z.strictObject({
  reason: policyReason,
  /** Milliseconds until that passes by itself; null: not by itself, or that is not known. */
  againInMs: z.number().int().nonnegative().nullable(),
});

/** How long a commercial was heard today, in milliseconds, and what the policy leaves of that. */
export const heardTime = z.strictObject({
  heardMs: z.number().int().nonnegative(),
  leftMs: z.number().int().nonnegative(),
});

export type PolicyTexts = z.infer<typeof policyTexts>;
export type TeamPurposes = z.infer<typeof teamPurposes>;
export type PolicyNotice = z.infer<typeof policyNotice>;
export type PolicyConsent = z.infer<typeof policyConsent>;
export type PolicyReason = z.infer<typeof policyReason>;
