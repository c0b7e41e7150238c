import type { ChildProcess } from 'node:child_process';
import { isIPv4, isIPv6 } from 'node:net';
import { createWorker, type types } from 'mediasoup';
import type { Logger } from 'pino';
import type { MediaConfig } from '../config/shape.ts';
import { type LoadedWorker, UNMEASURED, type WorkerRoom } from '../load/load-watch.ts';
import { OPUS_FEEDBACK, OPUS_PAYLOAD_TYPE } from '../sdp/opus.ts';
import { explainStartFailure, workerHangs } from './media-start-error.ts';
import { SOCKET_BUFFER_BYTES } from './socket-buffers.ts';
import { withSpawned } from './spawned-process.ts';

const ROUTER_CODECS: types.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    preferredPayloadType: OPUS_PAYLOAD_TYPE,
    rtcpFeedback: OPUS_FEEDBACK.map((type) => ({ type })),
  },
];

/** A worker runs within a fraction of a second, on a busy machine within seconds; one that took this long hangs. */
const START_WITHIN_MS = 20_000;

/** What operators and leak tests can see of one worker. */
export interface WorkerReport {
  readonly index: number;
  readonly pid: number;
  readonly worker: types.WorkerDump;
  readonly router: types.RouterDump;
  readonly server: types.WebRtcServerDump;
  readonly usage: types.WorkerResourceUsage;
}

/** One mediasoup worker process with its one port for all pages and its one router. */
export class AudioWorker implements LoadedWorker {
  /** Which of the configured workers this is, from 0; its port is the base port plus this. */
  readonly index: number;
  readonly router: types.Router;
  readonly server: types.WebRtcServer;
  /** Transports on it, those being made included. Kept by who makes and closes them. */
  load = 0;
  /** Room for streams and listeners; kept by the pool. */
  room: WorkerRoom = UNMEASURED;
  readonly #worker: types.Worker;

  private constructor(index: number, worker: types.Worker, server: types.WebRtcServer, router: types.Router) {
    this.index = index;
    this.#worker = worker;
    this.server = server;
    this.router = router;
  }

  /**
   * Starts the process and opens its sockets.
   * @param onDeath called once when the process ends without `close()`
   * @param startWithinMs a process that is not running by then is ended
   * @throws MediaStartError
   */
  static async start(
    index: number,
    config: MediaConfig,
    logger: Logger,
    onDeath: (worker: AudioWorker, error: Error) => void,
    startWithinMs = START_WITHIN_MS,
  ): Promise<AudioWorker> {
    let worker: types.Worker | undefined;
    const { created, child } = createWorkerWithoutSignals(logger);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      // What waits for it fails then.
      child?.kill('SIGKILL');
    }, startWithinMs);
    try {
      worker = await created;
      const server = await worker.createWebRtcServer({ listenInfos: listenInfos(index, config) });
      const router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
      const started = new AudioWorker(index, worker, server, router);
      worker.once('died', (error) => onDeath(started, error));
      return started;
    } catch (error) {
      if (worker !== undefined) await endProcess(worker);
      throw late ? workerHangs(startWithinMs) : explainStartFailure(error);
    } finally {
      clearTimeout(timer);
    }
  }

  get pid(): number {
    return this.#worker.pid;
  }

  get closed(): boolean {
    return this.#worker.closed;
  }

  async usedMs(): Promise<number> {
    const { ru_utime, ru_stime } = await this.#worker.getResourceUsage();
    return ru_utime + ru_stime;
  }

  async report(): Promise<WorkerReport> {
    const [worker, router, server, usage] = await Promise.all([
      this.#worker.dump(),
      this.router.dump(),
      this.server.dump(),
      this.#worker.getResourceUsage(),
    ]);
    return { index: this.index, pid: this.pid, worker, router, server, usage };
  }

  /** Ends the process, with everything in it; resolves when it is gone. Idempotent. */
  async close(): Promise<void> {
    await endProcess(this.#worker);
  }
}

/**
 * mediasoup closes its workers by itself on SIGINT and SIGTERM. The relay first tells the pages that it is stopping, so it
 * takes these handlers off again. A worker still ends when the relay's process does: its channel closes.
 */
function createWorkerWithoutSignals(logger: Logger): { created: Promise<types.Worker>; child: ChildProcess | null } {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => new Set(process.listeners(signal)));
  // Handlers and process are made synchronously, before createWorker's first await.
  const { result: created, child } = withSpawned(() =>
    createWorker({ logLevel: logger.isLevelEnabled('debug') ? 'warn' : 'error' }),
  );
  signals.forEach((signal, i) => {
    for (const listener of process.listeners(signal)) {
      if (!before[i]?.has(listener)) process.removeListener(signal, listener);
    }
  });
  return { created, child };
}

function listenInfos(index: number, { basePort, listen }: MediaConfig): types.TransportListenInfo[] {
  const port = basePort === 0 ? 0 : basePort + index;
  // Linux lets a socket on :: take IPv4 too, so that it would collide with the one on 0.0.0.0 (RFC 3493, 5.3).
  const withIPv4 = listen.some(({ ip }) => isIPv4(ip));
  return listen.flatMap(({ ip, announcedAddress }) =>
    (['udp', 'tcp'] as const).map((protocol) => ({
      protocol,
      ip,
      port,
      ...(withIPv4 && isIPv6(ip) ? { flags: { ipv6Only: true } } : {}),
      ...(announcedAddress === null ? {} : { announcedAddress }),
      // TCP connections are each a page's own, and the kernel fits their buffers to the path.
      ...(protocol === 'udp' && { sendBufferSize: SOCKET_BUFFER_BYTES, recvBufferSize: SOCKET_BUFFER_BYTES }),
    })),
  );
}

/** A worker that does not end by itself in this time is killed. */
const END_TIMEOUT_MS = 2_000;

async function endProcess(worker: types.Worker): Promise<void> {
  const gone = worker.subprocessClosed
    ? Promise.resolve()
    : new Promise<void>((resolve) => worker.once('subprocessclose', resolve));
  worker.close();
  const timer = setTimeout(() => process.kill(worker.pid, 'SIGKILL'), END_TIMEOUT_MS);
  await gone;
  clearTimeout(timer);
}
