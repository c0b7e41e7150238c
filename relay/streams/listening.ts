import type { Logger } from 'pino';
import type { AuditSink, HearingEnd } from '../audit/audit-entries.ts';
import { mayHear } from '../auth/permissions.ts';
import { RelayError } from '../errors.ts';
import type { Measures } from '../measures/measures.ts';
import type { TransportLoss } from '../media/media.ts';
import { ERROR_CODES } from '../protocol/error-codes.ts';
import type { CannotOpen, ResultOf } from '../protocol/messages.ts';
import { type PolicyReason, policyReason } from '../protocol/policy-shapes.ts';
import { NOBODY } from './audience.ts';
import type { AdminUser, Commercial } from './commercial.ts';
import type { Directory } from './directory.ts';
import type { Elsewhere } from './elsewhere.ts';
import { Listener, sealMisfit } from './listener.ts';

import { overloaded } from './overloaded.ts';
import type { Restraint } from './restraint.ts';
import type { Session, SessionEnd } from './session.ts';
import type { Selection } from './whispering/whisperers.ts';

/** What the listening side is made with. */
export interface ListeningOptions {
  readonly directory: Directory;
  readonly elsewhere: Elsewhere;
  readonly restraint: Restraint;
  readonly logger: Logger;
  readonly audit: AuditSink;
  readonly measures: Measures;
  /** Most admins who listen or wait. */
  readonly maxListeners: number;
  /** A commercial's listeners changed. */
  readonly onChange: (commercial: Commercial) => void;
}

/** Ends that the page hears of. */
const TOLD = ['replaced', 'forbidden', 'e2ee_required', ...policyReason.options] as const;

/** What the end of a page's session means for what it hears. */
const SESSION_ENDS: Readonly<Record<SessionEnd, HearingEnd>> = {
  token_expired: 'token_expired',
  grace_expired: 'grace_expired',
  superseded: 'page_gone',
  refused: 'page_gone',
  left: 'page_gone',
  relay_closed: 'relay_stopping',
};

/** The admins' side: one selection each, across all their pages; the newest wins. */
export class Listening {
  readonly #options: ListeningOptions;
  readonly #byAdmin = new Map<string, Listener>();

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  /** Selections, also those whose page is away and may come back. */
  get size(): number {
    return this.#byAdmin.size;
  }

