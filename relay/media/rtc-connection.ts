import { randomInt } from 'node:crypto';
import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import { RelayError } from '../errors.ts';
import type { Measures } from '../measures/measures.ts';
import type { MediaFailure, MediaKind } from '../measures/words.ts';
import type { DtlsFingerprint } from '../sdp/parse-sdp.ts';
import type { LocalTransport } from '../sdp/write-sdp.ts';
import type { PageTrace, Stretch } from '../tracing/page-trace.ts';
import type { AudioWorker } from './audio-worker.ts';
import type { TransportEvents, TransportLoss, TransportState } from './media.ts';
import { pathOf, type TurnAddresses } from './media-path.ts';

/**
 * After this many seconds without an ICE consent check (RFC 7675; browsers send one every 2 to 5 seconds) the worker says
 * `disconnected` and stops sending. It closes nothing: the next check, from whatever address, revives the transport, so
 * a phone may be away for minutes. Short, so that the other side learns soon that the network is gone; how long a lost
 * page is kept is the grace time's business.
 */
const ICE_CONSENT_TIMEOUT_S = 10;

/** The widgets give a new connection 8 s, then make another: what has not come up shortly before has failed. */
const CONNECT_WITHIN_MS = 7_000;

/** Where it is told how connections fare. */
export interface RtcMeasuring {
  readonly measures: Measures;
  readonly turn: Pick<TurnAddresses, 'has'>;
  /** Of the page at the other end, if it has one. */
  readonly trace: PageTrace | undefined;
  /** It asks for consent to be sent to, again and again (RFC 7675). */
  readonly asks: boolean;
}

/** One mediasoup WebRtcTransport on a worker's shared port, with its state folded into one word and its end told once. */
export class RtcConnection {
  readonly transport: types.WebRtcTransport;
  readonly worker: AudioWorker;
  readonly logger: Logger;
  readonly #events: TransportEvents;
  readonly #onClosed: (connection: RtcConnection) => void;
  readonly #kind: MediaKind;
  readonly #measuring: RtcMeasuring;
  readonly #madeAt = performance.now();
  readonly #negotiation: Stretch | undefined;
  /** Runs from the page's description until the connection is up. */
  #connecting: NodeJS.Timeout | null = null;
  #wasConnected = false;
  readonly #sessionId = String(randomInt(1, 2 ** 47));
  #sessionVersion = 1;
  #state: TransportState = 'new';
  #closed = false;

