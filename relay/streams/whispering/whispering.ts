import type { Logger } from 'pino';
import type { AuditSink } from '../../audit/audit-entries.ts';
import { RelayError } from '../../errors.ts';
import type { Measures } from '../../measures/measures.ts';
import type { Media } from '../../media/media.ts';
import type { ResultOf } from '../../protocol/messages.ts';
import type { StreamSeal } from '../../protocol/stream-seal.ts';
import type { WhisperFault } from '../../protocol/whisper-messages.ts';
import type { Commercial } from '../commercial.ts';
import type { Directory } from '../directory.ts';
import { ListenLink } from '../listen-link.ts';
import type { PolicyRules } from '../policy-guard.ts';
import { PublishLink } from '../publish-link.ts';
import type { Session } from '../session.ts';
import type { TimerSet } from '../timers.ts';
import { Ears } from './ears.ts';
import type { WhisperHome } from './whisper-home.ts';
import { type Selection, Whisperers } from './whisperers.ts';
import { Whispers } from './whispers.ts';

/** What whispering is made with. */
export interface WhisperingOptions {
  readonly media: Media;
  readonly logger: Logger;
  readonly timers: TimerSet;
  readonly audit: AuditSink;
  readonly measures: Measures;
  /** Null: there is none, and so no whispering. */
  readonly policy: PolicyRules | null;
  readonly directory: Directory;
  /** What this admin's page has selected. */
  readonly selectionOf: (session: Session) => Selection | null;
  /** Where the commercial's page is, when that is another relay; null: here. */
  readonly afar: (commercial: Commercial) => WhisperHome | null;
  readonly onChange: (commercial: Commercial) => void;
}

/** Counts for leak tests. */
export interface WhisperGauges {
  readonly ears: number;
  readonly microphones: number;
  readonly whispers: number;
}

/** Admins who speak into the ear of the commercial whom they hear, or send them a short text: both sides, at this relay. */
export class Whispering {
  /** This relay's own commercials, also for admins at other relays. */
  readonly home: Whispers;
  readonly #ears: Ears;
  readonly #whisperers: Whisperers;
  readonly #directory: Directory;
  readonly #options: WhisperingOptions;

  constructor(options: WhisperingOptions) {
    this.#options = options;
    const { directory, onChange } = options;
    this.#directory = directory;
    this.#ears = new Ears((session) => this.#makeEar(session));
    this.home = new Whispers({ ...options, ears: this.#ears, onChange });
    this.#whisperers = new Whisperers({
      ...options,
      makeLink: (session) => this.#makeMicrophone(session),
      homeOf: (commercial) => options.afar(commercial) ?? this.home,
    });
  }

  gauges(): WhisperGauges {
    return { ears: this.#ears.size, microphones: this.#whisperers.size, whispers: this.home.size };
  }

  /** @param opensSealed the page opens sealed whispers @throws RelayError not_streaming, e2ee_required, whisper_not_allowed */
  allow(session: Session, voice: boolean, cues: boolean, opensSealed = false): void {
    this.home.allow(session, this.#directory.find(session.user.id), { voice, cues, opensSealed });
  }

  /** The ear of this page. @throws RelayError whisper_not_allowed (an admin's), not_connected, media_unavailable */
  async connect(session: Session, mode: 'connect' | 'restart-ice'): Promise<string> {
    if (session.user.role === 'admin' && !this.#mayOverhear(session)) {
      throw new RelayError(
        'whisper_not_allowed',
        'Nobody else hears what is said to the commercial of this selection.',
      );
    }
    return this.#ears.connect(session, mode);
  }

  /** @throws RelayError not_connected, sdp_invalid */
  answer(session: Session, sdp: string): Promise<void> {
    return this.#ears.answer(session, sdp);
  }

  /** The page of who speaks shows who else hears it. */
  seen(session: Session, id: string, version: number): void {
    this.#whisperers.seen(session, id, version);
  }

  shown(session: Session, id: string): void {
    this.home.shown(session, id);
  }

  /** The microphone of this page. @throws RelayError forbidden, sdp_invalid, not_connected, media_unavailable */
  offer(session: Session, mode: 'connect' | 'restart-ice', sdp: string): Promise<string> {
    return this.#whisperers.offer(session, mode, sdp);
  }

  /** @param seal it is sealed from end to end @throws RelayError see `Whisperers` */
  begin(session: Session, seal: StreamSeal | null = null): Promise<ResultOf<'whisper:begin'>> {
    return this.#whisperers.begin(session, seal);
  }

  /** @throws RelayError see `Whisperers` */
  cue(session: Session, text: string): Promise<void> {
    return this.#whisperers.cue(session, text);
  }

  /** Idempotent. @param fault why the commercial's page ends it; null: its user refuses it, or the admin has stopped */
  stop(session: Session, fault: WhisperFault | null): void {
    if (session.user.role === 'admin') this.#whisperers.stop(session);
    else this.home.refuse(session, fault ?? 'refused');
  }

  /** Idempotent. @param what an admin's page has both */
  disconnect(session: Session, what: 'all' | 'microphone' | 'ear' = 'all'): void {
    if (what !== 'ear') this.#whisperers.release(session);
    if (what !== 'microphone') this.#ears.release(session);
    this.#look(session);
  }

  /** Something about the commercial changed. */
  look(commercial: Commercial): void {
    this.home.look(commercial);
    this.#whisperers.look(commercial);
  }

  /** The page has no connection any more, for a while or for ever. */
  left(session: Session): void {
    if (session.user.role === 'admin') this.#whisperers.stop(session, 'page_away');
    if (session.ended) this.disconnect(session);
    // What it hears of others it cannot be told of any more.
    else if (session.user.role === 'admin') this.#look(session);
  }

  /** The page is there again. */
  attached(session: Session): void {
    if (session.user.role === 'admin' && this.#ears.ready(session)) this.#look(session);
  }

  #look(session: Session): void {
    const commercial =
      session.user.role === 'commercial'
        ? this.#directory.find(session.user.id)
        : this.#options.selectionOf(session)?.commercial;
    if (commercial) this.#options.onChange(commercial);
  }

  #mayOverhear(session: Session): boolean {
    const selection = this.#options.selectionOf(session);
    return selection?.listener.permitted === true && this.home.mayBeOverheard(selection.commercial);
  }

  #makeEar(session: Session): ListenLink {
    const { media, logger, timers } = this.#options;
    const look = (): void => this.#look(session);
    return new ListenLink({
      media,
      logger,
      timers,
      trace: session.trace,
      onFailing: look,
      onState: look,
      onHearing: () => undefined,
      onLost: look,
      onRecovered: () => undefined,
    });
  }

  #makeMicrophone(session: Session): PublishLink {
    const lost = (): void => this.#whisperers.stop(session, 'media_lost');
    return new PublishLink(
      this.#options.media,
      {
        state: (state) => {
          if (state === 'disconnected' || state === 'closed') lost();
        },
        replaced: lost,
        lost,
        recovered: () => undefined,
      },
      session.trace,
    );
  }
}
