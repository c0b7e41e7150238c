import { TokenBucket } from '../../doors/token-bucket.ts';
import { RelayError } from '../../errors.ts';
import type { Measures } from '../../measures/measures.ts';
import type { ResultOf } from '../../protocol/messages.ts';
import type { StreamSeal } from '../../protocol/stream-seal.ts';
import { WHISPER_LIMIT_MS, type WhisperEnd } from '../../protocol/whisper-messages.ts';
import type { Commercial, CommercialListener } from '../commercial.ts';
import type { PublishLink } from '../publish-link.ts';
import type { Session } from '../session.ts';
import type { HeldWhisper, Sharing, WhisperHome } from './whisper-home.ts';

/** An admin may begin, or write, so often at once. */
export const WHISPER_BURST = 8;
/** And after that once in so many seconds. */
export const WHISPER_EVERY_S = 2;

/** What an admin has selected. */
export interface Selection {
  readonly commercial: Commercial;
  readonly listener: CommercialListener;
}

/** What the admins' side is made with. */
export interface WhisperersOptions {
  /** A link for this page's microphone. */
  readonly makeLink: (session: Session) => PublishLink;
  /** What this page has selected; null: nothing. */
  readonly selectionOf: (session: Session) => Selection | null;
  /** Where the page of the commercial is who is heard. */
  readonly homeOf: (commercial: Commercial) => WhisperHome;
  readonly measures: Measures;
}

/** One admin's page that whispers, or is about to. */
interface Speaking {
  readonly of: Selection;
  readonly seal: StreamSeal | null;
  readonly held: HeldWhisper | null;
  /** Others may hear it. */
  sharing?: Sharing | undefined;
}

/** The admins' side of whispering: their microphones, and who speaks now. */
export class Whisperers {
  readonly #options: WhisperersOptions;
  readonly #links = new Map<Session, PublishLink>();
  readonly #speaking = new Map<Session, Speaking>();
  readonly #paces = new Map<string, TokenBucket>();

  constructor(options: WhisperersOptions) {
    this.#options = options;
  }

  /** Microphones that are connected or being connected, for leak tests. */
  get size(): number {
    return this.#links.size;
  }

  /** @throws RelayError forbidden, sdp_invalid, not_connected, media_unavailable */
  offer(session: Session, mode: 'connect' | 'restart-ice', sdp: string): Promise<string> {
    demandClaim(session);
    let link = this.#links.get(session);
    if (!link) {
      link = this.#options.makeLink(session);
      this.#links.set(session, link);
    }
    return link.offer(mode, sdp);
  }

  /**
   * @param seal it is sealed from end to end; null: it is not
   * @throws RelayError forbidden, e2ee_required, not_listening, not_connected, rate_limited, whisper_not_allowed, whisper_busy, whisper_not_shown
   */
  async begin(session: Session, seal: StreamSeal | null): Promise<ResultOf<'whisper:begin'>> {
    const of = this.#selection(session);
    if (!seal && session.mustBeSealed) throw mustBeSealed();
    const { commercial, listener } = of;
    const running = this.#speaking.get(session);
    if (running?.held && running.seal?.salt === seal?.salt) return { id: running.held.id, limitMs: WHISPER_LIMIT_MS };
    // Sealed otherwise than the commercial's page was told.
    if (running?.held) this.stop(session);
    else if (running) throw new RelayError('whisper_busy', 'This page begins to speak already.');
    this.#pace(session);
    const attempt: Speaking = { of, seal, held: null };
    this.#speaking.set(session, attempt);
    const isStill = (): boolean => this.#speaking.get(session) === attempt;
    try {
      const source = await this.#produce(session);
      if (!isStill()) throw gone();
      this.#demandStill(session, attempt);
      let ended: WhisperEnd | null = null;
      const onEnd = (why: WhisperEnd): void => {
        ended = why;
        this.#ended(session, why);
      };
      const held = await this.#options.homeOf(commercial).begin({ commercial, listener, source, seal, onEnd });
      // Claims and selection may be others by now: the commercial's page was waited for.
      const over = this.#over(session, attempt);
      if (!isStill() || ended !== null || over) {
        held.end(over ?? 'stopped');
        this.#demandStill(session, attempt);
        throw gone();
      }
      const { id } = held;
      const begun: Speaking = { of, seal, held };
      this.#speaking.set(session, begun);
      begun.sharing = held.share?.((version, all) =>
        session.notify('whisper:hearers', { id, version, hearers: [...all] }),
      );
      return { id, limitMs: WHISPER_LIMIT_MS };
    } catch (error) {
      if (isStill()) this.#speaking.delete(session);
      throw error;
    }
  }

