import type { Logger } from 'pino';
import type { AuditSink, HelpEnd } from '../audit/audit-entries.ts';
import { TokenBucket } from '../doors/token-bucket.ts';
import { RelayError } from '../errors.ts';
import type { Measures } from '../measures/measures.ts';
import type { PayloadOf, ResultOf } from '../protocol/messages.ts';
import type { Commercial } from './commercial.ts';
import type { Directory } from './directory.ts';
import { askedForMs, type HelpCall } from './help-call.ts';
import type { Session, SessionEnd } from './session.ts';

/** What the asking for help is made with. */
export interface HelpingOptions {
  readonly directory: Directory;
  readonly logger: Logger;
  readonly audit: AuditSink;
  readonly measures: Measures;
  /** A commercial asks for help, or no longer. */
  readonly onChange: (commercial: Commercial) => void;
}

/** A commercial may ask so often at once; it is an alarm for people, and each stands in the audit trail. */
export const HELP_BURST = 6;
/** And after that once in so many seconds. */
export const HELP_EVERY_S = 5;
/** After a loss the listeners from before come back within this time; that they come answers nothing. */
export const HELP_SETTLES_MS = 10_000;

/** Ends that the page hears of; it knows by itself when its session is over. */
type ToldEnd = NonNullable<PayloadOf<'help:changed'>['reason']>;

/** What the end of the page's session means for its call. */
const SESSION_ENDS: Readonly<Record<SessionEnd, HelpEnd>> = {
  token_expired: 'token_expired',
  grace_expired: 'page_gone',
  superseded: 'page_gone',
  left: 'page_gone',
  refused: 'page_gone',
  relay_closed: 'relay_stopping',
};

/**
 * Commercials who ask for help: a flag on their row, live or not. An admin answers by beginning to hear them, which is only when their page has
 * said that it shows that admin; who heard them before they asked has not answered by that.
 */
export class Helping {
  readonly #options: HelpingOptions;
  readonly #paces = new WeakMap<Commercial, TokenBucket>();
  readonly #calls = new Map<HelpCall, Commercial>();

  constructor(options: HelpingOptions) {
    this.#options = options;
  }

  /** Commercials who ask just now. */
  get size(): number {
    return this.#calls.size;
  }

  /**
   * Idempotent.
   * @param again the page goes on asking after a loss: listeners who come back answer nothing
   * @throws RelayError rate_limited
   */
  ask(session: Session, on: boolean, again = false): ResultOf<'help:ask'> {
    const { directory, measures } = this.#options;
    const commercial = directory.find(session.user.id);
    if (!commercial) throw new RelayError('forbidden', 'Only a commercial may ask for help.');
    const { help } = commercial;
    if (on === (help !== null)) return { askedForMs: help && askedForMs(help) };
    if (help) {
      this.#end(help, 'taken_back');
      return { askedForMs: null };
    }
    const pace = this.#paces.get(commercial) ?? new TokenBucket(1 / HELP_EVERY_S, HELP_BURST);
    this.#paces.set(commercial, pace);
    if (!pace.take()) {
      measures.rateLimited('help');
      throw new RelayError('rate_limited', `Help was asked for too often; again in ${HELP_EVERY_S} seconds.`);
    }
    this.#begin(session, commercial, again);
    return { askedForMs: 0 };
  }

  /** The page came (back): it takes help for not asked for until it hears otherwise. */
  attached(session: Session): void {
    const help = this.#options.directory.find(session.user.id)?.help;
    if (!help) return;
    session.notify('help:changed', { askedForMs: askedForMs(help), reason: null });
    session.forget('help:changed'); // the time goes on: it is told as of then
  }

  /** Something about the commercial changed: their stream, or who hears them. */
  look(commercial: Commercial): void {
    const call = commercial.help;
    if (!call) return;
    const { stream, lastEnd } = commercial;
    if (stream) call.stream = stream.id;
    else if (call.stream && lastEnd?.cause !== 'replaced') {
      this.#end(call, 'stream_ended');
      return;
    }
    const hearers = stream ? commercial.hearers() : new Set<string>();
    const settling = performance.now() < call.settledAt;
    if (settling) call.earlier = new Set([...call.earlier, ...hearers]);
    const present = new Set([...call.earlier].filter((id) => hearers.has(id)));
    if (!settling) call.earlier = present;
    if (!stream?.audible) return;
    const answers = [...hearers].find((id) => !present.has(id));
    if (answers !== undefined) this.#end(call, 'answered', answers);
  }

  /** The session is over. The call goes on with another page of the user, if there is one here. */
  ended(session: Session, why: SessionEnd): void {
    for (const [call, commercial] of this.#calls) {
      if (call.session !== session) continue;
      const other = [...commercial.present].find((page) => page !== session && !page.ended);
      if (other && why !== 'relay_closed') call.session = other;
      else this.#end(call, SESSION_ENDS[why]);
    }
  }

  #begin(session: Session, commercial: Commercial, again: boolean): void {
    const call: HelpCall = {
      session,
      startedAt: performance.now(),
      settledAt: again ? performance.now() + HELP_SETTLES_MS : 0,
      stream: commercial.stream?.id ?? null,
      earlier: commercial.hearers(),
    };
    commercial.help = call;
    this.#calls.set(call, commercial);
    const { audit, logger } = this.#options;
    const equipe = teamOf(commercial);
    audit.record({ event: 'help_asked', commercial: commercial.id, equipe, stream: call.stream });
    logger.info({ user: commercial.id, session: session.label, again }, 'help asked for');
    this.#changed(commercial, null, session);
  }

  #end(call: HelpCall, cause: HelpEnd, admin: string | null = null): void {
    const commercial = this.#calls.get(call);
    if (!commercial || commercial.help !== call) return;
    this.#calls.delete(call);
    commercial.help = null;
    const askedMs = askedForMs(call);
    const { audit, logger } = this.#options;
    const equipe = teamOf(commercial);
    audit.record({
      event: 'help_ended',
      commercial: commercial.id,
      equipe,
      stream: call.stream,
      cause,
      admin,
      askedMs,
    });
    logger.info({ user: commercial.id, cause, admin, askedMs }, 'help no longer asked for');
    this.#changed(commercial, told(cause), call.session);
  }

  /** Tells the user's pages here; the one that asked has it in its acknowledgement. What is over is told again at a resume, for it may have got lost. */
  #changed(commercial: Commercial, reason: ToldEnd | null, asker: Session): void {
    const { help } = commercial;
    for (const page of new Set([...commercial.present, asker])) {
      if (help) page.forget('help:changed');
      if (!help || page !== asker) page.notify('help:changed', { askedForMs: help && askedForMs(help), reason });
    }
    this.#options.onChange(commercial);
  }
}

function told(cause: HelpEnd): ToldEnd | null {
  return cause === 'taken_back' || cause === 'answered' || cause === 'stream_ended' ? cause : null;
}

function teamOf(commercial: Commercial): string {
  return commercial.localUser?.equipe ?? '';
}
