import type { AuditSink, HearingEnd } from '../audit/audit-entries.ts';
import { mayHear } from '../auth/permissions.ts';
import type { Measures } from '../measures/measures.ts';
import type { AudioSource } from '../media/media.ts';
import type { CannotOpen, PayloadOf } from '../protocol/messages.ts';
import type { PolicyReason } from '../protocol/policy-shapes.ts';
import { type Audience, NOBODY, ToldAudience } from './audience.ts';
import type { Claim } from './claim.ts';
import type { AdminUser, Commercial, CommercialListener, WhisperState } from './commercial.ts';
import { type HeardStream, isShown } from './heard-stream.ts';
import { HearingWatch } from './hearing.ts';
import { Onset } from './onset.ts';
import type { Session } from './session.ts';

/** What an admin's selection is doing. */
export type ListenState = Omit<PayloadOf<'listen:changed'>, 'commercialId'>;

/** What a listener is made with. */
export interface ListenerOptions {
  readonly audit: AuditSink;
  readonly measures: Measures;
  /** Why the first wait for a packet is one. */
  readonly cause: 'first' | 'switch' | 'restart';
  /** The purpose that the page sent. */
  readonly given: string | null;
  /** The one that counts: of the policy's. */
  readonly purpose: string | null;
  /** The page opens streams that are sealed from end to end. */
  readonly opensSealed: boolean;
  /** The policy does not allow it any more: the owner ends the selection. */
  readonly onRefused: (reason: PolicyReason, againInMs?: number) => void;
}

/** As a selection, and a connection, begins. */
const NO_WHISPERS: WhisperState = { voice: false, cues: false, by: null };

/**
 * One admin's selection: which commercial, in which page. It hears whatever that commercial's stream lets through, once the
 * commercial's page has acknowledged them: nobody is heard by somebody whom the page does not show.
 */
export class Listener implements CommercialListener {
  readonly session: Session;
  readonly commercial: Commercial;
  readonly given: string | null;
  readonly purpose: string | null;
  readonly opensSealed: boolean;
  readonly #onRefused: ListenerOptions['onRefused'];
  /** What is really heard, for the audit trail. */
  readonly hearing: HearingWatch;
  readonly #onset: Onset;
  cannotOpen: CannotOpen | null = null;
  /** What lets this page listen; null while it is asked for. */
  claim: Claim | null = null;
  /** Resolves with false when the selection has turned out not to be the user's, over all relays. */
  claimed: Promise<boolean> | null = null;
  readonly #since = performance.now();
  #admin: AdminUser;
  #counts: boolean;
  /** The admin was permitted once, and so has seen this commercial in the roster. */
  #known = false;
  /** Stream and status that the page was told last; null: it is about to be told whatever they are. */
  #told: string | null = null;
  readonly #others = new ToldAudience();
  #whispers = NO_WHISPERS;
  /** What the page was told last of them. */
  #toldWhispers = JSON.stringify(NO_WHISPERS);