  /** @throws RelayError as `begin`, but never whisper_busy */
  async cue(session: Session, text: string): Promise<void> {
    const { commercial, listener } = this.#selection(session);
    if (session.mustBeSealed) throw mustBeSealed();
    this.#pace(session);
    await this.#options.homeOf(commercial).cue(commercial, listener, text);
  }

  /**
   * Ends what the page says; what begins just now ends as soon as it has begun. Idempotent.
   * @param why the page is told, unless it asked
   */
  stop(session: Session, why: WhisperEnd = 'stopped'): void {
    const held = this.#speaking.get(session)?.held;
    this.#speaking.delete(session);
    held?.end(why);
    if (held && why !== 'stopped') session.notify('whisper:ended', { id: held.id, reason: why });
  }

  /** The page shows those of this version who hear what it says. Of a whisper that is over it means nothing. */
  seen(session: Session, id: string, version: number): void {
    const speaking = this.#speaking.get(session);
    if (speaking?.held?.id === id) speaking.sharing?.seen(version);
  }

  /** The microphone is let go. Idempotent. */
  release(session: Session): void {
    this.stop(session);
    const link = this.#links.get(session);
    this.#links.delete(session);
    link?.close();
  }

  /** Something about the commercial changed: who has selected somebody else, or may whisper no more, speaks no more. */
  look(commercial: Commercial): void {
    for (const [session, speaking] of this.#speaking) {
      if (!speaking.held || speaking.of.commercial !== commercial) continue;
      const over = this.#over(session, speaking);
      if (over) this.stop(session, over);
    }
  }

  /** Why what was begun with this must not go on; null: it may. */
  #over(session: Session, { of, seal }: Speaking): WhisperEnd | null {
    if (!seal && session.mustBeSealed) return 'e2ee_required';
    const isSelected = this.#options.selectionOf(session)?.listener === of.listener;
    if (isSelected && session.mayWhisper) return null;
    // Who goes on listening at another relay hears on: only this voice is over.
    return of.listener.goneOver ? 'page_away' : 'not_heard';
  }

  /** @throws RelayError forbidden, e2ee_required, not_connected: as what `#over` names */
  #demandStill(session: Session, speaking: Speaking): void {
    demandClaim(session);
    const over = this.#over(session, speaking);
    if (over) throw over === 'e2ee_required' ? mustBeSealed() : gone();
  }

  /** It was ended by the other side. */
  #ended(session: Session, why: WhisperEnd): void {
    const speaking = this.#speaking.get(session);
    if (!speaking?.held) return;
    this.#speaking.delete(session);
    session.notify('whisper:ended', { id: speaking.held.id, reason: why });
  }

  async #produce(session: Session) {
    const link = this.#links.get(session);
    if (!link) throw gone();
    return link.produce();
  }

  #selection(session: Session): Selection {
    demandClaim(session);
    const selection = this.#options.selectionOf(session);
    if (!selection) throw new RelayError('not_listening', 'Only who hears a commercial may speak or write to them.');
    return selection;
  }

  #pace({ user }: Session): void {
    let pace = this.#paces.get(user.id);
    if (!pace) {
      // Who has stopped long ago has as many again: nothing is lost with the oldest.
      if (this.#paces.size >= 10_000) this.#paces.clear();
      pace = new TokenBucket(1 / WHISPER_EVERY_S, WHISPER_BURST);
      this.#paces.set(user.id, pace);
    }
    if (pace.take()) return;
    this.#options.measures.rateLimited('whisper');
    throw new RelayError('rate_limited', `Too many whispers and texts; again in ${WHISPER_EVERY_S} seconds.`);
  }
}

function demandClaim(session: Session): void {
  if (!session.mayWhisper) throw new RelayError('forbidden', 'The token does not have the claim `whisper`.');
}

function mustBeSealed(): RelayError {
  return new RelayError(
    'e2ee_required',
    'The token asks for what is sealed from end to end: a voice that is not, and texts, which never are, are refused.',
  );
}

function gone(): RelayError {
  return new RelayError(
    'not_connected',
    'There is no microphone any more. Send whisper:offer with mode "connect" first.',
  );
}
