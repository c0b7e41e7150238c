import {
  type ConsentRules,
  EVERY_TEAM,
  type HoursRules,
  type LimitsRules,
  limitsRules,
  type NoticeRules,
  noticeRules,
  type PolicyFile,
  type PurposeRules,
} from './policy-schema.ts';

/** The rules of one team with everything filled in. */
export interface TeamPolicy {
  /** Null: at any time. */
  readonly hours: HoursRules | null;
  readonly limits: LimitsRules;
  /** Empty: no purpose is asked for. */
  readonly purposes: readonly PurposeRules[];
  readonly nobodyMayHear: ReadonlySet<string>;
  /** Whether streams of devices, which show nobody who listens, may be heard. */
  readonly devicesMayBeHeard: boolean;
  /** Null: the phone gives no sign of its own. */
  readonly notice: NoticeRules | null;
  /** Null: nothing is to be acknowledged. */
  readonly consent: ConsentRules | null;
  /** The audit trail cannot be stored just now, and nobody may be heard without it. */
  readonly unstored: boolean;
  /** Admins may whisper, where commercials allow it. */
  readonly whisper: boolean;
  /** The other admins who hear the commercial hear what is whispered too. */
  readonly whispersHeard: boolean;
}

const NO_LIMITS: LimitsRules = Object.freeze(limitsRules.parse({}));
const NOTICE: NoticeRules = Object.freeze(noticeRules.parse({}));

/** Where there is no policy: everything goes on as without it. */
export const NO_POLICY: TeamPolicy = Object.freeze({
  hours: null,
  limits: NO_LIMITS,
  purposes: [],
  nobodyMayHear: new Set<string>(),
  devicesMayBeHeard: false,
  notice: null,
  consent: null,
  unstored: false,
  whisper: false,
  whispersHeard: false,
});

/**
 * What a file means for one team: each section of the team's own, else that of `*`, else nothing.
 * @param storageFails the audit trail cannot be stored just now
 */
export function policyOf({ audit, teams }: PolicyFile, team: string, storageFails = false): TeamPolicy {
  const own = Object.hasOwn(teams, team) ? teams[team] : undefined;
  const every = Object.hasOwn(teams, EVERY_TEAM) ? teams[EVERY_TEAM] : undefined;
  const stated = <T>(mine: T | undefined, others: T | undefined): T | undefined => (mine !== undefined ? mine : others);
  const notice = stated(own?.notice, every?.notice);
  const whisper = stated(own?.whisper, every?.whisper) ?? false;
  return {
    hours: stated(own?.hours, every?.hours) ?? null,
    limits: stated(own?.limits, every?.limits) ?? NO_LIMITS,
    purposes: stated(own?.purposes, every?.purposes) ?? [],
    nobodyMayHear: new Set(stated(own?.nobodyMayHear, every?.nobodyMayHear)),
    devicesMayBeHeard: stated(own?.devicesMayBeHeard, every?.devicesMayBeHeard) ?? false,
    // Whoever states a policy and is silent on this gives the sign.
    notice: notice === undefined ? NOTICE : notice,
    consent: stated(own?.consent, every?.consent) ?? null,
    unstored: storageFails && audit.whenStorageFails === 'stop',
    whisper: whisper !== false,
    whispersHeard: typeof whisper === 'object' && whisper.heardByListeners,
  };
}
