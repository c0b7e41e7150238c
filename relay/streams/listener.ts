import type { PayloadOf } from '../protocol/messages.ts';
import type { AdminUser, Commercial } from './commercial.ts';
import type { Session } from './session.ts';

/** What an admin's selection is doing. */
export type ListenState = Omit<PayloadOf<'listen:changed'>, 'commercialId'>;

/** One admin's selection: which commercial, in which page. It hears whatever that commercial's stream lets through. */
export class Listener {
  readonly session: Session;
  readonly commercial: Commercial;
  readonly #since = performance.now();
  #admin: AdminUser;
  /** Stream and status that the page was told last. */
  #told = '';

  constructor(session: Session, admin: AdminUser, commercial: Commercial) {
    this.session = session;
    this.commercial = commercial;
    this.#admin = admin;
    this.#told = this.#key();
  }

  /** The claims of the page that listens. */
  get admin(): AdminUser {
    const { user } = this.session;
    if (user.role === 'admin') this.#admin = user;
    return this.#admin;
  }

  /** Whole milliseconds since the selection. */
  get forMs(): number {
    return Math.round(performance.now() - this.#since);
  }

  get state(): ListenState {
    const { stream } = this.commercial;
    return { status: stream?.status ?? 'waiting', liveForMs: stream?.liveForMs ?? null };
  }

  /** Brings what is heard in line with the stream, and tells the page when the state has changed. */
  reconcile(): void {
    this.session.links.listen?.hear(this.commercial.stream?.audible ?? null);
    if (this.#told !== this.#key()) this.tell();
  }

  /** Tells the page the state, changed or not. */
  tell(): void {
    this.#told = this.#key();
    this.session.notify('listen:changed', { commercialId: this.commercial.id, ...this.state });
  }

  #key(): string {
    return `${this.commercial.stream?.id ?? ''} ${this.state.status}`;
  }
}
