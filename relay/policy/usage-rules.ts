import { clockOf } from './rules.ts';
import type { TeamPolicy } from './team-policy.ts';
import type { UsageRules } from './usage.ts';

/** How what is heard of a team is counted. */
export function usageRules(policy: TeamPolicy): UsageRules {
  return { clock: clockOf(policy), restBetweenMs: policy.limits.restBetween };
}
