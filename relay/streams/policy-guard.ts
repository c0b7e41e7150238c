import type { AuditSink } from '../audit/audit-entries.ts';
import { mayHear } from '../auth/permissions.ts';
import { RelayError } from '../errors.ts';
import type { Consents } from '../policy/consents.ts';
import { judgeHours, judgeListening, judgeStream, type Verdict } from '../policy/rules.ts';
import type { TeamPolicy } from '../policy/team-policy.ts';
import type { Usage } from '../policy/usage.ts';
import { usageRules } from '../policy/usage-rules.ts';
import { ERROR_CODES } from '../protocol/error-codes.ts';
import type { PayloadOf } from '../protocol/messages.ts';
import type { PolicyReason } from '../protocol/policy-shapes.ts';
import type { AdminUser, Bar, Commercial, CommercialListener } from './commercial.ts';
import { type Restraint, type RestraintEvents, STREAM_POLICY_REASONS, type StreamPolicyReason } from './restraint.ts';
import type { Session } from './session.ts';
import type { Timer, TimerSet } from './timers.ts';
import { Told } from './told.ts';

/** Where something has an end by the clock, it is looked at so often at least: clocks are set. */
const LOOK_MS = 30_000;
/** The same where nobody streams or listens: only the row waits for it. */
const IDLE_LOOK_MS = 600_000;

/** Two reckonings of one moment differ by rounding. */
const SAME_MS = 1_000;

/** Where the rules come from. */
export interface PolicyRules {
  readonly exists: boolean;
  /** The same text as long as the same rules hold, for pages; null: there are none. */
  readonly tag: string | null;
  /** The rules for commercials of this team. */
  of(team: string): TeamPolicy;
}

/** What the guard is made with. */
export interface PolicyGuardOptions extends RestraintEvents {
  readonly rules: PolicyRules;
  readonly usage: Usage;
  readonly consents: Consents;
  readonly timers: TimerSet;
  readonly audit: AuditSink;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
}

type Refusal = Extract<Verdict, { allowed: false }>;

/** An end that comes, of a stream or a listening. */
interface Coming {
  readonly until: number;
  readonly why: PolicyReason;
}

/**
 * Holds everybody to the policy: what is asked for is judged before it begins, what runs whenever something changes, and when the end
 * comes that was foretold. A commercial's home decides, for listeners of other nodes too: it alone knows all of them.
 */
export class PolicyGuard implements Restraint {
  readonly #options: PolicyGuardOptions;
  readonly #timers = new Map<string, Timer>();
  /** Streams and listeners that were warned, each of the end that comes for this reason. */
  readonly #warned = new WeakMap<object, PolicyReason>();
  /** What the policy asks of a page. */
  readonly #told = new Told('');
  /** Under which policy the times of a commercial were told. */
  readonly #timed = new WeakMap<Commercial, string>();

  constructor(options: PolicyGuardOptions) {
    this.#options = options;
  }

