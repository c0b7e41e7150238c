import { createHash, randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { VerifiedUser } from '../auth/user.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import type { ExpectedPerson, NotificationName, PayloadOf, SessionUser } from '../protocol/messages.ts';
import { PageTrace } from '../tracing/page-trace.ts';
import type { ListenLink } from './listen-link.ts';
import type { Peer } from './peer.ts';
import type { PublishLink } from './publish-link.ts';
import type { Timer, TimerSet } from './timers.ts';

/**
 * What is at the other end: a page with the widgets, a device that publishes over WHIP and shows nobody anything, or a player that
 * listens over WHEP.
 */
export type SessionKind = 'page' | 'device' | 'player';

/** Why a session ended. `left`: a device or player went on purpose, or closed its media. */
export type SessionEnd = 'grace_expired' | 'token_expired' | 'superseded' | 'refused' | 'left' | 'relay_closed';

/** What a session tells its owner. */
export interface SessionEvents {
  /** @param awayMs how long it had no connection; null for its first one, and for one that takes the place of another */
  attached(session: Session, awayMs: number | null): void;
  detached(session: Session): void;
  userChanged(session: Session, before: SessionUser): void;
  ended(session: Session, why: SessionEnd): void;
}

/** The media of a session: one of the two, by the user's role. */
export interface SessionLinks {
  readonly publish: PublishLink | null;
  readonly listen: ListenLink | null;
}

/** What a session is made with. */
export interface SessionOptions {
  readonly verified: VerifiedUser;
  /** Left out: a page. */
  readonly kind?: SessionKind;
  /** In a cluster: the node, with whose id the session's begins, so that a resume finds it. */
  readonly nodeId?: string | null;
  /** The id of the session that this page had before, and which is not here (any more). */
  readonly follows?: string | null;
  /** Begun by the handshake; left out: begun here. */
  readonly trace?: PageTrace | undefined;
  readonly graceMs: number;
  readonly timers: TimerSet;
  readonly logger: Logger;
  readonly events: SessionEvents;
  /** Makes the media links, which report to the session's owner. */
  readonly links: (session: Session) => SessionLinks;
}

/**
 * Notifications that a page must learn of even when its connection was lost, or dead without anybody having noticed yet: told
 * again at each resume, until the page does something that makes them untrue.
 */
const KEPT: readonly NotificationName[] = ['stream:ended', 'listen:ended', 'help:changed'];

/**
 * One authenticated page: its user, its media, and its connection if it has one just now. It outlives a lost connection
 * for the grace time, so that the audio goes on and the same page can take it up again. It ends when its token does.
 */
export class Session {
  /** Unguessable: who knows it (and holds a token of the same user) may resume. */
  readonly id: string;
  /** SHA-256 of the id, in hexadecimal: names the session to whoever need not be able to resume it. */
  readonly key: string;
  /** Names the session in logs. */
  readonly label: string;
  readonly links: SessionLinks;
  readonly kind: SessionKind;
  /** All that its page does, over all its connections. */
  readonly trace: PageTrace;
  readonly #options: SessionOptions;
  readonly #kept = new Map<NotificationName, (peer: Peer) => void>();
  #predecessor: string | null = null;
  #verified: VerifiedUser;
  /** By a clock that nobody sets: reckoned from `exp` when the token was taken. */
  #tokenEndsAt: number;
  #peer: Peer | null = null;
  /** Since when it has no connection, having had one. */
  #awaySince: number | null = null;
  #grace: Timer | null = null;
  #expiry: Timer | null = null;
  #ended = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    const random = randomBytes(24).toString('base64url');
    this.id = options.nodeId ? `${options.nodeId}.${random}` : random;
    this.key = keyOf(this.id);
    this.label = this.key.slice(0, 8);
    if (options.follows) this.follow(options.follows);
    this.#verified = options.verified;
    this.kind = options.kind ?? 'page';
    this.#tokenEndsAt = endOf(options.verified);
    this.trace = options.trace ?? new PageTrace();
    this.links = options.links(this);
    this.#awaitExpiry();
    this.#awaitPeer();
  }

  get user(): SessionUser {
    return this.#verified.user;
  }

  /** The version of the policy's text that the token says was acknowledged; null: it says nothing of that. */
  get consent(): string | null {
    return this.#verified.consent ?? null;
  }

  /** The token asks for streams that are sealed from end to end, sent or heard, and for no others. */
  get mustBeSealed(): boolean {
    return this.#verified.e2ee === 'required';
  }

  /** The token lets this admin whisper. */
  get mayWhisper(): boolean {
    return this.#verified.whisper === true;
  }

  /** Whom an admin's token expects in their list; undefined: a commercial, of whom nobody is told. */
  get expected(): ExpectedPerson[] | undefined {
    return this.user.role === 'admin' ? [...(this.#verified.expected ?? [])] : undefined;
  }

  /** The `key` of the session that the same page had before; null when it named none. The page has shown its id, a secret of its own. */
  get predecessor(): string | null {
    return this.#predecessor;
  }

  get peer(): Peer | null {
    return this.#peer;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** True when the session holds a media transport. */
  get hasMedia(): boolean {
    return this.links.publish?.connected === true || this.links.listen?.connected === true;
  }

  /** True while the page is there: by its connection, or by media that is connected (ICE and DTLS). */
  get occupied(): boolean {
    const { publish, listen } = this.links;
    return this.#peer !== null || publish?.state === 'connected' || listen?.alive === true;
  }

  /** Milliseconds until the token ends. */
  get tokenExpiresInMs(): number {
    return Math.max(0, Math.round(this.#tokenEndsAt - performance.now()));
  }

  /** The page goes on here with what its session of this id has. */
  follow(id: string): void {
    if (id !== this.id) this.#predecessor = keyOf(id);
  }

  /** Connects a page. A connection that it still has is dropped: the page has given it up, or it is a copy of the page. */
  attach(peer: Peer): void {
    if (this.#ended) return;
    const older = this.#peer;
    this.#peer = peer;
    older?.drop();
    this.#grace?.cancel();
    this.#grace = null;
    for (const tell of this.#kept.values()) tell(peer);
    const awayMs = this.#awaySince === null ? null : performance.now() - this.#awaySince;
    this.#awaySince = null;
    this.#options.events.attached(this, awayMs);
  }

  /** The connection is lost: keep everything for the grace time. Does nothing when a newer connection has taken over. */
  detach(peer: Peer): void {
    if (this.#ended || this.#peer !== peer) return;
    this.#peer = null;
    this.#awaySince = performance.now();
    this.#awaitPeer();
    this.#options.events.detached(this);
  }

  /** Tells the page, if it is there. What it must not miss is told again when it comes back. */
  notify<N extends NotificationName>(name: N, payload: PayloadOf<N>): void {
    if (this.#ended) return;
    this.#peer?.notify(name, payload);
    if (KEPT.includes(name)) this.#kept.set(name, (peer) => peer.notify(name, payload));
  }

  /** Something that was told is no longer true: a later resume does not repeat it. */
  forget(name: NotificationName): void {
    this.#kept.delete(name);
  }

  /** Takes a newer token of the same user and role; changed teams take effect before this returns. */
  refresh(verified: VerifiedUser): void {
    if (this.#ended) return;
    const before = this.#verified.user;
    this.#verified = verified;
    this.#tokenEndsAt = endOf(verified);
    this.#awaitExpiry();
    this.#options.events.userChanged(this, before);
  }

  /** Releases everything. With a code, the page is told why. Idempotent. */
  end(why: SessionEnd, told?: { readonly code: ErrorCode; readonly message: string }): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#grace?.cancel();
    this.#expiry?.cancel();
    const peer = this.#peer;
    this.#peer = null;
    this.#kept.clear();
    if (told) peer?.end(told.code, told.message);
    else peer?.drop();
    this.#options.events.ended(this, why);
    this.links.publish?.close();
    this.links.listen?.close();
    this.#options.logger.info({ session: this.label, user: this.user.id, why }, 'session closed');
  }

  #awaitPeer(): void {
    this.#grace = this.#options.timers.after(this.#options.graceMs, () => this.end('grace_expired'));
  }

  #awaitExpiry(): void {
    this.#expiry?.cancel();
    this.#expiry = this.#options.timers.after(this.tokenExpiresInMs, () =>
      this.end('token_expired', { code: 'token_expired', message: 'The token has expired. Set a fresh token.' }),
    );
  }
}

function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

/** The token's end as a time of the monotonic clock. */
function endOf({ expiresAt }: VerifiedUser): number {
  return performance.now() + expiresAt - Date.now();
}