  /** Admins who listen or wait, are there, and have not gone over to another relay, which counts them. */
  get counted(): number {
    let counted = 0;
    for (const listener of this.#byAdmin.values()) if (listener.counts && !listener.goneOver) counted += 1;
    return counted;
  }

  /** Admins to whom audio should be passed on now. */
  get due(): number {
    let due = 0;
    for (const listener of this.#byAdmin.values()) if (listener.due) due += 1;
    return due;
  }

  /** Admins who should hear a live commercial over a path that is up, and to whom no packet goes. */
  get withoutMedia(): number {
    let silent = 0;
    for (const listener of this.#byAdmin.values()) if (listener.withoutMedia) silent += 1;
    return silent;
  }

  /** @throws RelayError not_connected, media_unavailable */
  connect(session: Session, mode: 'connect' | 'restart-ice'): Promise<string> {
    return linkOf(session).connect(mode);
  }

  /** The answer to a player's offer. @throws RelayError sdp_invalid, media_unavailable */
  take(session: Session, offer: string): Promise<string> {
    return linkOf(session).take(offer);
  }

  /** @throws RelayError not_connected, sdp_invalid */
  answer(session: Session, sdp: string): Promise<void> {
    return linkOf(session).answer(sdp, session.kind !== 'player');
  }

  /** Idempotent. */
  disconnect(session: Session): void {
    linkOf(session).release();
  }

  /**
   * @param again the page goes on with its selection after a loss: another page's selection wins
   * @param given why, where the policy asks
   * @param opensSealed the page opens streams that are sealed from end to end
   * An id of another team is waited for like one that nobody has: the answer must not tell who is there.
   * @throws RelayError forbidden (no admin), not_listening (another page listens), capacity, e2ee_required, a PolicyReason
   */
  select(
    session: Session,
    commercialId: string,
    again = false,
    given: string | null = null,
    opensSealed = false,
  ): ResultOf<'listen:select'> {
    const { directory, maxListeners, logger, audit, measures, restraint, onChange } = this.#options;
    const admin = adminOf(session);
    const current = this.#byAdmin.get(admin.id);
    const isSame = current?.session === session && current.commercial.id === commercialId;
    if (isSame && current.given === given && current.opensSealed === opensSealed) return current.state;
    if (again && current && current.session !== session && session.predecessor !== current.session.key) {
      session.notify('listen:ended', { commercialId, reason: 'replaced' });
      throw new RelayError('not_listening', 'Another page of the same user listens.');
    }
    if (!current && this.#byAdmin.size >= maxListeners) {
      throw new RelayError('capacity', 'The relay carries as many listeners as it is configured for.');
    }
    if (!current && !again && !linkOf(session).room.take()) throw overloaded();
    const heard = directory.find(commercialId);
    if (heard?.user && mayHear(admin, heard.user.equipe) && sealMisfit(session, heard.newest, opensSealed))
      throw new RelayError('e2ee_required', ERROR_CODES.e2ee_required);
    const purpose = restraint.askListening(admin, heard, given);
    // The commercial's page need not be told of an admin who only goes to another tab.
    const left = current?.commercial;
    if (current) this.#take(current, current.session === session ? 'asked' : 'replaced');
    const commercial = directory.obtain(commercialId);
    const cause = again ? 'restart' : current?.session === session ? 'switch' : 'first';
    const onRefused = (reason: PolicyReason, againInMs?: number): void => this.#remove(listener, reason, againInMs);
    const options = { audit, measures, cause, given, purpose, opensSealed, onRefused } as const;
    const listener: Listener = new Listener(session, admin, commercial, options);
    this.#byAdmin.set(admin.id, listener);
    commercial.listeners.set(admin.id, listener);
    session.forget('listen:ended');
    listener.claimed = this.#claim(listener, again);
    logger.info({ admin: admin.id, commercial: commercialId, session: session.label }, 'selection made');
    if (left && left !== commercial) onChange(left);
    onChange(commercial); // first the commercial's page acknowledges, then the admin hears
    return listener.state;
  }

  /**
   * Resolves once it has turned out whether another relay has a selection of the user that goes on there. Never rejects.
   * @returns false: it has, and the one of this page is over
   */
  async settled(session: Session): Promise<boolean> {
    return (await this.#of(session)?.claimed) !== false;
  }

  /** What the page says of what it hears sealed: the commercial is told. Of a selection that is over it means nothing. Idempotent. */
  opening(session: Session, commercialId: string, cannotOpen: CannotOpen | null): void {
    const listener = this.#of(session);
    if (listener?.commercial.id !== commercialId || listener.cannotOpen === cannotOpen) return;
    listener.cannotOpen = cannotOpen;
    this.#options.onChange(listener.commercial);
  }

  /** Idempotent; a selection in another page of the same admin is left alone. */
  stop(session: Session): void {
    session.forget('listen:ended');
    const listener = this.#of(session);
    if (listener) this.#remove(listener, 'asked');
  }

  /** The session is over, and its selection with it. */
  ended(session: Session, why: SessionEnd): void {
    const listener = this.#of(session);
    if (listener) this.#remove(listener, SESSION_ENDS[why]);
  }

  /** What the page's transport carries changed, or its path. */
  hearingChanged(session: Session): void {
    const listener = this.#of(session);
    if (!listener) return;
    listener.lookHearing();
    this.#options.restraint.heard(listener.commercial);
  }

  /** What this page has selected; null: nothing. */
  selectionOf(session: Session): Selection | null {
    const listener = this.#of(session);
    return listener && { listener, commercial: listener.commercial };
  }

  /** The page came (back): it needs the state of its selection. */
  attached(session: Session): void {
    const listener = this.#of(session);
    if (!listener) return;
    listener.aboutToTell();
    this.presence(session);
    listener.tell();
    listener.tellOthers(listener.commercial.audience());
  }

  /** The page's connection or its media came or went. */
  presence(session: Session): void {
    const { listen } = session.links;
    if (listen) session.peer?.media?.(listen.state);
    const listener = this.#of(session);
    if (!listener?.look()) return;
    const { admin, commercial, counts } = listener;
    // Who comes back comes after those who are there: none of them is sent away for it where the policy limits how many may listen.
    if (counts && commercial.listeners.get(admin.id) === listener) {
      commercial.listeners.delete(admin.id);
      commercial.listeners.set(admin.id, listener);
    }
    this.#options.logger.info(
      { admin: admin.id, commercial: commercial.id, session: session.label, counts },
      counts ? 'listener came back' : 'listener is away',
    );
    this.#options.onChange(commercial);
  }

  /** The admin's claims changed: other teams, or another name for the commercial to see. */
  userChanged(session: Session): void {
    const listener = this.#of(session);
    if (listener) this.#options.onChange(listener.commercial);
  }

  /** The media of this admin's page is gone. The selection stays, for the transport that the page makes next. */
  lost(session: Session, reason: TransportLoss): void {
    this.#options.logger.warn({ session: session.label, reason }, 'listening media lost');
    session.notify('media:lost', { reason });
    this.#of(session)?.hearing.lost(reason);
    this.presence(session);
  }

  /**
   * Ends the listening of those who may no longer hear this commercial. Who never might is told nothing: that would say that
   * somebody of another team has come.
   */
  permit(commercial: Commercial): void {
    for (const { admin } of [...commercial.listeners.values()]) {
      const listener = this.#byAdmin.get(admin.id);
      if (listener?.commercial !== commercial) continue;
      if (listener.lookForbidden()) this.#remove(listener, 'forbidden');
      else if (listener.sealMisfit) this.#remove(listener, 'e2ee_required');
    }
  }

  /** Brings everybody who listens to this commercial in line: heard, told. */
  reconcile(commercial: Commercial): void {
    const audience = commercial.listeners.size > 0 ? commercial.audience() : NOBODY;
    for (const listener of [...commercial.listeners.values()]) listener.reconcile(audience);
  }

  /** On this relay the newest selection has won already; whether it is the newest of all relays turns out a moment later. */
  async #claim(listener: Listener, again: boolean): Promise<boolean> {
    const claim = await this.#options.elsewhere.claim('listen', listener.session, { again });
    // Also for a selection that has ended meanwhile: it was the admin's newest wish.
    claim.enforce();
    if (!this.#holds(listener)) {
      claim.release();
      return !claim.lost;
    }
    listener.claim = claim;
    claim.onLost = () => this.#remove(listener, 'replaced');
    if (claim.lost) this.#remove(listener, 'replaced');
    return !claim.lost;
  }

  #holds(listener: Listener): boolean {
    return this.#byAdmin.get(listener.admin.id) === listener;
  }

  #remove(listener: Listener, why: HearingEnd, againInMs?: number): void {
    if (this.#take(listener, why, againInMs)) this.#options.onChange(listener.commercial);
  }

  /** Ends the listening; the caller looks after the commercial. @returns false when it had ended before */
  #take(listener: Listener, why: HearingEnd, againInMs?: number): boolean {
    const { session, commercial, admin } = listener;
    if (!this.#holds(listener)) return false;
    this.#byAdmin.delete(admin.id);
    if (listener.claim) {
      listener.claim.onLost = null;
      listener.claim.release();
    }
    if (commercial.listeners.get(admin.id) === listener) commercial.listeners.delete(admin.id);
    session.links.listen?.hear(null);
    listener.end(why);
    const reason = TOLD.find((told) => told === why);
    const again = againInMs === undefined ? {} : { againInMs };
    if (reason) session.notify('listen:ended', { commercialId: commercial.id, reason, ...again });
    this.#options.logger.info(
      {
        admin: admin.id,
        commercial: commercial.id,
        session: session.label,
        forMs: listener.forMs,
        why,
      },
      'selection ended',
    );
    return true;
  }

  #of(session: Session): Listener | null {
    const listener = this.#byAdmin.get(session.user.id);
    return listener?.session === session ? listener : null;
  }
}

function linkOf(session: Session) {
  const { listen } = session.links;
  if (!listen) throw new RelayError('forbidden', 'Only an admin may listen.');
  return listen;
}

function adminOf(session: Session): AdminUser {
  if (session.user.role !== 'admin') throw new RelayError('forbidden', 'Only an admin may listen.');
  return session.user;
}
