/**
 * What a policy file (`POLICY_FILE`) says: who may be heard when, how long, why and by how many, and what of it is kept. The schemas are
 * strict: an unknown key is an error and not a rule that nobody is held to. Everything left out changes nothing.
 */
import { z } from 'zod';
import { duration, durationText } from '../config/values.ts';

const DAY_MS = 86_400_000;

/** Most teams that a file may name, and most entries of each list. */
export const POLICY_LIMITS = { teams: 1_000, ids: 10_000, purposes: 50, ranges: 24, closed: 1_000 } as const;

/** The languages that the elements speak. */
export const POLICY_LANGUAGES = ['fr', 'en', 'es', 'ar'] as const;

/** The days of a week, as ISO 8601 orders them. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** The key of the rules of every team that has none of its own. */
export const EVERY_TEAM = '*';

/** A duration with its unit, as in environment variables: `45m`. Read as milliseconds. */
function time(minMs: number, maxMs: number) {
  const allowed = `a duration in quotation marks with its unit ms, s, m, h or d, from ${durationText(minMs)} to ${durationText(maxMs)}`;
  return z.string({ error: allowed }).pipe(duration(minMs, maxMs));
}

/** Texts by language. At least one; a page whose language is missing shows English, else the first. */
function texts(max: number) {
  const text = z
    .string({ error: 'a text' })
    .trim()
    .min(1, 'a text that is not empty')
    .max(max, `at most ${max} characters`);
  return z
    .strictObject({ fr: text.optional(), en: text.optional(), es: text.optional(), ar: text.optional() })
    .refine(
      (given) => Object.keys(given).length > 0,
      `a text in one of the languages ${POLICY_LANGUAGES.join(', ')} at least`,
    );
}

/** An id of the host's tokens (`sub`), letter for letter. */
const userId = z.string({ error: 'an id (the `sub` of the tokens) in quotation marks' }).min(1).max(128);

/** `09:00-12:30`: minutes since midnight, the end excluded. An end before the start is that of the next day; `24:00` is midnight. */
const range = z
  .string({ error: 'a range of times in quotation marks, as "09:00-12:30"' })
  .transform((given, context) => {
    const match = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24:00))$/.exec(given.trim());
    if (!match) {
      context.addIssue({ code: 'custom', message: 'a range of times, as "09:00-12:30" or "22:00-06:00"' });
      return z.NEVER;
    }
    const start = Number(match[1]) * 60 + Number(match[2]);
    const end = match[5] === undefined ? Number(match[3]) * 60 + Number(match[4]) : 24 * 60;
    if (start === end) {
      context.addIssue({
        code: 'custom',
        message: 'a range that ends after it begins; the whole day is "00:00-24:00"',
      });
      return z.NEVER;
    }
    return { start, end };
  });

const ranges = z
  .array(range, { error: 'a list of ranges, as ["09:00-12:30", "13:30-18:00"]' })
  .max(POLICY_LIMITS.ranges);

