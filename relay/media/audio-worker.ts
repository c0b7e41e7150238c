import { createWorker, type types } from 'mediasoup';
import type { Logger } from 'pino';
import type { MediaConfig } from '../config/shape.ts';
import { OPUS_FEEDBACK, OPUS_PAYLOAD_TYPE } from '../sdp/opus.ts';
import { explainStartFailure } from './media-start-error.ts';
import { SOCKET_BUFFER_BYTES } from './socket-buffers.ts';

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
export class AudioWorker {
  /** Which of the configured workers this is, from 0; its port is the base port plus this. */
  readonly index: number;
  readonly router: types.Router;
  readonly server: types.WebRtcServer;
  /** Transports on it, those being made included. Kept by who makes and closes them. */
  load = 0;
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
   * @throws MediaStartError
   */
  static async start(
    index: number,
    config: MediaConfig,
    logger: Logger,
    onDeath: (worker: AudioWorker, error: Error) => void,
  ): Promise<AudioWorker> {
    let worker: types.Worker | undefined;
    try {
      worker = await createWorkerWithoutSignals(logger);
      const server = await worker.createWebRtcServer({ listenInfos: listenInfos(index, config) });
      const router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
      const started = new AudioWorker(index, worker, server, router);
      worker.once('died', (error) => onDeath(started, error));
      return started;
    } catch (error) {
      if (worker !== undefined) await endProcess(worker);
      throw explainStartFailure(error);
    }
  }

  get pid(): number {
    return this.#worker.pid;
  }

  get closed(): boolean {
    return this.#worker.closed;
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
async function createWorkerWithoutSignals(logger: Logger): Promise<types.Worker> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => new Set(process.listeners(signal)));
  // The handlers are added synchronously, before createWorker's first await.
  const created = createWorker({ logLevel: logger.isLevelEnabled('debug') ? 'warn' : 'error' });
  signals.forEach((signal, i) => {
    for (const listener of process.listeners(signal)) {
      if (!before[i]?.has(listener)) process.removeListener(signal, listener);
    }
  });
  return created;
}

function listenInfos(index: number, { basePort, listen }: MediaConfig): types.TransportListenInfo[] {
  const port = basePort === 0 ? 0 : basePort + index;
  return listen.flatMap(({ ip, announcedAddress }) =>
    (['udp', 'tcp'] as const).map((protocol) => ({
      protocol,
      ip,
      port,
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
