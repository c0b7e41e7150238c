import type { SessionUser } from '../protocol/messages.ts';

/** The teams whose speaking levels are shown also while nobody listens. */
export interface VoicePolicy {
  /** Names of teams; `*` alone for all. */
  readonly voiceWithoutListeners: readonly string[];
}

/** Whether the admins of this commercial's team may see when they speak although nobody listens. */
export function voiceWithoutListeners(
  { voiceWithoutListeners: teams }: VoicePolicy,
  user: SessionUser | null,
): boolean {
  return user?.role === 'commercial' && (teams.includes('*') || teams.includes(user.equipe));
}
