import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { AuditSink } from '../../audit/audit-entries.ts';
import { RelayError } from '../../errors.ts';
import type { AudioSource } from '../../media/media.ts';
import type { StreamSeal } from '../../protocol/stream-seal.ts';
import {
  WHISPER_LIMIT_MS,
  type WhisperEnd,
  type Whisperer,
  type WhisperFault,
} from '../../protocol/whisper-messages.ts';
import type { Commercial, CommercialListener, WhisperState } from '../commercial.ts';
import { isShown } from '../heard-stream.ts';
import type { PolicyRules } from '../policy-guard.ts';
import type { Session } from '../session.ts';
import type { Stream } from '../stream.ts';
import type { Timer, TimerSet } from '../timers.ts';
import { Told } from '../told.ts';
import type { Ears } from './ears.ts';
import { type Candidate, Hearers } from './hearers.ts';
import type { HeldWhisper, Sharing, TellHearers, WhisperHome, WhisperWish } from './whisper-home.ts';

/** A page that has not said so long after that it shows a whisper or a text is not waited for. */
export const SHOWN_WITHIN_MS = 2_000;

/** A page that is this late with a text, a phone that slept say, shows it all the same: so long it is known which one that was. */
export const CUE_KEPT_MS = 60_000;

/** What whispers are made with. */
export interface WhispersOptions {
  readonly ears: Ears;
  /** Absent: there is no policy, and so no whispering. */
  readonly policy: PolicyRules | null;
  readonly timers: TimerSet;
  readonly logger: Logger;
  readonly audit: AuditSink;
  /** What a commercial allows, or who speaks to them, has changed. */
  readonly onChange: (commercial: Commercial) => void;
}

/** What a commercial's page says that it lets through. */
interface Wish {
  readonly voice: boolean;
  readonly cues: boolean;
  /** It opens whispers that are sealed from end to end. */
  readonly opensSealed: boolean;
}

/** What one commercial allows during one stream. */
interface Allowed extends Wish {
  readonly stream: Stream;
}

/** A whisper from when it is announced to the page until it is over. */
interface Whisper {
  readonly id: string;
  readonly by: Whisperer;
  readonly commercial: Commercial;
  readonly listener: CommercialListener;
  readonly stream: Stream;
  /** The page that hears it. */
  readonly session: Session;
  readonly source: AudioSource;
  readonly seal: StreamSeal | null;
  readonly shown: PromiseWithResolvers<void>;
  readonly onEnd: (why: WhisperEnd) => void;
  timer: Timer | null;
  /** Since when the voice is passed on; null: not yet. */
  passedSince: number | null;
  /** Other admins who hear it; null: nobody else does. */
  hearers: Hearers | null;
}

/** A text that the page has not said to show yet. */
interface Cue {
  readonly id: string;
  readonly session: Session;
  readonly shown: PromiseWithResolvers<void>;
}

/**
 * The home's side of whispering: what a commercial allows, who speaks to them, one at a time. A voice is passed on from when their page has said that it
 * shows who speaks, and only while that admin hears them.
 */
export class Whispers implements WhisperHome {
  readonly #options: WhispersOptions;
  readonly #allowed = new Map<Commercial, Allowed>();
  readonly #current = new Map<Commercial, Whisper>();
  readonly #cues = new Set<Cue>();
  /** Commercials with a stream here, or with one until just now. */
  readonly #streamed = new WeakSet<Commercial>();
  /** Whether whispers are offered. */
  readonly #told = new Told(false);

  constructor(options: WhispersOptions) {
    this.#options = options;
  }

  /** Whispers that are under way, announced or passed on. */
  get size(): number {
    return this.#current.size;
  }

