import { setLogEventListeners } from 'mediasoup';
import type { Logger } from 'pino';
import type { MediaConfig } from '../config/shape.ts';
import { RelayError } from '../errors.ts';
import { LoadWatch } from '../load/load-watch.ts';
import { BOUNDLESS, type Room } from '../load/room.ts';
import { Measures } from '../measures/measures.ts';
import type { PageTrace } from '../tracing/page-trace.ts';
import type { AudioWorker, WorkerReport } from './audio-worker.ts';
import { AudioListenTransport } from './listen-transport.ts';
import type {
  ListenTransportEvents,
  Media,
  MediaGauges,
  MediaQuality,
  PublishTransport,
  TransportEvents,
} from './media.ts';
import { TurnAddresses } from './media-path.ts';
import type { NodePipesConfig } from './node-link.ts';
import { AudioNodePipes } from './node-pipes.ts';
import { Pipes } from './pipes.ts';
import { AudioPublishTransport } from './publish-transport.ts';
import { QualityWatch } from './quality-watch.ts';
import { RtcConnection, type RtcMeasuring } from './rtc-connection.ts';
import { WorkerPool } from './worker-pool.ts';

/** What media is measured with. */
export interface MediaMeasuring {
  readonly measures?: Measures;
  /** Those that pages are given: media that comes from their addresses came over TURN. */
  readonly turnUrls?: readonly string[];
}

/** The relay's media over mediasoup: a pool of workers, and the transports on them. */
export class AudioMedia implements Media {
  readonly #config: MediaConfig;
  readonly #logger: Logger;
  readonly #pool: WorkerPool;
  readonly #pipes: Pipes;
  readonly nodePipes: AudioNodePipes | null;
  readonly #measuring: Omit<RtcMeasuring, 'trace' | 'asks'> & { readonly turn: TurnAddresses };
  readonly #quality = new QualityWatch();
  readonly #publishing = new Map<string, AudioPublishTransport>();
  readonly #listening = new Map<string, AudioListenTransport>();
  #closed = false;
  #closing: Promise<void> | null = null;

  private constructor(
    config: MediaConfig,
    logger: Logger,
    pool: WorkerPool,
    nodePipes: AudioNodePipes | null,
    measuring: Omit<RtcMeasuring, 'trace' | 'asks'> & { readonly turn: TurnAddresses },
  ) {
    this.#measuring = measuring;
    this.#config = config;
    this.#logger = logger;
    this.#pool = pool;
    this.#pipes = new Pipes(logger);
    this.nodePipes = nodePipes;
  }

  /**
   * Starts the workers and opens their ports.
   * @param pipes where links to other nodes end; left out: there are none, and no port is opened for any
   * @param load measures the workers, and is closed with them; left out: newcomers find room whatever the load is
   * @param measuring where it is told how connections and workers fare, and the TURN URLs that pages are given
   * @throws MediaStartError whose message says what to do
   */
  static async create(
    config: MediaConfig,
    logger: Logger,
    pipes?: NodePipesConfig,
    load = new LoadWatch({ limit: 0 }),
    { measures = new Measures(), turnUrls = [] }: MediaMeasuring = {},
  ): Promise<AudioMedia> {
    const child = logger.child({ part: 'media' });
    logMediasoup(child);
    const nodePipes = pipes === undefined ? null : new AudioNodePipes(pipes, child);
    const pool = await WorkerPool.create(config, child, load, measures);
    const turn = new TurnAddresses(turnUrls, child);
    return new AudioMedia(config, child, pool, nodePipes, { measures, turn });
  }

  get available(): boolean {
    return !this.#closed && this.#pool.running.length > 0;
  }

  /** On the worker that would take the next transport; without any, room is not what is missing. */
  readonly room: Room = this.#makeRoom();

  #makeRoom(): Room {
    const next = (): Room => (this.available ? this.#pool.leastBusy().room : BOUNDLESS);
    return {
      take: () => next().take(),
      get spare() {
        return next().spare;
      },
    };
  }

