import type { StreamEnd } from '../audit/audit-entries.ts';
import type {
  CannotOpen,
  CommercialStatus,
  ListenerInfo,
  PayloadOf,
  RosterEntry,
  SessionUser,
  StreamStatus,
} from '../protocol/messages.ts';
import type { PolicyReason } from '../protocol/policy-shapes.ts';
import type { Whisperer } from '../protocol/whisper-messages.ts';
import { type Audience, NOBODY } from './audience.ts';
import { type HeardStream, isShown } from './heard-stream.ts';
import { askedForMs, type HelpCall } from './help-call.ts';
import type { Session } from './session.ts';
import type { Stream } from './stream.ts';

/** A user of the role `commercial`. */
export type CommercialUser = Extract<SessionUser, { role: 'commercial' }>;

/** A user of the role `admin`. */
export type AdminUser = Extract<SessionUser, { role: 'admin' }>;

/** One admin who hears or waits for a commercial, as far as the commercial's own state needs to know. */
export interface CommercialListener {
  /** The claims of the page that listens. */
  readonly admin: AdminUser;
  /** False while the page is away and can hear nothing. */
  readonly counts: boolean;
  /** False while the commercial is unknown, or of a team that this admin may not hear: the two are the same to the admin. */
  readonly permitted: boolean;
  /** The page has gone over to another relay, and goes on there. */
  readonly goneOver: boolean;
  /** Why they listen: the id of one of the policy's purposes; null: they did not say. */
  readonly purpose: string | null;
  /** Why their page opens nothing of what comes sealed, as it says; null: it does, or nothing is sealed. */
  readonly cannotOpen: CannotOpen | null;
  /** Their page, where that is connected here; null: it is connected to another relay. */
  readonly page: Session | null;
  /** Their page opens what is sealed from end to end, as far as is known here. */
  readonly opensSealed: boolean;
  /** Whether the audio of this stream, whose page is connected here, is passed on to them now. */
  hears(stream: HeardStream): boolean;
  /** Ends the selection: the policy does not allow it. @param againInMs after how long it will, if that is known */
  refuse(reason: PolicyReason, againInMs?: number): void;
  /** Tells the admin's page, if it is there, that the policy will end the listening. */
  warn(warning: PayloadOf<'policy:warning'>): void;
  /** Tells it how long the admin has heard the commercial today. */
  showTime(time: PayloadOf<'policy:time'>): void;
  /** Tells the admin's page, if it is there and does not know it, what may be whispered to the commercial, and who does. */
  showWhispers(state: WhisperState): void;
  /** Brings what is heard, and what the page was told, in line with the stream. @param audience who hears it */
  reconcile(audience: Audience): void;
}

/** What a commercial lets be whispered to them, and who speaks to them now. */
export interface WhisperState {
  readonly voice: boolean;
  readonly cues: boolean;
  readonly by: Whisperer | null;
  /** Others who listen may hear what is said to them, over an ear of their own. Left out: they may not. */
  readonly overheard?: boolean;
}

/** What another relay of the service says of a commercial. */
export interface Mirror {
  readonly user: CommercialUser;
  /** A page of theirs is connected there. */
  readonly present: boolean;
  /** The stream of a page that is connected there. */
  readonly stream: HeardStream | null;
  /** How many listen or wait, as counted there. */
  readonly listenerCount: number;
  /** Whole milliseconds since a page that is connected there asked for help; null: none does. */
  readonly helpForMs: number | null;
  /** Who hears the stream there, as its page shows. */
  readonly audience: Audience;
}

/** A stream of one of their pages at another relay, as the pages here are told of it. */
export interface AfarStream {
  readonly id: string;
  readonly order: number;
  readonly status: StreamStatus;
  /** Whole milliseconds since the start. */
  readonly liveForMs: number;
}

/** Why nobody may begin to hear a commercial. */
export interface Bar {
  readonly reason: PolicyReason;
  /** When that passes by itself, by the monotonic clock (milliseconds); null: not by itself. */
  readonly until: number | null;
}

/** Everything about one commercial: their connected pages, their stream, and who listens to or waits for them. */
export class Commercial {
  readonly id: string;
  /** Sessions that have a connection just now. */
  readonly present = new Set<Session>();
  /** Also those whose page is away. By the admin's user id; of those who listen at another relay, with that relay's before it. */
  readonly listeners = new Map<string, CommercialListener>();
  /** By the id of the relay that says so; empty on a relay that runs alone. */
  readonly mirrors = new Map<string, Mirror>();
  /**
   * Streams of their pages at other relays, by the relay's id: known while a page of theirs is connected here, whether or not anybody here
   * watches their team.
   */
  readonly afar = new Map<string, AfarStream>();
  /** The stream of a page that is connected here. */
  stream: Stream | null = null;
  /** The stream that ended last here, and why. */
  lastEnd: { readonly stream: string; readonly cause: StreamEnd } | null = null;
  /** A page that is connected here, or was just now, asks for help. */
  help: HelpCall | null = null;
  /** Why the policy lets nobody begin to hear them now, as far as this relay knows. */
  barred: Bar | null = null;
  #lastUser: CommercialUser | null = null;