  /** @throws RelayError not_streaming, e2ee_required, whisper_not_allowed (by the policy) */
  allow(session: Session, commercial: Commercial | null, wish: Wish): void {
    const { voice, cues, opensSealed } = wish;
    const stream = commercial?.stream;
    if (!commercial || stream?.session !== session) {
      throw new RelayError('not_streaming', 'What may be whispered is said for a stream. Send stream:start first.');
    }
    if (voice && isSealed(stream) && !opensSealed) throw unsealed();
    if ((voice || cues) && !this.#isOffered(commercial)) {
      throw new RelayError('whisper_not_allowed', 'The policy of the relay allows no whispering in this team.');
    }
    const before = this.#allowedOf(commercial);
    if (before?.voice === voice && before.cues === cues && before.opensSealed === opensSealed) return;
    this.#allowed.set(commercial, { stream, ...wish });
    if (before?.voice !== voice) this.#record(commercial, stream, voice);
    if (!voice) this.#end(commercial, 'refused', 'tell');
    this.#options.onChange(commercial);
  }

  /** The page shows a whisper or a text. Late, of one that is over, it means nothing. */
  shown(session: Session, id: string): void {
    for (const whisper of [...this.#current.values(), ...this.#cues]) {
      if (whisper.id === id && whisper.session === session) whisper.shown.resolve();
    }
  }

  /** The commercial ends whatever is whispered to them. Idempotent. */
  refuse(session: Session, why: 'refused' | WhisperFault): void {
    for (const { commercial, session: page } of [...this.#current.values()]) {
      if (page === session) this.#end(commercial, why, 'tell');
    }
  }

  async begin({ commercial, listener, source, seal, onEnd }: WhisperWish): Promise<HeldWhisper> {
    const stream = this.#streamHeard(commercial, listener);
    const { ears, timers } = this.#options;
    const { session } = stream;
    if (!seal && isSealed(stream)) throw unsealed();
    if (!this.#state(commercial).voice) {
      throw new RelayError(
        'whisper_not_allowed',
        'The commercial does not let anybody speak into their ear, or their page is not ready for it.',
      );
    }
    const busy = this.#current.get(commercial);
    if (busy) throw new RelayError('whisper_busy', `${busy.by.name} speaks to this commercial just now.`);
    const { id: adminId, name } = listener.admin;
    const whisper: Whisper = {
      id: randomUUID(),
      by: { id: adminId, name },
      commercial,
      listener,
      stream,
      session,
      source,
      seal,
      shown: Promise.withResolvers(),
      onEnd,
      timer: timers.after(SHOWN_WITHIN_MS, () => this.#end(commercial, 'not_shown', 'tell')),
      passedSince: null,
      hearers: null,
    };
    whisper.shown.promise.catch(() => undefined);
    this.#current.set(commercial, whisper);
    const began = { id: whisper.id, by: whisper.by, limitMs: WHISPER_LIMIT_MS };
    session.notify('whisper:began', seal ? { ...began, e2ee: seal } : began);
    this.#options.onChange(commercial);
    await whisper.shown.promise;
    if (this.#current.get(commercial) !== whisper) throw notShown();
    whisper.timer?.cancel();
    whisper.timer = timers.after(WHISPER_LIMIT_MS, () => this.#end(commercial, 'time_limit', 'tell'));
    whisper.passedSince = performance.now();
    ears.hear(session, source);
    const { audit, logger } = this.#options;
    audit.record({ event: 'whisper_began', whisper: whisper.id, ...about(whisper) });
    logger.info({ whisper: whisper.id, admin: adminId, commercial: commercial.id }, 'whisper began');
    return {
      id: whisper.id,
      share: (tell) => this.#share(whisper, tell),
      end: (why) => {
        if (this.#current.get(commercial) === whisper) this.#end(commercial, why, 'is known');
      },
    };
  }

  async cue(commercial: Commercial, listener: CommercialListener, text: string): Promise<void> {
    const stream = this.#streamHeard(commercial, listener);
    if (isSealed(stream)) throw unsealed();
    if (!this.#state(commercial).cues) {
      throw new RelayError('whisper_not_allowed', 'The commercial does not let anybody send them texts.');
    }
    const { session } = stream;
    const { id: adminId, name } = listener.admin;
    const { timers, audit } = this.#options;
    const cue: Cue = { id: randomUUID(), session, shown: Promise.withResolvers() };
    this.#cues.add(cue);
    const equipe = commercial.localUser?.equipe ?? '';
    // Also when that comes too late for the admin: they are told that it was not shown, and the audit trail knows better.
    const kept = timers.after(CUE_KEPT_MS, () => this.#cues.delete(cue));
    const shown = cue.shown.promise.then(() => {
      kept.cancel();
      this.#cues.delete(cue);
      audit.record({ event: 'whisper_cue', commercial: commercial.id, equipe, stream: stream.id, admin: adminId });
    });
    session.notify('whisper:cued', { id: cue.id, by: { id: adminId, name }, text });
    const late = Promise.withResolvers<void>();
    const timer = timers.after(SHOWN_WITHIN_MS, () => late.reject(notShown()));
    await Promise.race([shown, late.promise]).finally(() => timer.cancel());
  }

  /** Something about the commercial changed: what is not allowed any more ends, and everybody concerned is told. */
  look(commercial: Commercial): void {
    const whisper = this.#current.get(commercial);
    if (whisper) {
      const why = this.#over(whisper);
      if (why) this.#end(commercial, why, 'tell');
      else whisper.hearers?.look(this.#candidates(whisper));
    }
    const allowed = this.#allowed.get(commercial);
    if (allowed && allowed.stream !== commercial.stream) {
      this.#allowed.delete(commercial);
      this.#options.ears.release(allowed.stream.session);
    }
    for (const session of commercial.present) this.#offer(session, commercial);
    if (commercial.stream) this.#streamed.add(commercial);
    // Of whom nothing streams here, and never did, another relay has the say.
    else if (!this.#streamed.delete(commercial)) return;
    const state = this.#state(commercial);
    for (const listener of commercial.listeners.values()) listener.showWhispers(state);
  }

  /** Who streams no more, or is not known any more, is spoken to no more. */
  #over({ commercial, listener, stream, session, source, seal }: Whisper): WhisperEnd | null {
    // Who has gone over to another relay is heard on, and hears on: only this voice is over.
    if (commercial.stream !== stream) return stream.goneOver ? 'page_away' : 'not_heard';
    if (!this.#isOffered(commercial)) return 'policy';
    if (!seal && isSealed(stream)) return 'e2ee_required';
    if (!session.peer) return 'page_away';
    if (source.closed || !this.#options.ears.ready(session)) return 'media_lost';
    if (this.#isHeard(commercial, listener, stream)) return null;
    const listeners = [...commercial.listeners.values()];
    const goesOn = !listeners.includes(listener) && listeners.some(({ admin }) => admin.id === listener.admin.id);
    return goesOn ? 'page_away' : 'not_heard';
  }

  #share(whisper: Whisper, tell: TellHearers): Sharing {
    const { id, by, commercial, source, seal } = whisper;
    const hearers = new Hearers({ id, by, commercialId: commercial.id, source, seal, ears: this.#options.ears, tell });
    if (this.#current.get(commercial) === whisper) {
      whisper.hearers = hearers;
      hearers.look(this.#candidates(whisper));
    }
    return hearers;
  }

  /** Admins whose pages here may hear it beside the commercial: who hears the commercial, is shown to them, and is connected with an ear. */
  #candidates({ commercial, stream, by, seal }: Whisper): Candidate[] {
    if (!this.#isOpen(commercial) || stream.status !== 'live') return [];
    return [...commercial.listeners.values()].flatMap((listener) => {
      const { page: session, admin, permitted, counts, opensSealed } = listener;
      if (!session?.peer || admin.id === by.id || !permitted || !counts || !isShown(stream, listener)) return [];
      const opens = seal ? opensSealed : !session.mustBeSealed;
      if (!opens || !this.#options.ears.ready(session)) return [];
      return [{ session, admin: { id: admin.id, name: admin.name } }];
    });
  }

  #end(commercial: Commercial, why: WhisperEnd, admin: 'tell' | 'is known'): void {
    const whisper = this.#current.get(commercial);
    if (!whisper) return;
    this.#current.delete(commercial);
    whisper.timer?.cancel();
    const { ears, audit, logger } = this.#options;
    ears.hear(whisper.session, null);
    whisper.hearers?.end();
    whisper.shown.reject(notShown());
    whisper.session.notify('whisper:ended', { id: whisper.id, reason: why });
    if (whisper.passedSince !== null) {
      const spokenMs = Math.round(performance.now() - whisper.passedSince);
      const heardBy = whisper.hearers?.everyone ?? [];
      const ended = { event: 'whisper_ended', whisper: whisper.id, ...about(whisper), cause: why, spokenMs } as const;
      audit.record(heardBy.length > 0 ? { ...ended, heardBy } : ended);
      logger.info({ whisper: whisper.id, why, spokenMs }, 'whisper ended');
    }
    if (admin === 'tell') whisper.onEnd(why);
    this.#options.onChange(commercial);
  }

  /** @throws RelayError not_listening */
  #streamHeard(commercial: Commercial, listener: CommercialListener): Stream {
    const { stream } = commercial;
    if (!stream || !this.#isHeard(commercial, listener, stream)) {
      throw new RelayError('not_listening', 'Only who hears a commercial may speak or write to them.');
    }
    return stream;
  }

  #isHeard(commercial: Commercial, listener: CommercialListener, stream: Stream): boolean {
    const isThere = [...commercial.listeners.values()].includes(listener);
    return isThere && listener.permitted && stream.status === 'live' && listener.hears(stream);
  }

  #state(commercial: Commercial): WhisperState {
    const { stream } = commercial;
    const by = this.#current.get(commercial)?.by ?? null;
    // A device shows nothing, and has no ear.
    if (!stream || stream.device || !this.#isOffered(commercial)) return { voice: false, cues: false, by };
    const allowed = this.#allowedOf(commercial);
    const sealed = isSealed(stream);
    const opens = !sealed || allowed?.opensSealed === true;
    const voice = opens && allowed?.voice === true && this.#options.ears.ready(stream.session);
    return { voice, cues: !sealed && (allowed?.cues ?? true), by, overheard: voice && this.#isOpen(commercial) };
  }

  #allowedOf(commercial: Commercial): Allowed | null {
    const allowed = this.#allowed.get(commercial);
    return allowed && allowed.stream === commercial.stream ? allowed : null;
  }

  #isOffered({ localUser }: Commercial): boolean {
    return localUser !== null && this.#options.policy?.of(localUser.equipe).whisper === true;
  }

  /** Others who listen may hear what is said, as the policy of their team says. */
  #isOpen({ localUser }: Commercial): boolean {
    return localUser !== null && this.#options.policy?.of(localUser.equipe).whispersHeard === true;
  }

  /** Whether an ear is of use to an admin who has selected this commercial. */
  mayBeOverheard(commercial: Commercial): boolean {
    return this.#state(commercial).overheard === true;
  }

  #offer(session: Session, commercial: Commercial): void {
    const offered = this.#isOffered(commercial);
    if (this.#told.isNews(session, offered)) session.notify('whisper:offered', { offered });
  }

  #record(commercial: Commercial, stream: Stream, allowed: boolean): void {
    const equipe = commercial.localUser?.equipe ?? '';
    this.#options.audit.record({
      event: 'whisper_allowed',
      commercial: commercial.id,
      equipe,
      stream: stream.id,
      allowed,
    });
  }
}

function about({ commercial, stream, by }: Whisper) {
  return {
    commercial: commercial.id,
    equipe: commercial.localUser?.equipe ?? '',
    stream: stream.id,
    admin: by.id,
  };
}

function notShown(): RelayError {
  return new RelayError(
    'whisper_not_shown',
    'The commercial’s page did not say in time that it shows who speaks or writes.',
  );
}

/** What is said over it must not be readable here. */
const isSealed = ({ seal, session }: Stream): boolean => seal !== null || session.mustBeSealed;

function unsealed(): RelayError {
  return new RelayError(
    'e2ee_required',
    'This stream is sealed from end to end: a voice that is not, and texts, which never are, are refused.',
  );
}
