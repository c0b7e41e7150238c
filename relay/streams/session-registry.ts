import type { Logger } from 'pino';
import type { VerifiedUser } from '../auth/user.ts';
import type { PageTrace } from '../tracing/page-trace.ts';
import { Session, type SessionEvents, type SessionKind, type SessionLinks } from './session.ts';
import type { TimerSet } from './timers.ts';

/** What the registry is made with. */
export interface SessionRegistryOptions {
  /** In a cluster: this node's id. */
  readonly nodeId?: string | null;
  readonly graceMs: number;
  /** How many sessions, connected or in their grace time, one user may have. */
  readonly sessionsPerUser: number;
  readonly timers: TimerSet;
  readonly logger: Logger;
  readonly events: SessionEvents;
  readonly links: (session: Session) => SessionLinks;
}

/** Every session, found by its secret id. */
export class SessionRegistry {
  readonly #options: SessionRegistryOptions;
  readonly #byId = new Map<string, Session>();
  readonly #byUser = new Map<string, Set<Session>>();

  constructor(options: SessionRegistryOptions) {
    this.#options = options;
  }

  /** Sessions, with or without a connection. */
  get size(): number {
    return this.#byId.size;
  }

  /** Sessions with a connection. */
  get attached(): number {
    let attached = 0;
    for (const session of this.#byId.values()) if (session.peer) attached += 1;
    return attached;
  }

  /** Sessions whose page is there, by its connection or its media. */
  get occupied(): number {
    let occupied = 0;
    for (const session of this.#byId.values()) if (session.occupied) occupied += 1;
    return occupied;
  }

  /** The user's session of this id, or null: an unknown id, and one of somebody else, are the same to the caller. */
  find(id: string | undefined, verified: VerifiedUser): Session | null {
    const session = id === undefined ? undefined : this.#byId.get(id);
    return session && keyOf(session.user) === keyOf(verified.user) ? session : null;
  }

  /**
   * A session for this page: the one of that id when it is this user's and has not ended (then with the newer claims), or a
   * new one that follows it. The caller attaches the connection. @param trace of a new one @param kind of a new one
   */
  open(
    verified: VerifiedUser,
    resumeId?: string,
    trace?: PageTrace,
    kind: SessionKind = 'page',
  ): { session: Session; resumed: boolean } {
    const found = this.find(resumeId, verified);
    if (found) {
      found.refresh(verified);
      return { session: found, resumed: true };
    }
    this.#makeRoom(verified);
    const { events } = this.#options;
    const session = new Session({
      ...this.#options,
      verified,
      kind,
      follows: resumeId ?? null,
      trace,
      events: {
        attached: (attached, awayMs) => events.attached(attached, awayMs),
        detached: (detached) => events.detached(detached),
        userChanged: (changed, before) => events.userChanged(changed, before),
        ended: (ended, why) => {
          this.#forget(ended);
          events.ended(ended, why);
        },
      },
    });
    this.#byId.set(session.id, session);
    const key = keyOf(session.user);
    const ofUser = this.#byUser.get(key) ?? new Set();
    this.#byUser.set(key, ofUser.add(session));
    return { session, resumed: false };
  }

  /** Every session, as of now: the loop may end them. */
  [Symbol.iterator](): IterableIterator<Session> {
    return [...this.#byId.values()].values();
  }

  /**
   * Pages that connect and vanish in a loop must not pile up sessions: the oldest one that waits for its page goes, first
   * one without media.
   */
  #makeRoom(verified: VerifiedUser): void {
    const ofUser = [...(this.#byUser.get(keyOf(verified.user)) ?? [])];
    if (ofUser.length < this.#options.sessionsPerUser) return;
    const waiting = ofUser.filter((session) => session.peer === null);
    (waiting.find((session) => !session.hasMedia) ?? waiting[0])?.end('superseded');
  }

  #forget(session: Session): void {
    this.#byId.delete(session.id);
    const key = keyOf(session.user);
    const ofUser = this.#byUser.get(key);
    ofUser?.delete(session);
    if (ofUser?.size === 0) this.#byUser.delete(key);
  }
}

function keyOf(user: VerifiedUser['user']): string {
  return `${user.role}:${user.id}`;
}
