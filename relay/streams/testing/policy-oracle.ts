/**
 * A second, plain reading of a policy, for the model tests: what the guard computes ahead (until when, why not) is here looked at from
 * behind, of those who really hear. Days and hours are of UTC. What it counts is never more than was heard, so that it accuses nobody
 * wrongly; it shares no code with the rules but the file's schema.
 */
import assert from 'node:assert/strict';
import type { PolicyFile } from '../../policy/policy-schema.ts';
import { policyOf, type TeamPolicy } from '../../policy/team-policy.ts';

const MINUTE = 60_000;
/** How soon the guard notices that somebody has set the clock, and a tick. */
const CLOCK_IS_NOTICED_MS = 30_500;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** One who is really heard by another at a moment. */
export interface Hearing {
  readonly commercial: string;
  readonly equipe: string;
  /** Names the stream. */
  readonly stream: string;
  /** The version that the commercial's token says was acknowledged. */
  readonly claimed: string | null;
  readonly admin: string;
  /** Why they listen: as their page asked, and as the commercial's page shows. */
  readonly purpose: string | null;
  readonly shownPurpose: string | null;
}

export class PolicyOracle {
  /** The policy that holds. */
  file: PolicyFile;
  readonly #steady: () => number;
  readonly #wall: () => number;
  /** Commercial -> the versions that they acknowledged in the page. */
  readonly #consents = new Map<string, string>();
  /** Day, commercial, and admin if it is one's own -> ms. */
  readonly #heard = new Map<string, number>();
  readonly #stretches = new Map<string, { ms: number; lastAt: number }>();
  readonly #streams = new Map<string, number>();
  #setAt = Number.NEGATIVE_INFINITY;

  constructor(file: PolicyFile, steady: () => number, wall: () => number) {
    this.file = file;
    this.#steady = steady;
    this.#wall = wall;
  }

  /** The commercial's page said so, and the relay took it. */
  acknowledged(commercial: string, version: string): void {
    this.#consents.set(commercial, version);
  }

  /** Somebody has set the clock on the wall. */
  clockSet(): void {
    this.#setAt = this.#steady();
    this.#heard.clear();
  }

  /** These have heard all the time since so many milliseconds ago. */
  passed(ms: number, hearings: readonly Hearing[]): void {
    const day = new Date(this.#wall()).toISOString().slice(0, 10);
    const add = (key: string): void => void this.#heard.set(key, (this.#heard.get(key) ?? 0) + ms);
    for (const commercial of new Set(hearings.map((hearing) => hearing.commercial))) add(`${day} ${commercial}`);
    for (const pair of new Set(hearings.map(({ commercial, admin }) => `${commercial} ${admin}`))) {
      add(`${day} ${pair}`);
      const stretch = this.#stretches.get(pair);
      if (stretch) stretch.ms += ms;
    }
  }

  /** All who hear now. @throws when the policy does not allow one of them */
  judge(hearings: readonly Hearing[]): void {
    for (const hearing of hearings) this.#judge(hearing, hearings);
  }

  #judge(hearing: Hearing, all: readonly Hearing[]): void {
    const { commercial, equipe, stream, admin, purpose, shownPurpose, claimed } = hearing;
    const policy = policyOf(this.file, equipe);
    const { limits, purposes, consent } = policy;
    const now = this.#steady();
    const who = `${admin} hears ${commercial} of ${equipe}`;
    assert.ok(!policy.nobodyMayHear.has(commercial), `${who}, whom nobody may hear`);
    if (purposes.length > 0) {
      assert.ok(
        purposes.some(({ id }) => id === purpose),
        `${who} without a purpose (${purpose})`,
      );
      assert.equal(shownPurpose, purpose, `${who}, whose page shows another purpose`);
    }
    if (consent) {
      assert.ok(
        claimed === consent.version || this.#consents.get(commercial) === consent.version,
        `${who} without consent`,
      );
    }
    const ears = new Set(all.filter((other) => other.commercial === commercial).map((other) => other.admin));
    assert.ok(limits.maxListeners === null || ears.size <= limits.maxListeners, `${ears.size} hear ${commercial}`);
    this.#within(this.#ageOf(stream, now), limits.longestStream, `${who}, stream`);
    this.#within(this.#stretchOf(`${commercial} ${admin}`, now, policy), limits.longestListening, `${who}, stretch`);
    if (now - this.#setAt < CLOCK_IS_NOTICED_MS) return;
    assert.ok(isOpen(policy, this.#wall()), `${who} outside the hours, at ${new Date(this.#wall()).toISOString()}`);
    const day = new Date(this.#wall()).toISOString().slice(0, 10);
    this.#within(this.#heard.get(`${day} ${commercial}`) ?? 0, limits.heardPerDay, `${who}, all of the day`);
    this.#within(this.#heard.get(`${day} ${commercial} ${admin}`) ?? 0, limits.oneAdminPerDay, `${who}, of the day`);
  }

  #within(ms: number, limit: number | null, what: string): void {
    assert.ok(limit === null || ms <= limit, `${what}: ${ms} ms, where ${limit} are allowed`);
  }

  #ageOf(stream: string, now: number): number {
    const since = this.#streams.get(stream) ?? now;
    this.#streams.set(stream, since);
    return now - since;
  }

  #stretchOf(pair: string, now: number, { limits }: TeamPolicy): number {
    const before = this.#stretches.get(pair);
    const isOver = before === undefined || (now > before.lastAt && now - before.lastAt >= limits.restBetween);
    const stretch = isOver ? { ms: 0, lastAt: now } : before;
    stretch.lastAt = now;
    this.#stretches.set(pair, stretch);
    return stretch.ms;
  }
}

/** By the letters of the file: none of its ranges goes over midnight in these tests. */
function isOpen({ hours }: TeamPolicy, wall: number): boolean {
  if (hours === null) return true;
  assert.equal(hours.timeZone, 'UTC', 'this reading knows no other zone');
  const date = new Date(wall);
  const day = WEEKDAYS[date.getUTCDay()] ?? 'sun';
  const minute = Math.floor((wall % (24 * 60 * MINUTE)) / MINUTE);
  return hours.days[day].some(({ start, end }) => minute >= start && minute < end);
}
