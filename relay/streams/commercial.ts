import type { CommercialStatus, ListenerInfo, RosterEntry, SessionUser } from '../protocol/messages.ts';
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
  /** Brings what is heard, and what the page was told, in line with the stream. */
  reconcile(): void;
}

/** Everything about one commercial: their connected pages, their stream, and who listens to or waits for them. */
export class Commercial {
  readonly id: string;
  /** Sessions that have a connection just now. */
  readonly present = new Set<Session>();
  /** By the admin's user id; also those whose page is away. */
  readonly listeners = new Map<string, CommercialListener>();
  stream: Stream | null = null;
  #lastUser: CommercialUser | null = null;

  constructor(id: string) {
    this.id = id;
  }

  /** The claims that count: of the page that streams, else of the page that came last; null when nobody of this id was seen. */
  get user(): CommercialUser | null {
    const streaming = this.stream?.session.user;
    return streaming?.role === 'commercial' ? streaming : this.#lastUser;
  }

  get status(): CommercialStatus {
    if (this.stream) return this.stream.status;
    return this.present.size > 0 ? 'ready' : 'offline';
  }

  /** Remembers the claims of a page that came or was refreshed. */
  saw(user: CommercialUser): void {
    this.#lastUser = user;
  }

  /** Nothing is known of them any more: what is left are admins who wait for somebody of this id. */
  forget(): void {
    this.#lastUser = null;
  }

  /** Who listens or waits, as the commercial sees them: nobody who may not hear them. */
  listenerInfos(): ListenerInfo[] {
    const infos: ListenerInfo[] = [];
    for (const { counts, permitted, admin } of this.listeners.values()) {
      if (counts && permitted) infos.push({ id: admin.id, name: admin.name });
    }
    return infos;
  }

  /** The roster row as it is now; null when nobody of this id was seen. */
  row(): RosterEntry | null {
    const user = this.user;
    if (!user) return null;
    return {
      id: this.id,
      name: user.name,
      equipe: user.equipe,
      status: this.status,
      interruption: this.stream?.interruption ?? null,
      liveForMs: this.stream?.liveForMs ?? null,
      level: this.stream?.level ?? 0,
      listenerCount: this.listenerInfos().length,
    };
  }
}
