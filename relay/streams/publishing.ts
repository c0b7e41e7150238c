import type { Logger } from 'pino';
import type { AuditSink, StreamEnd } from '../audit/audit-entries.ts';
import { RelayError } from '../errors.ts';
import type { Measures } from '../measures/measures.ts';
import type { AudioSource, TransportLoss, TransportState } from '../media/media.ts';
import type { ResultOf, VoiceLevel } from '../protocol/messages.ts';
import type { StreamSeal } from '../protocol/stream-seal.ts';
import type { Claim } from './claim.ts';
import type { Commercial } from './commercial.ts';
import type { Directory } from './directory.ts';
import type { Elsewhere } from './elsewhere.ts';
import { overloaded } from './overloaded.ts';
import { type Restraint, type RestraintEvents, STREAM_POLICY_REASONS } from './restraint.ts';
import type { Session, SessionEnd } from './session.ts';
import { Stream } from './stream.ts';
import type { TimerSet } from './timers.ts';
import { type VoicePolicy, voiceWithoutListeners } from './voice-policy.ts';

/** What the publishing side is made with. */
export interface PublishingOptions extends VoicePolicy {
  readonly directory: Directory;
  readonly elsewhere: Elsewhere;
  readonly restraint: Restraint;
  readonly timers: TimerSet;
  readonly logger: Logger;
  readonly audit: AuditSink;
  readonly measures: Measures;
  readonly graceMs: number;
  readonly maxStreamMs: number;
  readonly maxStreams: number;
  /** A commercial's stream changed, began or ended. */
  readonly onChange: (commercial: Commercial) => void;
}

/** Ends that the page hears of. */
const TOLD = ['replaced', 'grace_expired', 'time_limit', 'e2ee_required', ...STREAM_POLICY_REASONS] as const;

/** What another page of the user asked for is told as what it is; that this page asked for it would be no news. */
const STOPPED = { reason: 'stopped' } as const;

/** What the end of a page's session means for its stream. */
const SESSION_ENDS: Readonly<Record<SessionEnd, StreamEnd>> = {
  token_expired: 'token_expired',
  grace_expired: 'grace_expired',
  superseded: 'page_gone',
  refused: 'page_gone',
  left: 'page_gone',
  relay_closed: 'relay_stopping',
};

/** The commercials' side: one stream each; the newest start wins. */
export class Publishing {
  readonly #options: PublishingOptions;
  readonly #streams = new Map<Stream, Commercial>();

  constructor(options: PublishingOptions) {
    this.#options = options;
  }

  /** Streams that have started and not ended. */
  get size(): number {
    return this.#streams.size;
  }

