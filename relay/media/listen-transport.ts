import type { types } from 'mediasoup';
import type { Room } from '../load/room.ts';
import { type AudioEncoding, type HeaderExtension, isUsedExtension } from '../sdp/opus.ts';
import { invalidSdp } from '../sdp/parse-sdp.ts';
import { type ListenAnswer, readAnswer } from '../sdp/read-answer.ts';
import { readListenOffer } from '../sdp/read-listen-offer.ts';
import { writeListenAnswer } from '../sdp/write-listen-answer.ts';
import { LISTEN_MID, writeOffer } from '../sdp/write-offer.ts';
import { ProducerSource } from './audio-source.ts';
import type { AudioSource, ListenTransport, ListenTransportEvents, TransportState } from './media.ts';
import type { Hearable, Pipes } from './pipes.ts';
import { readSample } from './quality-sample.ts';
import type { Measured, QualitySample } from './quality-watch.ts';
import { RemoteSource } from './remote-source.ts';
import type { RtcConnection } from './rtc-connection.ts';
import type { PipeLease } from './shared-copy.ts';

/** So long an older source goes on when nothing comes of the one that takes its place: one that is silent must not keep it for ever. */
const LONGEST_WAIT_MS = 1_000;

/** A hearing, from when it is begun to be made. */
interface Attempt {
  readonly source: Hearable;
  /** The copy of the source on this worker ended by itself. */
  copyEnded: boolean;
  /** It was given up while it was being made; somebody else's node may be slow to answer, and is not waited for. */
  givenUp: boolean;
  /** The right to consume the source on this worker. */
  lease: PipeLease | null;
  /** Made, and paused until it takes the place of what is heard. */
  consumer: types.Consumer | null;
  /** There may be no reason any more to wait for its first packet. */
  wake: () => void;
}

/** What the page hears now. */
interface Hearing {
  readonly attempt: Attempt;
  readonly source: Hearable;
  readonly consumer: types.Consumer;
  /** Forgets the listener on the source. */
  readonly forgetSource: () => void;
  /** A packet was sent to the page. */
  sending: boolean;
}

/**
 * An admin's connection. What it carries is level-triggered: `hear` only notes what is wanted, and one loop makes it true,
 * looking again after every await. So calls, closing sources, dying workers and closing pages may come in any order. A source may take
 * another one's place: it is consumed beside it, paused, until its packets come; the worker then closes the one and resumes the other.
 */
export class AudioListenTransport implements ListenTransport, Measured {
  readonly #connection: RtcConnection;
  readonly #pipes: Pipes;
  readonly #encoding: AudioEncoding;
  readonly #events: Pick<ListenTransportEvents, 'onHearing' | 'onSending'>;
  /** The page's first answer; null until one has come, and again when DTLS could not be told of the page. */
  #answer: ListenAnswer | null = null;
  #connecting: Promise<void> | null = null;
  #wanted: Hearable | null = null;
  #attempt: Attempt | null = null;
  #hearing: Hearing | null = null;
  #settling: Promise<void> | null = null;
  silent = false;

  constructor(
    connection: RtcConnection,
    pipes: Pipes,
    encoding: AudioEncoding,
    events: Pick<ListenTransportEvents, 'onHearing' | 'onSending'> = {},
  ) {
    this.#events = events;
    this.#connection = connection;
    this.#pipes = pipes;
    this.#encoding = encoding;
  }

  get id(): string {
    return this.#connection.id;
  }

  get room(): Room {
    return this.#connection.worker.room;
  }

  get state(): TransportState {
    return this.#connection.state;
  }