  constructor(id: string) {
    this.id = id;
  }

  /** Streams that have not ended, here and elsewhere, the newest first. There are two for a moment, while one takes over. */
  get streams(): HeardStream[] {
    const streams: HeardStream[] = this.stream ? [this.stream] : [];
    if (this.mirrors.size === 0) return streams;
    for (const { stream } of this.mirrors.values()) if (stream) streams.push(stream);
    return streams.sort((a, b) => b.order - a.order);
  }

  /** The newest stream. */
  get newest(): HeardStream | null {
    return this.mirrors.size === 0 ? this.stream : (this.streams[0] ?? null);
  }

  /** The claims that count: of the page that streams, else of the page that came last; null when nobody of this id was seen. */
  get user(): CommercialUser | null {
    return this.#mirrored()?.user ?? this.localUser;
  }

  /** The same, of pages that are or were connected here. */
  get localUser(): CommercialUser | null {
    const streaming = this.stream?.session.user;
    return streaming?.role === 'commercial' ? streaming : this.#lastUser;
  }

  get status(): CommercialStatus {
    return this.newest?.status ?? (this.#present ? 'ready' : 'offline');
  }

  /** Remembers the claims of a page that came or was refreshed. */
  saw(user: CommercialUser): void {
    this.#lastUser = user;
  }

  /** Nothing is known of them any more: what is left are admins who wait for somebody of this id. */
  forget(): void {
    this.#lastUser = null;
  }

  /** Who listens or waits: nobody who may not hear them. */
  listenerInfos(): ListenerInfo[] {
    return this.listenersShown().map(({ id, name, purpose }) => ({ id, name, ...(purpose && { purpose }) }));
  }

  /** The same as the commercial sees them: also who hears nothing of what is sealed. */
  listenersShown(): ListenerInfo[] {
    const infos = new Map<string, ListenerInfo>();
    for (const { counts, permitted, admin, purpose, cannotOpen } of this.listeners.values()) {
      if (!counts || !permitted) continue;
      const { id, name } = admin;
      infos.set(id, { id, name, ...(purpose && { purpose }), ...(cannotOpen && { cannotOpen }) });
    }
    return [...infos.values()];
  }

  /** Ids of the admins who are let hear the stream here while it is audible: they listen, may, and the commercial's page shows them. */
  hearers(): Set<string> {
    const hearers = new Set<string>();
    const { stream } = this;
    if (!stream) return hearers;
    for (const listener of this.listeners.values()) {
      if (listener.counts && listener.permitted && isShown(stream, listener)) hearers.add(listener.admin.id);
    }
    return hearers;
  }

  /** Who hears the newest stream, as its page shows. */
  audience(): Audience {
    const { newest } = this;
    if (!newest) return NOBODY;
    if (newest !== this.stream) return this.#mirrored()?.audience ?? NOBODY;
    const hearers = this.hearers();
    return new Map(this.listenerInfos().flatMap(({ id, name }) => (hearers.has(id) ? [[id, name] as const] : [])));
  }

  /** The roster row as it is now; null when nobody of this id was seen. */
  row(): RosterEntry | null {
    const mirror = this.#mirrored();
    const { user, stream, listenerCount } = mirror ?? {
      user: this.localUser,
      stream: this.stream,
      listenerCount: this.listenerInfos().length,
    };
    if (!user) return null;
    const present = mirror ? mirror.present : this.#present;
    return {
      id: this.id,
      name: user.name,
      equipe: user.equipe,
      status: stream?.status ?? (present ? 'ready' : 'offline'),
      interruption: stream?.interruption ?? null,
      liveForMs: stream?.liveForMs ?? null,
      level: stream?.level ?? 0,
      listenerCount,
      helpForMs: this.#helpForMs,
      ...(this.barred && { barred: barredNow(this.barred) }),
      ...(stream?.device && { device: true as const }),
    };
  }

  /** Of all their pages, here and elsewhere, the one that asked first counts. */
  get #helpForMs(): number | null {
    let longest = this.help && askedForMs(this.help);
    for (const { helpForMs } of this.mirrors.values()) {
      if (helpForMs !== null) longest = Math.max(longest ?? 0, helpForMs);
    }
    return longest;
  }

  /** A page of theirs is connected, here or elsewhere. */
  get #present(): boolean {
    return this.present.size > 0 || [...this.mirrors.values()].some(({ present }) => present);
  }

  /** The relay elsewhere that has the say: where the newest stream is, else a page, when none is here. Null: this relay itself. */
  #mirrored(): Mirror | null {
    if (this.mirrors.size === 0) return null;
    const { newest } = this;
    if (newest === this.stream && newest) return null;
    const mirrors = [...this.mirrors.values()];
    if (newest) return mirrors.find(({ stream }) => stream === newest) ?? null;
    if (this.present.size > 0) return null;
    return mirrors.find(({ present }) => present) ?? (this.#lastUser ? null : (mirrors[0] ?? null));
  }
}

function barredNow({ reason, until }: Bar): NonNullable<RosterEntry['barred']> {
  return { reason, againInMs: until === null ? null : Math.max(0, Math.round(until - performance.now())) };
}