  askStream(session: Session, liveMs: number): void {
    const { user } = session;
    if (user.role !== 'commercial') return;
    const policy = this.#options.rules.of(user.equipe);
    if (session.kind === 'device' && !policy.devicesMayBeHeard) {
      this.#refuse('policy_devices', { commercial: user.id, equipe: user.equipe });
    }
    const facts = { liveMs, consent: this.#consentOf(session, policy) };
    this.#demand(judgeStream(policy, facts, this.#options.wall()), { commercial: user.id, equipe: user.equipe });
  }

  askListening(admin: AdminUser, commercial: Commercial | null, purpose: string | null): string | null {
    const user = commercial?.user;
    // Of whom nothing is known yet nothing is said; once they are there it is looked at again.
    if (!commercial || !user || !mayHear(admin, user.equipe)) return purpose;
    const others = new Set<string>();
    for (const listener of commercial.listeners.values()) {
      if (listener.counts && listener.permitted && listener.admin.id !== admin.id) others.add(listener.admin.id);
    }
    const policy = this.#options.rules.of(user.equipe);
    const verdict = this.#judge(commercial, policy, admin.id, purpose, others.size);
    this.#demand(verdict, { commercial: commercial.id, equipe: user.equipe, admin: admin.id });
    return policy.purposes.length > 0 ? purpose : null;
  }

  look(commercial: Commercial): void {
    const { rules } = this.#options;
    const user = commercial.user;
    if (!rules.exists || !user) {
      commercial.barred = null;
      this.#arm(commercial, null);
      return;
    }
    // Before anything ends: a page is to know by then what holds. Somebody may have acknowledged the text at another relay, hours may have begun.
    for (const session of commercial.present) this.tell(session);
    const policy = rules.of(user.equipe);
    const isOver = !commercial.stream && commercial.listeners.size === 0;
    const coming = isOver ? [] : [this.#lookStream(commercial, policy), ...this.#lookListeners(commercial, policy)];
    const bar = this.#lookBar(commercial, policy);
    const hours = commercial.status === 'offline' ? null : judgeHours(policy.hours, this.#options.wall()).until;
    const next = [...coming, bar, hours].filter((moment) => moment !== null);
    this.#arm(commercial, next.length > 0 ? Math.min(...next) : null, isOver ? IDLE_LOOK_MS : LOOK_MS);
  }

  heard(commercial: Commercial): void {
    const { rules, usage, touch } = this.#options;
    const user = commercial.user;
    if (!rules.exists || !user) return;
    const { stream } = commercial;
    const hearing = [...commercial.listeners.values()].filter((listener) => stream !== null && listener.hears(stream));
    const admins = new Set(hearing.map(({ admin }) => admin.id));
    const before = this.#timed.get(commercial);
    const areOthers = usage.hears(commercial.id, admins, usageRules(rules.of(user.equipe)));
    // What was said of the time that is left was said by another policy.
    if (!areOthers && (before === undefined || before === rules.tag)) return;
    this.#timed.set(commercial, rules.tag ?? '');
    this.#tellTimes(commercial);
    touch(commercial);
  }

  tell(session: Session): void {
    const { rules } = this.#options;
    if (!rules.exists) return;
    const terms = this.#termsOf(session);
    if (this.#told.isNews(session, JSON.stringify(terms))) session.notify('policy:changed', terms);
  }

  consent(session: Session, version: string): void {
    const { user } = session;
    if (user.role !== 'commercial') return;
    const { consent } = this.#options.rules.of(user.equipe);
    if (!consent || consent.claim || consent.version !== version) {
      throw new RelayError('bad_request', 'consent:give: this is not the text that the policy asks to acknowledge.');
    }
    if (!this.#options.consents.give(user.id, version)) return;
    this.#options.audit.record({ event: 'consent_given', commercial: user.id, equipe: user.equipe, version });
  }

  /** The times of everybody who hears this commercial, or streams, to their pages. */
  #tellTimes(commercial: Commercial): void {
    const { rules } = this.#options;
    const user = commercial.user;
    const { stream } = commercial;
    if (!user || !stream) return;
    const policy = rules.of(user.equipe);
    const running = [...commercial.listeners.values()].filter((listener) => listener.hears(stream));
    stream.session.notify('policy:time', this.#timeOf(commercial, policy, null, running.length > 0));
    for (const listener of commercial.listeners.values()) {
      if (!listener.permitted) continue;
      const time = this.#timeOf(commercial, policy, listener.admin.id, running.includes(listener));
      listener.showTime(time);
    }
  }

  #timeOf({ id }: Commercial, policy: TeamPolicy, adminId: string | null, running: boolean): PayloadOf<'policy:time'> {
    const { heardPerDay, oneAdminPerDay } = policy.limits;
    const { heardMs, pairMs } = this.#options.usage.of(id, adminId, usageRules(policy));
    const left = [
      ...(heardPerDay === null ? [] : [heardPerDay - heardMs]),
      ...(adminId === null || oneAdminPerDay === null ? [] : [oneAdminPerDay - pairMs]),
    ];
    return {
      commercialId: id,
      heardMs: Math.round(adminId === null ? heardMs : pairMs),
      leftMs: left.length === 0 ? null : Math.max(0, Math.round(Math.min(...left))),
      running,
      ...(adminId !== null &&
        heardPerDay !== null && {
          byAll: { heardMs: Math.round(heardMs), leftMs: Math.max(0, Math.round(heardPerDay - heardMs)) },
        }),
    };
  }

  /** @returns when to look again; null: nothing comes */
  #lookStream(commercial: Commercial, policy: TeamPolicy): number | null {
    const { stream } = commercial;
    if (!stream || stream.closed) return null;
    if (stream.device && !policy.devicesMayBeHeard) {
      this.#options.endStream(commercial, 'policy_devices');
      return null;
    }
    const now = this.#options.wall();
    const facts = { liveMs: stream.liveForMs, consent: this.#consentOf(stream.session, policy) };
    const verdict = judgeStream(policy, facts, now);
    if (verdict.allowed) {
      return this.#warn(stream, verdict, policy, (warning) => {
        stream.session.notify('policy:warning', { commercialId: commercial.id, ...warning });
      });
    }
    const { why } = verdict;
    if (endsStreams(why)) this.#options.endStream(commercial, why);
    return null;
  }

  #lookListeners(commercial: Commercial, policy: TeamPolicy): (number | null)[] {
    const before = new Set<string>();
    return [...commercial.listeners.values()].map((listener) => {
      // Who may not know this commercial waits as for nobody.
      if (!listener.permitted) return null;
      const { admin, counts, purpose } = listener;
      const others = counts ? before.size - (before.has(admin.id) ? 1 : 0) : 0;
      const verdict = this.#judge(commercial, policy, admin.id, purpose, others);
      if (!verdict.allowed) {
        this.#end(commercial, listener, verdict);
        return null;
      }
      if (counts) before.add(admin.id);
      // Time that is not running out has no end that comes.
      const comes = verdict.why === 'policy_hours' || (commercial.stream && listener.hears(commercial.stream));
      return comes ? this.#warnListener(commercial, listener, verdict, policy) : null;
    });
  }

  /** Ends a listening, and tells the commercial's page of one that was heard. */
  #end({ stream }: Commercial, listener: CommercialListener, { why, until }: Refusal): void {
    const wasHeard = stream !== null && !stream.closed && listener.hears(stream);
    if (wasHeard) stream.session.notify('policy:ended', { adminId: listener.admin.id, reason: why });
    const againInMs = until === null ? undefined : Math.max(0, Math.round(until - this.#options.wall()));
    listener.refuse(why, againInMs);
  }

  #warnListener(commercial: Commercial, listener: CommercialListener, verdict: Verdict, policy: TeamPolicy) {
    return this.#warn(listener, verdict, policy, (warning) => {
      listener.warn({ commercialId: commercial.id, ...warning });
      // Hours end the stream, of which the commercial is warned by itself.
      if (warning.reason !== 'policy_hours') {
        const adminId = listener.admin.id;
        commercial.stream?.session.notify('policy:warning', { commercialId: commercial.id, ...warning, adminId });
      }
    });
  }

  /** Warns once of an end that is near. @returns when to look again */
  #warn(
    whom: object,
    verdict: Verdict,
    { limits }: TeamPolicy,
    say: (warning: { readonly reason: PolicyReason; readonly endsInMs: number }) => void,
  ): number | null {
    const coming = comingOf(verdict);
    if (!coming) {
      this.#warned.delete(whom);
      return null;
    }
    const { until, why } = coming;
    const now = this.#options.wall();
    const warnAt = until - limits.warnBefore;
    if (warnAt > now) {
      this.#warned.delete(whom);
      return limits.warnBefore > 0 ? warnAt : until;
    }
    if (limits.warnBefore > 0 && this.#warned.get(whom) !== why) {
      this.#warned.set(whom, why);
      say({ reason: why, endsInMs: Math.max(0, Math.round(until - now)) });
    }
    return until;
  }

  #judge(commercial: Commercial, policy: TeamPolicy, adminId: string, purpose: string | null, others: number): Verdict {
    const facts = this.#options.usage.of(commercial.id, adminId, usageRules(policy));
    return judgeListening(policy, { commercialId: commercial.id, purpose, others, ...facts }, this.#options.wall());
  }

  #demand(
    verdict: Verdict,
    who: { readonly commercial: string; readonly equipe: string; readonly admin?: string },
  ): void {
    if (!verdict.allowed) this.#refuse(verdict.why, who);
  }

  #refuse(
    reason: PolicyReason | 'policy_devices',
    who: { readonly commercial: string; readonly equipe: string; readonly admin?: string },
  ): never {
    this.#options.audit.record({ event: 'policy_refused', ...who, reason });
    throw new RelayError(reason, ERROR_CODES[reason]);
  }

  #consentOf(session: Session, { consent }: TeamPolicy): string | null {
    if (!consent) return null;
    const { consents } = this.#options;
    return session.consent === consent.version || consents.has(session.user.id, consent.version)
      ? consent.version
      : null;
  }

  #termsOf(session: Session): PayloadOf<'policy:changed'> {
    const { user } = session;
    const { rules } = this.#options;
    const equipes = user.role === 'admin' ? user.equipes : [user.equipe];
    const teams = equipes.flatMap((equipe) => {
      const purposes = rules.of(equipe).purposes.map(({ id, label }) => ({ id, label }));
      return purposes.length > 0 ? [{ equipe, purposes }] : [];
    });
    const tag = rules.tag ?? '';
    if (user.role === 'admin') return { tag, teams, open: true, notice: null, consent: null };
    const policy = rules.of(user.equipe);
    const { consent, notice } = policy;
    return {
      tag,
      teams,
      open: judgeHours(policy.hours, this.#options.wall()).allowed,
      notice,
      consent: consent && {
        version: consent.version,
        text: consent.text ?? null,
        given: this.#consentOf(session, policy) === consent.version,
      },
    };
  }

  /**
   * Whether the row says that nobody may begin to hear this commercial: what holds for every admin alike. Of commercials of other relays this one
   * knows neither what was heard nor what they have acknowledged. @returns when that changes by the clock
   */
  #lookBar(commercial: Commercial, policy: TeamPolicy): number | null {
    const { usage, wall } = this.#options;
    const { id, status, barred } = commercial;
    const now = wall();
    const facts = {
      commercialId: id,
      purpose: policy.purposes[0]?.id ?? null,
      others: commercial.row()?.listenerCount ?? 0,
      ...usage.of(id, null, usageRules(policy)),
    };
    let verdict = judgeListening(policy, facts, now);
    if (verdict.allowed && this.#lacksConsent(commercial, policy)) {
      verdict = { allowed: false, until: null, why: 'consent_required' };
    }
    const { until } = verdict;
    const lasts = status !== 'offline' || verdict.why === 'policy_protected';
    if (verdict.allowed || !lasts) commercial.barred = null;
    else {
      const at = until === null ? null : performance.now() + until - now;
      commercial.barred = isSameBar(barred, verdict.why, at) ? barred : { reason: verdict.why, until: at };
    }
    return status === 'offline' || verdict.allowed ? null : until;
  }

  #lacksConsent({ present }: Commercial, policy: TeamPolicy): boolean {
    const { consent } = policy;
    if (!consent || present.size === 0) return false;
    return ![...present].some((session) => this.#consentOf(session, policy) === consent.version);
  }

  #arm(commercial: Commercial, at: number | null, atMost = LOOK_MS): void {
    const { timers, wall, touch } = this.#options;
    this.#timers.get(commercial.id)?.cancel();
    this.#timers.delete(commercial.id);
    if (at === null) return;
    const timer = timers.after(Math.min(Math.max(at - wall(), 0), atMost), () => {
      this.#timers.delete(commercial.id);
      touch(commercial);
    });
    this.#timers.set(commercial.id, timer);
  }
}

function isSameBar(bar: Bar | null, reason: PolicyReason, until: number | null): bar is Bar {
  if (bar?.reason !== reason) return false;
  return bar.until === null || until === null ? bar.until === until : Math.abs(bar.until - until) < SAME_MS;
}

function endsStreams(why: PolicyReason): why is StreamPolicyReason {
  return STREAM_POLICY_REASONS.some((reason) => reason === why);
}

function comingOf(verdict: Verdict): Coming | null {
  return verdict.allowed && verdict.until !== null && verdict.why ? { until: verdict.until, why: verdict.why } : null;
}