  /** Open consumers: 0 or 1; 2 while one takes the other's place, of which one is paused. */
  get consumers(): number {
    return (this.#hearing ? 1 : 0) + (this.#attempt?.consumer ? 1 : 0);
  }

  get hearing(): AudioSource | null {
    return this.#hearing?.source ?? null;
  }

  get sending(): AudioSource | null {
    return this.#hearing?.sending ? this.#hearing.source : null;
  }

  async sample(): Promise<QualitySample | null> {
    const { consumer } = this;
    if (!consumer || this.state !== 'connected') return null;
    return readSample(consumer.id, await consumer.getStats(), 'outbound-rtp');
  }

  /** The open consumer, for tests and statistics. */
  get consumer(): types.Consumer | null {
    return this.#hearing?.consumer ?? null;
  }

  offer(): string {
    return writeOffer(this.#routerExtensions(), this.#connection.local(), this.#encoding);
  }

  async restartIce(): Promise<string> {
    await this.#connection.restartIce();
    return this.offer();
  }

  async take(offerSdp: string): Promise<string> {
    const offer = readListenOffer(offerSdp, this.#routerExtensions());
    await this.#accept(offer);
    return writeListenAnswer(offer, this.#connection.local(), this.#encoding);
  }

  async accept(answerSdp: string, switches = true): Promise<void> {
    await this.#accept(readAnswer(answerSdp, switches));
  }

  async #accept(answer: ListenAnswer): Promise<void> {
    this.#connection.assertOpen();
    // Without an await between the check and the assignment, of two answers at once only one connects.
    this.#connecting ??= this.#connect(answer);
    await this.#connecting;
    const first = this.#answer;
    if (first !== null && !sameCertificate(first, answer)) {
      throw invalidSdp(
        'answer',
        'its certificate fingerprint differs from the connection\'s first answer; use mode "connect".',
      );
    }
    const settled = this.#settle();
    // Another node may be slow, or refuse: the answer is accepted all the same. Who asks again by `hear` is told.
    if (this.#wanted instanceof RemoteSource) settled.catch(() => undefined);
    else await settled;
  }

  async hear(source: AudioSource | null, meanwhile: AudioSource | null = null): Promise<void> {
    if (source !== null && !(source instanceof ProducerSource) && !(source instanceof RemoteSource))
      throw new TypeError('The source is not of this media.');
    this.#wanted = source;
    if (this.#attempt !== null && this.#attempt.source !== source) giveUp(this.#attempt);
    // At once, before any await: who is no longer selected must no longer be heard.
    const heard = this.#hearing?.source;
    if (heard !== source && heard !== meanwhile) this.#stopHearing('switched');
    await this.#settle();
  }

  close(): void {
    this.#connection.close('asked');
  }

  /** Lets go of what it holds; called by the connection's end, however that came. */
  released(): void {
    this.#wanted = null;
    if (this.#attempt !== null) giveUp(this.#attempt);
    this.#stopHearing('transport closed');
  }

  async #connect(answer: ListenAnswer): Promise<void> {
    const connected = this.#connection.connect(answer.dtlsRole, answer.fingerprints);
    // The consumer is asked for side by side with the handshake: made after it, it would miss the first packets. What fails here is
    // tried again, and told, by who accepts the answer.
    this.#answer = answer;
    this.#settle().catch(() => undefined);
    try {
      await connected;
      this.#connection.logger.info({ extensions: answer.headerExtensions.length }, 'answer read');
    } catch (error) {
      this.#connecting = null;
      this.#answer = null;
      if (this.#attempt !== null) giveUp(this.#attempt);
      this.#stopHearing('not connected');
      throw error;
    }
  }

  /** What shall be heard; a source that ended is silence. */
  #target(): Hearable | null {
    return this.#wanted === null || this.#wanted.closed || this.#connection.closed ? null : this.#wanted;
  }

  /** Whether this source is still to be heard with the capabilities of this answer. */
  #due(source: Hearable, answer: ListenAnswer): boolean {
    return this.#target() === source && this.#answer === answer;
  }

  /** Makes the wanted true; a settling under way takes newer wishes along. */
  #settle(): Promise<void> {
    this.#settling ??= Promise.resolve().then(() => this.#settleLoop());
    return this.#settling;
  }

  async #settleLoop(): Promise<void> {
    try {
      let target = this.#target();
      while (this.#answer !== null && target !== null && this.#hearing?.source !== target) {
        await this.#startHearing(target, this.#answer);
        target = this.#target();
      }
    } finally {
      // Together with the loop's last look, without an await between: a newer wish starts a new settling.
      this.#settling = null;
    }
  }

  async #startHearing(source: Hearable, answer: ListenAnswer): Promise<void> {
    const { transport, worker } = this.#connection;
    const attempt: Attempt = {
      source,
      copyEnded: false,
      givenUp: false,
      lease: null,
      consumer: null,
      wake: () => undefined,
    };
    this.#attempt = attempt;
    const isWanted = (): boolean => !attempt.givenUp && this.#due(source, answer);
    try {
      attempt.lease = this.#pipes.acquire(source, worker, () => {
        attempt.copyEnded = true;
        attempt.wake();
        if (this.#hearing?.attempt === attempt) this.#stopHearing('copy ended');
      });
      const producerId = await attempt.lease.producerId;
      if (!isWanted()) return giveUp(attempt);
      const consumer = await transport.consume({
        producerId,
        rtpCapabilities: this.#capabilities(answer),
        mid: LISTEN_MID,
        // For audio mediasoup keeps sent packets for retransmission only when asked.
        enableRtx: true,
        // An older source is heard until this one's packets come: never both.
        paused: this.#hearing !== null,
      });
      attempt.consumer = consumer;
      if (this.#hearing !== null) await this.#untilItCanTakeOver(attempt, consumer);
      if (attempt.copyEnded) throw new Error('The copy of the source ended.');
      if (!isWanted()) return giveUp(attempt);
      this.#stopHearing('taken over');
      // The worker does what it is asked in this order, and nothing between the two.
      const resumed = consumer.paused ? consumer.resume() : null;
      attempt.consumer = null;
      this.#adopt(attempt, consumer);
      await resumed;
    } catch (error) {
      const wasWanted = isWanted();
      if (this.#hearing?.attempt === attempt) this.#stopHearing('not resumed');
      giveUp(attempt);
      // What went away meanwhile explains the error; the loop looks again.
      if (wasWanted) throw error;
    } finally {
      this.#attempt = null;
    }
  }

  /** Resolves with the first packet that has come from the source, or when what is heard has ended, or this is not to be heard any more. */
  async #untilItCanTakeOver(attempt: Attempt, consumer: types.Consumer): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const isOver = (): boolean =>
      this.#hearing === null || attempt.givenUp || attempt.copyEnded || attempt.source.closed;
    // Above 0 from the first packet on.
    const look = (): void => {
      if (isOver() || consumer.score.producerScore > 0) resolve();
    };
    attempt.wake = look;
    consumer.on('score', look);
    const forgetSource = attempt.source.whenClosed(resolve);
    const timer = setTimeout(resolve, LONGEST_WAIT_MS);
    look();
    await promise;
    clearTimeout(timer);
    forgetSource();
    consumer.off('score', look);
    attempt.wake = () => undefined;
  }

  #adopt(attempt: Attempt, consumer: types.Consumer): void {
    const { source } = attempt;
    // At once, also across workers; mediasoup's own `producerclose` comes a little later.
    const forgetSource = source.whenClosed(() => this.#stopHearing('source ended'));
    const hearing: Hearing = { attempt, source, consumer, forgetSource, sending: false };
    this.#hearing = hearing;
    this.#awaitPacket(hearing);
    const { logger } = this.#connection;
    const from = source instanceof ProducerSource ? source.worker.index : source.node;
    logger.info({ producer: source.id, consumer: consumer.id, from }, 'consumer made');
    this.#events.onHearing?.();
  }

  /**
   * The worker tells of the packets that it sends, from its being asked on until it has told of one. What it had sent before is not
   * told of, so that the first one known may be the second: later by the length of a packet, and never too early.
   */
  #awaitPacket(hearing: Hearing): void {
    const { consumer } = hearing;
    // A consumer that ends meanwhile has nothing to tell.
    const tell = (what: types.ConsumerTraceEventType[]) => consumer.enableTraceEvent(what).catch(() => undefined);
    consumer.on('trace', ({ type }) => {
      if (type !== 'rtp' || hearing.sending) return;
      hearing.sending = true;
      void tell([]);
      if (this.#hearing === hearing) this.#events.onSending?.();
    });
    void tell(['rtp']);
  }

  #stopHearing(why: string): void {
    if (this.#hearing === null) return;
    const { attempt, source, consumer, forgetSource } = this.#hearing;
    this.#hearing = null;
    this.#attempt?.wake();
    forgetSource();
    // With its source or copy a consumer ends by itself; closing it then would be a request for one that is gone.
    if (!source.closed && !attempt.copyEnded) consumer.close();
    attempt.lease?.release();
    this.#connection.logger.info({ producer: source.id, consumer: consumer.id, why }, 'consumer closed');
    this.#events.onHearing?.();
  }

  #routerExtensions(): HeaderExtension[] {
    const all = this.#connection.worker.router.rtpCapabilities.headerExtensions ?? [];
    return all.flatMap(({ kind, uri, preferredId }) =>
      kind === 'audio' && isUsedExtension(uri) ? [{ uri, id: preferredId }] : [],
    );
  }

  /** The router's capabilities, less the header extensions that the page did not accept. */
  #capabilities(answer: ListenAnswer): types.RtpCapabilities {
    const { codecs = [], headerExtensions = [] } = this.#connection.worker.router.rtpCapabilities;
    const accepted = new Set<string>(answer.headerExtensions.map(({ uri }) => uri));
    return {
      codecs,
      headerExtensions: headerExtensions.filter(({ kind, uri }) => kind === 'audio' && accepted.has(uri)),
    };
  }
}

function giveUp(attempt: Attempt): void {
  const { consumer, source, copyEnded, lease } = attempt;
  attempt.givenUp = true;
  attempt.consumer = null;
  // Before the copy, with which it would end by itself.
  if (!source.closed && !copyEnded) consumer?.close();
  lease?.release();
  attempt.wake();
}

function sameCertificate(a: ListenAnswer, b: ListenAnswer): boolean {
  const values = new Set(a.fingerprints.map(({ value }) => value));
  return b.fingerprints.some(({ value }) => values.has(value));
}