  async createPublishTransport(events: TransportEvents, trace?: PageTrace, asks = true): Promise<PublishTransport> {
    let unfollow = (): void => undefined;
    const connection = await this.#connect('publish', events, trace, asks, ({ id }) => {
      this.#publishing.delete(id);
      unfollow();
    });
    const transport = new AudioPublishTransport(connection, this.#config);
    this.#publishing.set(transport.id, transport);
    unfollow = this.#quality.follow(transport);
    return transport;
  }

  async createListenTransport(events: ListenTransportEvents, trace?: PageTrace): Promise<AudioListenTransport> {
    let unfollow = (): void => undefined;
    const connection = await this.#connect('listen', events, trace, true, ({ id }) => {
      const transport = this.#listening.get(id);
      this.#listening.delete(id);
      unfollow();
      transport?.released();
    });
    const transport = new AudioListenTransport(connection, this.#pipes, this.#config, events);
    this.#listening.set(transport.id, transport);
    unfollow = this.#quality.follow(transport);
    return transport;
  }

  gauges(): MediaGauges {
    const publishing = [...this.#publishing.values()];
    const listening = [...this.#listening.values()];
    return {
      workers: this.#pool.running.length,
      transports: publishing.length + listening.length,
      producers: publishing.reduce((sum, { producers }) => sum + producers, 0),
      consumers: listening.reduce((sum, { consumers }) => sum + consumers, 0),
    };
  }

  /** As the last look at each connection found it, at most some ten seconds ago. */
  quality(): MediaQuality {
    return {
      publish: this.#quality.figures((measured) => measured instanceof AudioPublishTransport),
      listen: this.#quality.figures((measured) => measured instanceof AudioListenTransport),
    };
  }

  /** This relay's own sources that are copied to another worker for listeners there. */
  get pipes(): number {
    return this.#pipes.count;
  }

  /** Process ids of the running workers, for operators and fault tests. */
  workerPids(): number[] {
    return this.#pool.running.map(({ pid }) => pid);
  }

  /** What the worker processes themselves say they hold and use; workers that die meanwhile are left out. */
  async dump(): Promise<WorkerReport[]> {
    const reports = await Promise.allSettled(this.#pool.running.map((worker) => worker.report()));
    return reports.flatMap((report) => (report.status === 'fulfilled' ? [report.value] : []));
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // Transports first, so that nobody takes the workers' end for a loss.
    for (const transport of [...this.#listening.values(), ...this.#publishing.values()]) transport.close();
    this.nodePipes?.close();
    this.#quality.close();
    this.#measuring.turn.close();
    await this.#pool.close();
    this.#logger.info('media closed');
  }

  async #connect(
    kind: 'publish' | 'listen',
    events: TransportEvents,
    trace: PageTrace | undefined,
    asks: boolean,
    onClosed: (connection: { id: string }) => void,
  ): Promise<RtcConnection> {
    if (this.#closed) throw mediaClosed();
    const worker = this.#pool.leastBusy();
    // Before the await, so that connections made at the same time spread.
    worker.load += 1;
    const release = (): void => {
      worker.load -= 1;
    };
    const connection = await this.#createOn(worker, kind, events, trace, asks, (closed) => {
      release();
      onClosed(closed);
    }).catch((error: unknown) => {
      release();
      throw error;
    });
    if (this.#closed || connection.closed) {
      connection.close('media closed');
      throw mediaClosed();
    }
    return connection;
  }

  async #createOn(
    worker: AudioWorker,
    kind: 'publish' | 'listen',
    events: TransportEvents,
    trace: PageTrace | undefined,
    asks: boolean,
    onClosed: (connection: { id: string }) => void,
  ): Promise<RtcConnection> {
    try {
      return await RtcConnection.create(
        worker,
        kind,
        events,
        this.#logger,
        { ...this.#measuring, trace, asks },
        onClosed,
      );
    } catch (error) {
      if (!worker.closed) throw error;
      throw new RelayError('media_unavailable', 'The media worker ended just now. Try again in a second.', {
        cause: error,
      });
    }
  }
}

function mediaClosed(): RelayError {
  return new RelayError('media_unavailable', 'The media side of the relay is closed.');
}

/**
 * mediasoup logs for the whole process. Its warnings are mostly about foreign or malformed packets, which anybody can send:
 * worth reading when debugging, no reason to fill a log.
 */
function logMediasoup(logger: Logger): void {
  setLogEventListeners({
    onwarn: (namespace, text) => logger.debug({ namespace }, text),
    onerror: (namespace, text, error) => logger.warn({ namespace, err: error }, text),
  });
}