/** A day that exists in the Gregorian calendar (ISO 8601). */
const date = z.string({ error: 'a date in quotation marks, as "2026-12-25"' }).refine((given) => {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(given) ? Date.parse(`${given}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(given);
}, 'a date that exists, as "2026-12-25"');

const timeZone = z
  .string({ error: 'a time zone of the IANA list, as Europe/Paris' })
  .refine(isTimeZone, 'a time zone of the IANA list, as Europe/Paris');

/** When commercials may stream, and so be heard. */
export const hoursRules = z.strictObject({
  /** Whose clock counts: a time zone of the IANA list. Summer time is followed. */
  timeZone,
  /** The ranges of each day of the week; a day left out is closed. A range over midnight belongs to the day on which it begins. */
  days: z.strictObject({
    mon: ranges.default([]),
    tue: ranges.default([]),
    wed: ranges.default([]),
    thu: ranges.default([]),
    fri: ranges.default([]),
    sat: ranges.default([]),
    sun: ranges.default([]),
  }),
  /** Days on which nobody is heard (public holidays). A range that began the day before ends at midnight. */
  closed: z.array(date).max(POLICY_LIMITS.closed).default([]),
});

/** How much. `null`: no limit. A day is a calendar day of `hours.timeZone`, of UTC without it. */
export const limitsRules = z.strictObject({
  /** Longest stream, pauses included. `MAX_STREAM` holds besides. */
  longestStream: time(60_000, 7 * DAY_MS)
    .nullable()
    .default(null),
  /** Longest that one admin hears one commercial at a stretch. */
  longestListening: time(60_000, DAY_MS).nullable().default(null),
  /** A stretch goes on over interruptions shorter than this, and only after it may that admin hear that commercial again. */
  restBetween: time(0, DAY_MS).default(5 * 60_000),
  /** How long one commercial is heard on one day, by whomever: while several listen, the time counts once. */
  heardPerDay: time(60_000, DAY_MS).nullable().default(null),
  /** How long one admin hears one commercial on one day. */
  oneAdminPerDay: time(60_000, DAY_MS).nullable().default(null),
  /** How long before an end both sides are warned. */
  warnBefore: time(0, 3_600_000).default(5 * 60_000),
  /** Most admins who hear or wait for one commercial at the same time. */
  maxListeners: z
    .number({ error: 'a whole number from 1 to 1000' })
    .int('a whole number')
    .min(1)
    .max(1_000)
    .nullable()
    .default(null),
});

/** One reason for which an admin may listen. */
export const purposeRules = z.strictObject({
  /** Stands in messages and the audit trail, and shall keep its meaning. */
  id: z
    .string({ error: 'a short name' })
    .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'a short name of small letters, digits, - and _, at most 32 characters'),
  /** What people read, by language. */
  label: texts(80),
});

/** What the phone does when somebody begins to listen. */
export const noticeRules = z.strictObject({
  /** A soft tone. */
  tone: z.boolean({ error: 'true or false' }).default(true),
  /** A vibration, where the phone has one. */
  vibration: z.boolean({ error: 'true or false' }).default(true),
  /** The card to show at the door is one tap away. */
  card: z.boolean({ error: 'true or false' }).default(true),
});

/** What commercials acknowledge before they stream. A new version is asked for anew. */
export const consentRules = z
  .strictObject({
    /** Names the text; change it when the text changes. */
    version: z.string({ error: 'a text in quotation marks, as "2026-01"' }).trim().min(1).max(64),
    /** What they read, by language. */
    text: texts(8_000).optional(),
    /** The host asks, and says so in the token: its claim `consent` is the version. */
    claim: z.boolean({ error: 'true or false' }).default(false),
  })
  .refine(
    ({ text, claim }) => (text !== undefined) !== claim,
    'either `text`, which the page shows, or `claim: true`, when the host asks',
  );

/** More of whispering than that it is allowed. */
export const whisperRules = z.strictObject({
  /** The other admins who hear the commercial hear what is said too, each once the page of who speaks names them. */
  heardByListeners: z.boolean({ error: 'true or false' }),
});

/**
 * The rules of one team of commercials. A section that a team states takes the place of that section of `*` as a whole; `null`, or an
 * empty list, switches it off for that team.
 */
export const teamRules = z.strictObject({
  hours: hoursRules.nullable().optional(),
  limits: limitsRules.nullable().optional(),
  /** Why somebody may listen. Empty: no reason is asked for. Else one of these must be given. */
  purposes: z
    .array(purposeRules)
    .max(POLICY_LIMITS.purposes)
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'each id once')
    .optional(),
  /** Ids of commercials whom nobody may hear: staff representatives. */
  nobodyMayHear: z.array(userId).max(POLICY_LIMITS.ids).optional(),
  /**
   * Whether streams of devices (WHIP) may be heard. A device has no page that could show who listens: the names stand in the audit
   * trail, and nowhere else. Left out: no.
   */
  devicesMayBeHeard: z.boolean({ error: 'true or false' }).optional(),
  notice: noticeRules.nullable().optional(),
  consent: consentRules.nullable().optional(),
  /**
   * Admins whose token has the claim `whisper` may speak into the ear of a commercial who allows it, and send them short texts. An object is `true`, and
   * says more.
   */
  whisper: z
    .union([z.boolean(), whisperRules], {
      error: 'true, false or { heardByListeners: true }',
    })
    .optional(),
});

/** How the audit trail is kept where `AUDIT_DIR` is set. */
export const auditRules = z.strictObject({
  /** After how many days a day's file is deleted, which itself leaves a signed record. `null`: never. */
  retentionDays: z
    .number({ error: 'a whole number of days from 1 to 36500, or null' })
    .int('a whole number')
    .min(1)
    .max(36_500)
    .nullable()
    .default(null),
  /** What streams do while nothing can be stored: `continue`, or `stop`: nobody is heard. */
  whenStorageFails: z.enum(['continue', 'stop'], { error: 'continue or stop' }).default('continue'),
});

/** How the audit trail is kept. */
export type AuditPolicy = Readonly<z.output<typeof auditRules>>;

/** Without a policy file. */
export const DEFAULT_AUDIT_POLICY: AuditPolicy = Object.freeze({ retentionDays: null, whenStorageFails: 'continue' });

/** A whole policy file. */
export const policyFile = z.strictObject({
  /** Of this format. */
  version: z.literal(1, { error: '1, the version of this format' }),
  audit: auditRules.default(DEFAULT_AUDIT_POLICY),
  /** By team (the `equipe` of the commercials' tokens, letter for letter); `*` for every team, and for what a team does not state. */
  teams: z
    .record(z.string().min(1).max(128), teamRules)
    .refine((teams) => Object.keys(teams).length <= POLICY_LIMITS.teams, `at most ${POLICY_LIMITS.teams} teams`)
    .default({}),
});

/** A policy file as it was read: durations in milliseconds, times of day in minutes since midnight. */
export type PolicyFile = z.output<typeof policyFile>;
export type HoursRules = z.output<typeof hoursRules>;
export type LimitsRules = z.output<typeof limitsRules>;
export type PurposeRules = z.output<typeof purposeRules>;
export type NoticeRules = z.output<typeof noticeRules>;
export type ConsentRules = z.output<typeof consentRules>;
export type TeamRules = z.output<typeof teamRules>;
export type TimeRange = z.output<typeof range>;
export type PolicyTexts = z.output<ReturnType<typeof texts>>;

function isTimeZone(name: string): boolean {
  // An offset as "+02:00" is known to Intl, but has no summer time.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