  constructor(session: Session, admin: AdminUser, commercial: Commercial, options: ListenerOptions) {
    this.session = session;
    this.commercial = commercial;
    this.given = options.given;
    this.purpose = options.purpose;
    this.opensSealed = options.opensSealed;
    this.#onRefused = options.onRefused;
    this.#admin = admin;
    this.#counts = this.#present;
    this.hearing = new HearingWatch(options.audit, () => ({
      adminId: this.#admin.id,
      commercialId: commercial.id,
      equipe: commercial.user?.equipe ?? null,
      purpose: options.purpose,
      stream: this.#carriedStream ?? this.#stream,
      carried: session.links.listen?.hearing ?? null,
      hasTransport: session.links.listen?.connected === true,
      connected: session.links.listen?.alive === true,
      counts: this.counts,
      shown: this.#shown(this.#carriedStream ?? this.#stream),
    }));
    this.#onset = new Onset(options.measures, session.trace, options.cause, () => ({
      due: this.#counts && this.permitted && this.#stream?.status === 'live',
      paused: this.#stream?.status === 'paused',
      sending: session.links.listen?.sending != null,
    }));
  }

  /** Should hear a live commercial over a path that is up, and no packet comes. */
  get withoutMedia(): boolean {
    return this.due !== null && this.#stream?.status === 'live' && this.session.links.listen?.silent === true;
  }

  /** What the page's transport carries may have changed. */
  lookHearing(): void {
    this.hearing.look();
    this.#onset.look();
  }

  /** The selection is over. Idempotent. */
  end(why: HearingEnd): void {
    this.hearing.end(why);
    this.#onset.end();
  }

  get goneOver(): boolean {
    return this.claim?.goneOver === true;
  }

  get page(): Session {
    return this.session;
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

  /**
   * False while the page has neither connection nor media, as after a closed tab: it can hear nothing then and is not shown
   * as a listener, but finds its selection again when it comes back in the grace time. Kept until the next `look`.
   */
  get counts(): boolean {
    return this.#counts;
  }

  get permitted(): boolean {
    const { user } = this.commercial;
    return user !== null && mayHear(this.admin, user.equipe);
  }

  /** `waiting` for whom the admin may not hear, as for an id that nobody has: neither tells whether that person is there. */
  get state(): ListenState {
    const stream = this.#stream;
    if (!stream || !this.permitted) return { status: 'waiting', liveForMs: null };
    const { status, liveForMs } = stream;
    const rest = { liveForMs, ...(stream.seal && { e2ee: stream.seal }) };
    if (status !== 'live') return { status, ...rest };
    if (this.#shown(stream)) return { status: this.session.links.listen?.failing ? 'interrupted' : 'live', ...rest };
    return { status: stream.attended ? 'joining' : 'interrupted', ...rest };
  }

  /** Looks whether the page is there. @returns true when `counts` changed */
  look(): boolean {
    const before = this.#counts;
    this.#counts = this.#present;
    return this.#counts !== before;
  }

  /** Looks whether the admin may hear. @returns true when they might before, and may no longer */
  lookForbidden(): boolean {
    if (this.permitted) this.#known = true;
    return this.#known && this.commercial.user !== null && !this.permitted;
  }

  /** The stream is sealed and the page cannot open it, or it is not and the admin's token asks for it. */
  get sealMisfit(): boolean {
    return this.permitted && sealMisfit(this.session, this.#stream, this.opensSealed);
  }

  /** What should be heard now, or null. */
  get due(): AudioSource | null {
    const stream = this.#stream;
    return this.#counts && this.permitted && !this.sealMisfit && this.#shown(stream) ? (stream?.audible ?? null) : null;
  }

  hears(stream: HeardStream): boolean {
    const carried = this.session.links.listen?.hearing ?? null;
    return this.#counts && carried !== null && !carried.closed && carried === stream.audible;
  }

  refuse(reason: PolicyReason, againInMs?: number): void {
    this.#onRefused(reason, againInMs);
  }

  warn(warning: PayloadOf<'policy:warning'>): void {
    this.session.notify('policy:warning', warning);
  }

  showTime(time: PayloadOf<'policy:time'>): void {
    this.session.notify('policy:time', time);
  }

  showWhispers(whispers: WhisperState): void {
    this.#whispers = whispers;
    this.#tellWhispers();
  }

  #tellWhispers(): void {
    if (!this.session.peer) return;
    const { voice, cues, by, overheard } = this.#whispers;
    const hears = this.permitted && this.state.status === 'live';
    const may = hears && this.session.mayWhisper;
    const told = {
      voice: may && voice,
      cues: may && cues,
      by: this.permitted ? by : null,
      ...(hears && overheard && { overheard }),
    };
    const said = JSON.stringify(told);
    if (said === this.#toldWhispers) return;
    this.#toldWhispers = said;
    this.session.notify('whisper:changed', { commercialId: this.commercial.id, ...told });
  }

  /** Brings what is heard in line with the stream, and tells the page when the state has changed. */
  reconcile(audience: Audience): void {
    const { due } = this;
    this.session.links.listen?.hear(due, due && this.#meanwhile);
    this.lookHearing();
    if (this.#told === null) this.#told = this.#key();
    else if (this.#told !== this.#key()) this.tell();
    this.tellOthers(audience);
    this.#tellWhispers();
  }

  /** The page is about to be told the state, changed or not: no need to tell it before. */
  aboutToTell(): void {
    this.#told = null;
    this.#others.forget();
    this.#toldWhispers = JSON.stringify(NO_WHISPERS);
  }

  /** Tells the page who else hears them, if that is another list than it was told: what the commercial sees, the team's admins may. */
  tellOthers(audience: Audience): void {
    if (!this.session.peer) return;
    const change = this.#others.change(this.permitted ? audience : NOBODY, this.admin.id);
    if (change) this.session.notify('listen:others', { commercialId: this.commercial.id, ...change });
  }

  /** Tells the page the state, changed or not. */
  tell(): void {
    this.#told = this.#key();
    this.session.notify('listen:changed', { commercialId: this.commercial.id, ...this.state });
    this.#tellWhispers();
  }

  get #present(): boolean {
    return this.session.peer !== null || this.session.links.listen?.alive === true;
  }

  /**
   * The newest stream. While that one's page is still being told of this admin, an older one that is heard goes on: it is that of the
   * same person, who moves to another relay or page, and its page shows this admin.
   */
  get #stream(): HeardStream | null {
    const { newest } = this.commercial;
    if (newest?.status !== 'live' || this.#shown(newest)) return newest;
    return this.commercial.streams.find((stream) => this.#shown(stream) && stream.audible !== null) ?? newest;
  }

  /** The stream whose audio is really carried now. */
  get #carriedStream(): HeardStream | null {
    const carried = this.session.links.listen?.hearing;
    return (carried && this.commercial.streams.find(({ audible }) => audible === carried)) ?? null;
  }

  /** What is heard now, while its page, too, shows this admin: it may go on until what is due takes its place. */
  get #meanwhile(): AudioSource | null {
    const stream = this.#carriedStream;
    return this.#counts && this.permitted && this.#shown(stream) ? (stream?.audible ?? null) : null;
  }

  /** The commercial's page has acknowledged that it shows this admin, with this purpose. */
  #shown(stream: HeardStream | null): boolean {
    return stream !== null && isShown(stream, this);
  }

  #key(): string {
    const stream = this.permitted ? this.#stream : null;
    return `${stream?.id ?? ''} ${stream?.seal?.salt ?? ''} ${this.state.status}`;
  }
}

/** Whether this page must not be passed this stream on: `e2ee_required`. */
export function sealMisfit(session: Session, stream: HeardStream | null, opensSealed: boolean): boolean {
  if (!stream) return false;
  return stream.seal ? !opensSealed : session.mustBeSealed;
}
