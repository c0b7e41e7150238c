/** Who listens, as a commercial's page is told. Part of messages.ts. */
import { z } from 'zod';
import { displayName, userId } from './message-parts.ts';
import { purposeId } from './policy-shapes.ts';

/** Why a page opens nothing of what comes sealed from end to end: it has not the key, or another one of that number. */
export const cannotOpen = z.enum(['e2ee_key_missing', 'e2ee_cannot_decrypt']);

/**
 * An admin who listens, as the commercial sees them. `purpose`: why, where the policy asks. `cannotOpen`: their page hears nothing, for it says that it
 * cannot open the sound.
 */
export const listenerInfo = z.strictObject({
  id: userId,
  name: displayName,
  purpose: purposeId.optional(),
  cannotOpen: cannotOpen.optional(),
});

export type CannotOpen = z.infer<typeof cannotOpen>;
export type ListenerInfo = z.infer<typeof listenerInfo>;
