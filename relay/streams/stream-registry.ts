import type { Logger } from 'pino';
import type { AuditSink } from '../audit/audit-entries.ts';
import type { LimitsConfig, SessionConfig } from '../config/shape.ts';
import { countedAudit } from '../measures/counted-audit.ts';
import { Measures } from '../measures/measures.ts';
import type { Media } from '../media/media.ts';
import { Consents } from '../policy/consents.ts';
import { Usage } from '../policy/usage.ts';
import type { SessionUser } from '../protocol/messages.ts';
import type { Commercial } from './commercial.ts';
import { commercialDetails } from './commercial-details.ts';
import { Coverage } from './coverage.ts';
import { Directory } from './directory.ts';
import { Alone, type Elsewhere } from './elsewhere.ts';
import { Helping } from './helping.ts';
import { ListenLink } from './listen-link.ts';
import { Listening } from './listening.ts';
import { OwnPages } from './own-pages.ts';
import { type NotifyAll, notifyEach } from './peer.ts';
import { PolicyGuard, type PolicyRules } from './policy-guard.ts';
import { PublishLink } from './publish-link.ts';
import { Publishing } from './publishing.ts';
import { type Restraint, Unrestricted } from './restraint.ts';
import { Roster } from './roster.ts';
import type { Session, SessionLinks } from './session.ts';
import { SessionRegistry } from './session-registry.ts';
import type { CommercialDetail, StatusSource } from './status.ts';
import { TimerSet } from './timers.ts';
import type { WhisperHome } from './whispering/whisper-home.ts';
import { type WhisperGauges, Whispering } from './whispering/whispering.ts';

/** What the registry is made with. */
export interface StreamRegistryOptions {
  readonly media: Media;
  readonly session: SessionConfig;
  readonly limits: LimitsConfig;
  readonly logger: Logger;
  /** In a cluster: this node's id, with which the ids of its sessions begin. */
  readonly nodeId?: string | null;
  /** Who really heard whom. */
  readonly audit: AuditSink;
  /** The other relays of the service; absent: there are none. */
  readonly elsewhere?: Elsewhere;
  /** What whoever runs the relay allows; absent: everything. */
  readonly policy?: PolicyRules;
  /** What was heard before this process began, if that is known; and the clocks. */
  readonly usage?: Usage;
  /** What was acknowledged before this process began, or at other relays. */
  readonly consents?: Consents;
  /** Milliseconds since 1970; absent: the system's. */
  readonly wall?: () => number;
  /** Where it is told what people feel; absent: nowhere. */
  readonly measures?: Measures;
  /** How several pages are told the same; absent: one after the other. */
  readonly notifyAll?: NotifyAll;
}

/** Counts for metrics and leak tests: all are 0 when everybody has left and the times of grace are over. */
export interface StreamGauges extends WhisperGauges {
  /** Sessions, with or without a connection. */
  readonly sessions: number;
  /** Sessions with a connection. */
  readonly attached: number;
  readonly streams: number;
  readonly listeners: number;
  /** Commercials kept in memory. */
  readonly commercials: number;
  readonly timers: number;
}

/**
 * Who streams, who listens, who may: the relay's state, without sockets. Every change of a commercial passes through one
 * place, which brings roster, listeners and demand in line with it.
 */
export class StreamRegistry implements StatusSource {
  readonly publishing: Publishing;
  readonly listening: Listening;
  readonly helping: Helping;
  readonly whispering: Whispering;
  readonly registry: SessionRegistry;
  readonly #timers = new TimerSet();
  readonly #roster: Roster;
  readonly #coverage: Coverage;
  readonly #ownPages = new OwnPages();
  readonly #elsewhere: Elsewhere;
  readonly #restraint: Restraint;
  readonly #directory: Directory;
  readonly #options: StreamRegistryOptions;
  readonly #measures: Measures;
  /** Commercials about whom something changed. */
  readonly #changes = new Set<Commercial>();
  #changing = false;
  #closed = false;

