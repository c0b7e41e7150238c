/**
 * The rules of a policy, and nothing else: from what a team's policy says, what has happened today and what time it is, whether somebody
 * may stream or listen, until when, and why not. Pure: no clock, no state. Moments are milliseconds since 1970 (UTC).
 */
import type { PolicyReason } from '../protocol/policy-shapes.ts';
import type { HoursRules } from './policy-schema.ts';
import type { TeamPolicy } from './team-policy.ts';
import { ZoneClock } from './zone-clock.ts';

/** Ends that are further away than this are not looked for. */
const HORIZON_DAYS = 8;

/** What the rules say at one moment. */
export type Verdict =
  | {
      readonly allowed: true;
      /** The first moment at which it is no longer allowed if it goes on; null: none is in sight (8 days). */
      readonly until: number | null;
      /** What will end it then; null without an end. */
      readonly why: PolicyReason | null;
    }
  | {
      readonly allowed: false;
      /** When that reason will have passed by itself; null: not by itself, or not in sight. */
      readonly until: number | null;
      readonly why: PolicyReason;
    };

/** A stream as the rules see it. */
export interface StreamFacts {
  /** Milliseconds since its start, pauses included; 0 for one that is to start. */
  readonly liveMs: number;
  /** The version of the text that the commercial has acknowledged; null: none. */
  readonly consent: string | null;
}

/** One admin's listening as the rules see it. All durations are milliseconds. */
export interface ListeningFacts {
  readonly commercialId: string;
  readonly purpose: string | null;
  /** How many other admins hear or wait for this commercial, and came before. */
  readonly others: number;
  /** How long this commercial was heard today, by whomever. */
  readonly heardMs: number;
  /** How long this admin heard this commercial today. */
  readonly pairMs: number;
  /** How long this admin has heard this commercial at a stretch. */
  readonly stretchMs: number;
  /** How long ago that stretch was interrupted; 0 while it goes on. */
  readonly restedMs: number;
}

const FREE: Verdict = { allowed: true, until: null, why: null };

/** May this stream be, or start? */
export function judgeStream(policy: TeamPolicy, { liveMs, consent }: StreamFacts, now: number): Verdict {
  if (policy.unstored) return refused('storage_unavailable', null);
  if (policy.consent && consent !== policy.consent.version) return refused('consent_required', null);
  const { longestStream } = policy.limits;
  if (longestStream !== null && liveMs >= longestStream) return refused('policy_time', null);
  const length = longestStream === null ? FREE : allowed(now + longestStream - liveMs, 'policy_time');
  return sooner(judgeHours(policy.hours, now), length);
}

/** May this admin hear this commercial? That the commercial's team is one of theirs is asked elsewhere. */
export function judgeListening(policy: TeamPolicy, facts: ListeningFacts, now: number): Verdict {
  const { limits, purposes, hours } = policy;
  if (policy.nobodyMayHear.has(facts.commercialId)) return refused('policy_protected', null);
  if (policy.unstored) return refused('storage_unavailable', null);
  const hasPurpose = purposes.length === 0 || purposes.some(({ id }) => id === facts.purpose);
  if (!hasPurpose) return refused('purpose_required', null);
  const open = judgeHours(hours, now);
  if (!open.allowed) return open;
  const clock = clockOf(policy);
  const day = sooner(
    judgeDay(clock, limits.heardPerDay, facts.heardMs, now),
    judgeDay(clock, limits.oneAdminPerDay, facts.pairMs, now),
  );
  if (!day.allowed) return day;
  const stretch = judgeStretch(policy, facts, now);
  if (!stretch.allowed) return stretch;
  if (limits.maxListeners !== null && facts.others >= limits.maxListeners) return refused('policy_full', null);
  return sooner(open, sooner(day, stretch));
}

/** Whose midnight ends a day. */
export function clockOf({ hours }: TeamPolicy): ZoneClock {
  return ZoneClock.of(hours?.timeZone ?? 'UTC');
}

/** What was found last of each: it holds from then until it changes, and finding that takes longer than all else. */
const found = new WeakMap<HoursRules, { readonly from: number; readonly verdict: Verdict }>();

/** Is this within the working hours? The clock on the wall decides: what it shows twice in autumn counts both times. */
export function judgeHours(hours: HoursRules | null, now: number): Verdict {
  if (hours === null) return FREE;
  const last = found.get(hours);
  if (last && now >= last.from && last.verdict.until !== null && now < last.verdict.until) return last.verdict;
  const verdict = findHours(hours, now);
  found.set(hours, { from: now, verdict });
  return verdict;
}

function findHours(hours: HoursRules, now: number): Verdict {
  const clock = ZoneClock.of(hours.timeZone);
  const open = isOpen(hours, clock, now);
  // Where ranges meet, or a day begins that has some or none.
  const bounds = new Set([0]);
  for (const ranges of Object.values(hours.days)) for (const { start, end } of ranges) bounds.add(start).add(end);
  for (const moment of clock.changes(now, HORIZON_DAYS, [...bounds])) {
    if (isOpen(hours, clock, moment) === open) continue;
    return open ? allowed(moment, 'policy_hours') : refused('policy_hours', moment);
  }
  return open ? FREE : refused('policy_hours', null);
}

function isOpen({ days, closed }: HoursRules, clock: ZoneClock, moment: number): boolean {
  const { day, weekday, before, minutes } = clock.read(moment);
  if (closed.includes(day)) return false;
  const today = days[weekday].some(({ start, end }) => minutes >= start && (minutes < end || end < start));
  const overMidnight = days[before.weekday].some(({ start, end }) => end < start && minutes < end);
  return today || (overMidnight && !closed.includes(before.day));
}

/** How long a day's limit lets somebody hear who hears without a break from now on. Each day has the whole limit anew. */
function judgeDay(clock: ZoneClock, limit: number | null, used: number, now: number): Verdict {
  if (limit === null) return FREE;
  let [from, left] = [now, limit - used];
  for (let day = 0; day < HORIZON_DAYS; day++) {
    const midnight = nextDay(clock, from);
    if (left <= 0 && day === 0) return refused('policy_time_used', midnight);
    // At midnight itself the new day has its time.
    if (midnight === null || from + left < midnight) return allowed(from + left, 'policy_time_used');
    [from, left] = [midnight, limit];
  }
  return FREE;
}

function nextDay(clock: ZoneClock, moment: number): number | null {
  const day = clock.day(moment);
  for (const next of clock.changes(moment, 2, [0])) if (clock.day(next) !== day) return next;
  return null;
}

function judgeStretch({ limits }: TeamPolicy, { stretchMs, restedMs }: ListeningFacts, now: number): Verdict {
  const { longestListening, restBetween } = limits;
  if (longestListening === null) return FREE;
  const isNew = restedMs > 0 && restedMs >= restBetween;
  const used = isNew ? 0 : stretchMs;
  if (used >= longestListening) return refused('policy_time', now + restBetween - restedMs);
  return allowed(now + longestListening - used, 'policy_time');
}

function allowed(until: number, why: PolicyReason): Verdict {
  return { allowed: true, until, why };
}

function refused(why: PolicyReason, until: number | null): Verdict {
  return { allowed: false, until, why };
}

/** Both must allow it: the first refusal, else the earlier end. */
function sooner(one: Verdict, other: Verdict): Verdict {
  if (!one.allowed) return one;
  if (!other.allowed || one.until === null) return other;
  return other.until !== null && other.until < one.until ? other : one;
}