  /** Those of them that another relay does not count already, since their page has gone over to it. */
  get counted(): number {
    let counted = 0;
    for (const stream of this.#streams.keys()) if (!stream.goneOver) counted += 1;
    return counted;
  }

  /** The stream of a commercial, or null. */
  streamOf(id: string): Stream | null {
    return this.#options.directory.find(id)?.stream ?? null;
  }

  /** @throws RelayError sdp_invalid, not_connected, media_unavailable */
  async offer(session: Session, mode: 'connect' | 'restart-ice', sdp: string): Promise<string> {
    const answer = await linkOf(session).offer(mode, sdp);
    this.#options.logger.info({ session: session.label, user: session.user.id, mode }, 'publishing negotiated');
    return answer;
  }

  /**
   * @param again the page goes on with its stream after a loss: another page's stream wins
   * @param seal told to the listeners: its frames are sealed from end to end
   * @throws RelayError not_connected, not_streaming (another page streams), capacity, e2ee_required, a PolicyReason
   */
  async start(session: Session, again = false, seal: StreamSeal | null = null): Promise<ResultOf<'stream:start'>> {
    const { directory, elsewhere, logger, restraint, onChange } = this.#options;
    checkSeal(session, seal);
    const link = linkOf(session);
    // What goes on, here or from another relay, has lasted for a while.
    const goingOn = again ? directory.find(session.user.id)?.newest : this.#of(session);
    restraint.askStream(session, goingOn?.liveForMs ?? 0);
    this.#checkCapacity(session);
    // What goes on, on whatever page, is carried: to refuse it would end it.
    if (!again && !this.streamOf(session.user.id) && !link.room.take()) throw overloaded();
    // Asked for before the first await, so that of two starts that overlap the one that was asked for last wins.
    const claiming = elsewhere.claim('stream', session, { again });
    let source: AudioSource;
    let claim: Claim;
    try {
      [source, claim] = await Promise.all([link.produce(), claiming]);
      if (source.closed) throw new RelayError('not_connected', 'The media connection was closed meanwhile.');
      this.#checkCapacity(session);
      // A newer token may have come meanwhile.
      checkSeal(session, seal);
    } catch (error) {
      void claiming.then((made) => made.release());
      throw error;
    }
    const commercial = directory.obtain(session.user.id);
    const current = commercial.stream;
    const others = current !== null && current.session !== session;
    const goesOn = again && session.predecessor !== current?.session.key;
    if (claim.lost || (others && (goesOn || current.order > claim.order))) {
      claim.release();
      link.release();
      if (current && !others) this.#end(current, 'replaced');
      else session.notify('stream:ended', { reason: 'replaced' });
      throw new RelayError('not_streaming', 'Another page of the same user is live.');
    }
    // Others may be the page's own session before this one, and then the stream goes on.
    const carriedMs = others && again ? current.liveForMs : claim.carriedMs;
    const stream = current && !others ? current : this.#begin(session, commercial, claim, carriedMs);
    // After it, so that listeners see one change.
    if (current && current !== stream) this.#end(current, 'replaced', session.kind === 'device');
    stream.renew(claim);
    claim.enforce();
    claim.onLost = () => this.#end(stream, 'replaced', claim.lostToDevice);
    if (again) stream.demand.sendAgain();
    else stream.demand.forget();
    session.forget('stream:ended');
    logger.info(
      { session: session.label, user: session.user.id, stream: stream.id, source: source.id },
      'stream published',
    );
    await stream.publish(source, link.state, seal);
    if (stream.closed) throw new RelayError('not_streaming', 'The stream was ended meanwhile.');
    onChange(commercial);
    return { streamId: stream.id, liveForMs: stream.liveForMs };
  }

  /** Ends the stream and closes the media, also when a start is under way. Idempotent. */
  stop(session: Session): void {
    linkOf(session).release();
    session.forget('stream:ended');
    const stream = this.#of(session);
    if (stream) this.#end(stream, 'stopped');
  }

  /**
   * Ends the user's stream on their other pages, here and at other relays; resolves when that is so. Idempotent.
   * @throws RelayError internal: the relay that has it does not answer
   */
  async stopElsewhere(session: Session): Promise<void> {
    const commercial = this.#options.directory.find(session.user.id);
    if (!commercial) return;
    const { stream } = commercial;
    if (stream && stream.session !== session) this.stopStream(commercial.id, stream.id);
    await this.#options.elsewhere.stopAfar(commercial);
  }

  /** Another page of the same user wants this stream to end. One that is not there any more has ended already. */
  stopStream(userId: string, streamId: string): void {
    const stream = this.streamOf(userId);
    if (stream?.id !== streamId) return;
    this.#end(stream, 'stopped');
    stream.session.notify('stream:ended', STOPPED);
  }

  /** @throws RelayError not_streaming */
  async pause(session: Session, paused: boolean, reason: 'objection' | null = null): Promise<void> {
    const stream = this.#need(session);
    const why = paused && reason ? reason : 'asked';
    // Somebody may mind while it is paused already: that is said and counted once for each pause.
    if (stream.paused !== paused || (why === 'objection' && !stream.minded)) {
      const { audit, measures } = this.#options;
      const { id, equipe } = stream;
      audit.record({ event: 'stream_paused', stream: id, commercial: session.user.id, equipe, paused, reason: why });
      stream.minded = why === 'objection';
      if (stream.minded) measures.objected();
    }
    await stream.setPaused(paused);
    this.#options.logger.info({ session: session.label, user: session.user.id, paused }, 'stream paused or resumed');
  }

  /** @throws RelayError not_streaming */
  capture(session: Session, interruption: 'microphone' | 'hidden' | null): void {
    this.#need(session).setCapture(interruption);
    this.#options.logger.info({ session: session.label, user: session.user.id, interruption }, 'capture reported');
  }

  /** @throws RelayError not_streaming */
  voice(session: Session, level: VoiceLevel): void {
    this.#need(session).setLevel(level);
  }

  /** The page shows the listeners of this version of `demand:changed`. Without a stream there is nothing to show any more. */
  seen(session: Session, version: number): void {
    const stream = this.#of(session);
    const commercial = stream && this.#streams.get(stream);
    if (commercial && stream.demand.acknowledge(version)) this.#options.onChange(commercial);
  }

  /** The page came (back) or went. What it was told may have gone into a dead connection: it is told again. */
  presence(session: Session, present: boolean): void {
    const stream = this.#of(session);
    if (!stream) return;
    if (present) stream.demand.sendAgain();
    stream.peer(present);
  }

  /** The state of the page's transport changed. */
  transport(session: Session, state: TransportState): void {
    session.peer?.media?.(state);
    this.#of(session)?.transport(state);
  }

  /** The page negotiated a new transport; the stream waits for its audio. */
  replaced(session: Session): void {
    this.#of(session)?.loseSource('replaced');
  }

  /** The page's media is gone. The stream stays, interrupted, for the grace time. */
  lost(session: Session, reason: TransportLoss): void {
    this.#options.logger.warn({ session: session.label, user: session.user.id, reason }, 'publishing media lost');
    session.notify('media:lost', { reason });
    this.#of(session)?.loseSource(reason === 'worker_died' ? 'relay' : 'network');
  }

  /** The policy does not allow the commercial's stream any more. */
  endByPolicy({ stream }: Commercial, reason: Parameters<RestraintEvents['endStream']>[1]): void {
    if (stream) this.#end(stream, reason);
  }

  /** The token of the page is another one: a stream that it does not allow any more ends. */
  userChanged(session: Session): void {
    const stream = this.#of(session);
    if (stream && !stream.seal && session.mustBeSealed) this.#end(stream, 'e2ee_required');
  }

  /** The session is over, and its stream with it. */
  ended(session: Session, why: SessionEnd): void {
    const stream = this.#of(session);
    if (stream) this.#end(stream, SESSION_ENDS[why]);
  }

  /**
   * Tells the streaming page who listens, when that has changed since it was told. A page without a connection is told when it
   * has one. Those who are new to the page hear nothing before it has acknowledged them.
   */
  announceDemand(commercial: Commercial): void {
    const { stream, user } = commercial;
    const listeners = commercial.listenersShown();
    stream?.takeLevels(listeners.length > 0 || voiceWithoutListeners(this.#options, user));
    stream?.demand.announce(listeners);
  }

  #begin(session: Session, commercial: Commercial, claim: Claim, carriedMs: number): Stream {
    const { timers, graceMs, maxStreamMs, measures, onChange } = this.#options;
    const stream: Stream = new Stream({
      session,
      claim,
      timers,
      graceMs,
      maxStreamMs,
      carriedMs,
      onChange: () => onChange(commercial),
      onTimeout: (reason) => this.#end(stream, reason),
      onTold: (ms) => measures.told(ms),
      onMended: (interruption, ms) => measures.recovered(interruption, 'publish', ms),
      onAnnounced: (listeners) =>
        this.#options.logger.info({ stream: stream.id, user: commercial.id, listeners }, 'demand announced'),
      onDead: () =>
        this.#options.logger.warn(
          { stream: stream.id, user: commercial.id, session: session.label },
          'connection dropped: the page does not acknowledge who listens, and nothing comes from it',
        ),
    });
    this.#streams.set(stream, commercial);
    commercial.stream = stream;
    const { equipe } = stream;
    const device = stream.device ? { device: true as const } : {};
    this.#options.audit.record({
      event: 'stream_started',
      stream: stream.id,
      commercial: commercial.id,
      equipe,
      ...device,
    });
    // They may have been let go while the page, away already, was still starting.
    if (session.user.role === 'commercial') commercial.saw(session.user);
    // A device cannot be asked whether it is there: its audio says so.
    if (!session.peer || stream.device) stream.peer(false);
    return stream;
  }

  #end(stream: Stream, why: StreamEnd, byDevice = false): void {
    const commercial = this.#streams.get(stream);
    if (!commercial) return;
    const { session, liveForMs, lastedMs, pausedMs, id, equipe } = stream;
    this.#streams.delete(stream);
    stream.close(why);
    if (commercial.stream === stream) commercial.stream = null;
    commercial.lastEnd = { stream: id, cause: why };
    session.links.publish?.release();
    const reason = TOLD.find((told) => told === why);
    if (reason) session.notify('stream:ended', { reason }); // a session that has ended tells nothing more
    session.peer?.streamEnded?.(why, byDevice);
    this.#options.audit.record({
      event: 'stream_ended',
      stream: id,
      commercial: commercial.id,
      equipe,
      cause: why,
      liveMs: lastedMs,
      pausedMs,
    });
    this.#options.logger.info(
      { stream: stream.id, user: commercial.id, session: session.label, why, liveForMs },
      'stream ended',
    );
    this.#options.onChange(commercial);
  }

  /** Only a user's first stream needs room: a start anew and a takeover do not. */
  #checkCapacity(session: Session): void {
    if (this.streamOf(session.user.id) || this.counted < this.#options.maxStreams) return;
    throw new RelayError('capacity', 'The relay carries as many streams as it is configured for.');
  }

  #of(session: Session): Stream | null {
    const stream = this.streamOf(session.user.id);
    return stream?.session === session ? stream : null;
  }

  #need(session: Session): Stream {
    const stream = this.#of(session);
    if (!stream) throw new RelayError('not_streaming', 'There is no stream on this session. Send stream:start first.');
    return stream;
  }
}

/** @throws RelayError e2ee_required */
function checkSeal(session: Session, seal: StreamSeal | null): void {
  if (seal || !session.mustBeSealed) return;
  throw new RelayError('e2ee_required', 'The token asks for streams that are sealed from end to end: set e2eeKeys.');
}

function linkOf(session: Session) {
  const { publish } = session.links;
  if (!publish) throw new RelayError('forbidden', 'Only a commercial may stream.');
  return publish;
}