  private constructor(
    transport: types.WebRtcTransport,
    worker: AudioWorker,
    kind: MediaKind,
    events: TransportEvents,
    logger: Logger,
    measuring: RtcMeasuring,
    onClosed: (connection: RtcConnection) => void,
  ) {
    this.#kind = kind;
    this.#measuring = measuring;
    this.transport = transport;
    this.worker = worker;
    this.logger = logger;
    this.#events = events;
    this.#onClosed = onClosed;
    this.#negotiation = measuring.trace?.start('negotiation', {
      'prospect.kind': kind,
      'prospect.worker': worker.index,
      'prospect.transport': transport.id,
    });
  }

  /**
   * @param events the owner's; not called any more once `close()` was
   * @param onClosed called once, however the connection ends, before the owner hears of it
   */
  static async create(
    worker: AudioWorker,
    kind: MediaKind,
    events: TransportEvents,
    logger: Logger,
    measuring: RtcMeasuring,
    onClosed: (connection: RtcConnection) => void,
  ): Promise<RtcConnection> {
    const transport = await worker.router.createWebRtcTransport({
      webRtcServer: worker.server,
      preferUdp: true,
      iceConsentTimeout: measuring.asks ? ICE_CONSENT_TIMEOUT_S : 0,
    });
    const child = logger.child({
      transport: transport.id,
      kind,
      worker: worker.index,
      ...(measuring.trace && { trace: measuring.trace.id }),
    });
    const connection = new RtcConnection(transport, worker, kind, events, child, measuring, onClosed);
    connection.#observe();
    child.info('transport made');
    return connection;
  }

  get id(): string {
    return this.transport.id;
  }

  get state(): TransportState {
    return this.#closed ? 'closed' : this.#state;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** What an offer or answer says of the relay's side, as it is now. */
  local(): LocalTransport {
    return {
      sessionId: this.#sessionId,
      sessionVersion: this.#sessionVersion,
      iceParameters: this.transport.iceParameters,
      iceCandidates: this.transport.iceCandidates,
      fingerprints: this.transport.dtlsParameters.fingerprints,
    };
  }

  /** Tells DTLS who the page is. Once in a connection's life. @throws RelayError not_connected when it closed meanwhile */
  async connect(role: 'client' | 'server', fingerprints: readonly DtlsFingerprint[]): Promise<void> {
    await this.run(() => this.transport.connect({ dtlsParameters: { role, fingerprints: [...fingerprints] } }));
    if (this.#closed || this.#wasConnected) return;
    this.#connecting ??= setTimeout(() => {
      const { iceState } = this.transport;
      this.#failed(iceState === 'connected' || iceState === 'completed' ? 'dtls' : 'connecting');
    }, CONNECT_WITHIN_MS).unref();
  }

  /** Fresh ICE credentials; media and DTLS go on. @throws RelayError not_connected */
  async restartIce(): Promise<void> {
    await this.run(() => this.transport.restartIce());
    this.#sessionVersion += 1;
    this.logger.info('ICE restarted');
  }

  /**
   * Does something with the transport that awaits the worker.
   * @throws RelayError not_connected when the connection is closed or closes meanwhile, in place of mediasoup's error
   */
  async run<T>(operation: () => Promise<T>): Promise<T> {
    this.assertOpen();
    try {
      return await operation();
    } catch (error) {
      throw this.#closed || this.transport.closed ? connectionGone(error) : error;
    }
  }

  /** @throws RelayError not_connected */
  assertOpen(): void {
    if (this.#closed) throw connectionGone();
  }

  /** Idempotent. @param why for the log */
  close(why: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopWaiting();
    this.#negotiation?.fail('closed');
    this.transport.close();
    this.logger.info({ why }, 'transport closed');
    this.#onClosed(this);
  }

  #observe(): void {
    // A closed transport emits nothing more and is dropped as a whole, so these need no removal.
    this.transport.on('icestatechange', () => this.#update());
    this.transport.on('dtlsstatechange', (state) => {
      if (state === 'failed' && !this.#closed) this.#failed('dtls');
      if (state === 'failed' || state === 'closed') this.#lose('transport_failed');
      else this.#update();
    });
    this.transport.on('routerclose', () => this.#lose('worker_died'));
    this.transport.on('listenserverclose', () => this.#lose('worker_died'));
  }

  #update(): void {
    if (this.#closed) return;
    const state = foldState(this.transport.iceState, this.transport.dtlsState);
    if (state === this.#state) return;
    this.#state = state;
    this.logger.info({ state }, 'transport state changed');
    if (state === 'connected') this.#cameUp();
    if (state === 'disconnected') this.#failed('consent');
    this.#tell(() => this.#events.onState(state));
  }

  #cameUp(): void {
    const tuple = this.transport.iceSelectedTuple;
    if (this.#wasConnected || !tuple) return;
    this.#wasConnected = true;
    this.#stopWaiting();
    const { measures, turn } = this.#measuring;
    const path = pathOf(tuple, turn);
    measures.negotiated(this.#kind, path, performance.now() - this.#madeAt);
    this.#negotiation?.end({ 'prospect.path': path });
  }

  #failed(what: MediaFailure): void {
    this.#stopWaiting();
    this.#measuring.measures.mediaFailed(this.#kind, what);
    this.#negotiation?.fail(what);
    this.logger.info({ what }, 'transport failed to connect, or lost its path');
  }

  #stopWaiting(): void {
    if (this.#connecting !== null) clearTimeout(this.#connecting);
    this.#connecting = null;
  }

  #lose(loss: TransportLoss): void {
    if (this.#closed) return;
    this.close(loss);
    this.#tell(() => this.#events.onLost(loss));
  }

  /** An owner that throws must not break mediasoup's event dispatch. */
  #tell(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.logger.error({ err: error }, 'transport owner failed on an event');
    }
  }
}

function foldState(ice: types.IceState, dtls: types.DtlsState): TransportState {
  if (ice === 'disconnected') return 'disconnected';
  return (ice === 'connected' || ice === 'completed') && dtls === 'connected' ? 'connected' : 'new';
}

function connectionGone(cause?: unknown): RelayError {
  return new RelayError('not_connected', 'The media connection is gone; negotiate a new one with mode "connect".', {
    cause,
  });
}