  constructor(options: StreamRegistryOptions) {
    this.#options = options;
    const { logger, session, limits, measures = new Measures() } = options;
    const audit = countedAudit(options.audit, measures);
    this.#measures = measures;
    const timers = this.#timers;
    const onChange = (commercial: Commercial): void => this.#changed(commercial);
    const elsewhere = options.elsewhere ?? new Alone();
    this.#elsewhere = elsewhere;
    this.#roster = new Roster({
      timers,
      notifyAll: options.notifyAll ?? notifyEach,
      onWatched: (equipes) => elsewhere.watched(equipes),
    });
    this.#directory = new Directory({
      timers,
      offlineKeepMs: session.offlineKeepMs,
      onForgotten: (commercial) => {
        this.#roster.touch(commercial);
        elsewhere.changed(commercial);
      },
    });
    const directory = this.#directory;
    const restraint = this.#restrain(options, audit);
    this.#restraint = restraint;
    const common = { ...limits, directory, elsewhere, restraint, logger, audit, measures, onChange };
    this.publishing = new Publishing({ ...session, ...common, timers });
    this.listening = new Listening(common);
    this.helping = new Helping(common);
    this.whispering = new Whispering({
      ...common,
      timers,
      media: options.media,
      policy: options.policy ?? null,
      selectionOf: (session) => this.listening.selectionOf(session),
      afar: (commercial) => elsewhere.whisperHome(commercial),
    });
    this.registry = new SessionRegistry({
      nodeId: options.nodeId ?? null,
      graceMs: session.graceMs,
      sessionsPerUser: limits.connectionsPerUser,
      timers,
      logger,
      links: (made) => this.#links(made),
      events: {
        attached: (attached, awayMs) => {
          const kind = attached.user.role === 'admin' ? 'listen' : 'publish';
          if (awayMs !== null) measures.recovered('signalling', kind, awayMs);
          this.#attached(attached);
          this.whispering.attached(attached);
        },
        detached: (detached) => this.#left(detached),
        userChanged: (changed, before) => this.#userChanged(changed, before),
        ended: (ended, why) => {
          this.helping.ended(ended, why); // before its stream, whose end would count as the cause
          this.publishing.ended(ended, why);
          this.listening.ended(ended, why);
          this.#left(ended);
        },
      },
    });
    this.#coverage = new Coverage(this.registry);
  }

  /** Whether the other relays of the service can be heard of. */
  covered(complete: boolean): void {
    this.#coverage.set(complete);
  }

  activeStreams(): number {
    return this.publishing.counted;
  }

  totalListeners(): number {
    return this.listening.counted;
  }

  hearingsDue(): number {
    return this.listening.due;
  }

  withoutMedia(): number {
    return this.listening.withoutMedia;
  }

  sessions(): number {
    return this.registry.size;
  }

  detail(mayKnow: (equipe: string) => boolean): CommercialDetail[] {
    return commercialDetails(this.#directory, mayKnow);
  }

  gauges(): StreamGauges {
    return {
      sessions: this.registry.size,
      attached: this.registry.attached,
      streams: this.publishing.size,
      listeners: this.listening.size,
      commercials: this.#directory.size,
      timers: this.#timers.size,
      ...this.whispering.gauges(),
    };
  }

  /** Whether nobody looks at this admin's page: what the roster sends there goes by it. */
  paceRoster(session: Session, hidden: boolean): void {
    this.#roster.pace(session, hidden);
  }

  /** The commercial has read and acknowledged the policy's text. @throws RelayError bad_request */
  consent(session: Session, version: string): void {
    this.#restraint.consent(session, version);
    const commercial = this.#directory.find(session.user.id);
    if (!commercial) return;
    this.#changed(commercial);
  }

  /** Another policy holds from now on: pages are told, and what it does not allow ends. */
  policyChanged(): void {
    for (const session of this.registry) if (session.peer) this.#restraint.tell(session);
    this.judgeAnew();
  }

  /** What the policy is judged by has changed, as whether the audit trail can be stored: what it does not allow any more ends. */
  judgeAnew(): void {
    for (const commercial of [...this.#directory]) this.#changed(commercial);
  }

  /** Whispers to the commercials of this relay, for admins at others. */
  get whispers(): WhisperHome {
    return this.whispering.home;
  }

  /** The commercial of this id, known or not yet. Follow it with `touch` once something holds it. */
  obtain(id: string): Commercial {
    return this.#directory.obtain(id);
  }

  /** The commercial of this id, if anybody knows one. */
  find(id: string): Commercial | null {
    return this.#directory.find(id);
  }

  /** Another page of the same user, at another relay, wants this stream to end. */
  stopStream(userId: string, streamId: string): void {
    this.publishing.stopStream(userId, streamId);
  }

  /** Everybody whom this relay knows of. */
  commercials(): IterableIterator<Commercial> {
    return this.#directory[Symbol.iterator]();
  }

  /** What is known of the commercial from elsewhere has changed. */
  touch(commercial: Commercial): void {
    this.#changed(commercial);
  }

  /** Ends every session. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const session of this.registry) session.end('relay_closed');
    this.#timers.clear();
  }

  #links(session: Session): SessionLinks {
    const { media, logger } = this.#options;
    if (session.user.role === 'admin') {
      const listen = new ListenLink({
        media,
        logger,
        timers: this.#timers,
        trace: session.trace,
        onFailing: () => this.listening.userChanged(session),
        onState: () => {
          this.listening.presence(session);
          this.listening.hearingChanged(session);
        },
        onHearing: () => this.listening.hearingChanged(session),
        onLost: (reason) => this.listening.lost(session, reason),
        onRecovered: (fault, ms) => this.#measures.recovered(fault, 'listen', ms),
      });
      return { publish: null, listen };
    }
    const publish = new PublishLink(
      media,
      {
        state: (state) => this.publishing.transport(session, state),
        replaced: () => this.publishing.replaced(session),
        lost: (reason) => this.publishing.lost(session, reason),
        recovered: (fault, ms) => this.#measures.recovered(fault, 'publish', ms),
      },
      session.trace,
      session.kind === 'page',
    );
    return { publish, listen: null };
  }

  #restrain(
    { policy, usage = new Usage(), consents = new Consents(), wall = () => Date.now() }: StreamRegistryOptions,
    audit: AuditSink,
  ): Restraint {
    if (!policy) return new Unrestricted();
    return new PolicyGuard({
      rules: policy,
      usage,
      consents,
      wall,
      audit,
      timers: this.#timers,
      endStream: (commercial, reason) => this.publishing.endByPolicy(commercial, reason),
      touch: (commercial) => this.#changed(commercial),
    });
  }

  #attached(session: Session): void {
    const { user } = session;
    this.#restraint.tell(session);
    if (user.role === 'admin') {
      this.#roster.watch(session);
      this.#coverage.attached(session);
      this.listening.attached(session);
      return;
    }
    const commercial = this.#directory.obtain(user.id);
    commercial.saw(user);
    commercial.present.add(session);
    this.publishing.presence(session, true);
    this.helping.attached(session);
    this.#changed(commercial);
  }

  /** The session has no connection any more, for a while or for ever. */
  #left(session: Session): void {
    this.whispering.left(session);
    if (session.user.role === 'admin') {
      this.#roster.unwatch(session);
      this.listening.presence(session);
      return;
    }
    const commercial = this.#directory.find(session.user.id);
    if (!commercial) return;
    commercial.present.delete(session);
    if (!session.ended) this.publishing.presence(session, false);
    this.#changed(commercial);
  }

  #userChanged(session: Session, before: SessionUser): void {
    const { user } = session;
    // Also when nothing of the user has changed: the token may say that the policy's text was acknowledged, or say so no more.
    this.#restraint.tell(session);
    this.publishing.userChanged(session);
    const isSame = JSON.stringify(user) === JSON.stringify(before);
    if (user.role === 'admin') {
      // Also then: the token may ask for sealed streams now, or let this admin whisper, or no longer.
      this.listening.userChanged(session);
      if (isSame) return;
      if (session.peer) this.#roster.watch(session);
      return;
    }
    const commercial = this.#directory.find(user.id);
    if (!commercial) return;
    commercial.saw(user);
    this.#changed(commercial);
  }

  /**
   * One change at a time: what a change brings about (a listener who may hear no more, a connection found stuck) is looked at after
   * it, and not in the midst of it, where half of the work would go on with what is past.
   */
  #changed(commercial: Commercial): void {
    this.#changes.add(commercial);
    if (this.#changing) return;
    this.#changing = true;
    try {
      for (const next of this.#changes) {
        this.#changes.delete(next);
        if (this.#directory.holds(next)) this.#bringInLine(next);
      }
    } finally {
      this.#changing = false;
    }
  }

  #bringInLine(commercial: Commercial): void {
    this.listening.permit(commercial);
    this.#restraint.look(commercial);
    this.publishing.announceDemand(commercial);
    this.listening.reconcile(commercial);
    this.whispering.look(commercial);
    this.helping.look(commercial);
    this.#restraint.heard(commercial);
    this.#roster.touch(commercial);
    this.#ownPages.announce(commercial);
    this.#elsewhere.changed(commercial);
    this.#directory.settle(commercial);
  }
}
