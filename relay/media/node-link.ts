import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import type { AudioWorker } from './audio-worker.ts';
import type { NodePipeTraffic, PipeEnd } from './media.ts';
import { NodePipeError } from './node-pipe-error.ts';
import { SOCKET_BUFFER_BYTES } from './socket-buffers.ts';

/** Where this node's ends of links to other nodes are. */
export interface NodePipesConfig {
  /** Local address to bind. */
  readonly ip: string;
  /** IP address at which other nodes reach it, and which their packets' answers must come from; absent: the same. */
  readonly announcedAddress?: string;
  /** UDP ports, both included; one for each link. */
  readonly portRange: { readonly min: number; readonly max: number };
  /** How long a link is kept that carries nothing, at either side; other times than the usual ones are for tests. */
  readonly idleMs?: { readonly home: number; readonly listening: number };
}

/** What a link is made with. */
export interface NodeLinkOptions {
  readonly id: string;
  /** The other node. */
  readonly node: string;
  readonly worker: AudioWorker;
  readonly config: NodePipesConfig;
  /** A link that nobody holds closes after this time. */
  readonly idleMs: number;
  readonly logger: Logger;
  /** Called once, however it ends. */
  readonly onClosed: (link: NodeLink) => void;
}

/** The SRTP suite of all links; mediasoup's pipe transports know no other (RFC 7714). */
export const PIPE_CRYPTO_SUITE = 'AEAD_AES_256_GCM';

/**
 * This node's side of a link to another node: one mediasoup PipeTransport, which takes packets from the other end's address only,
 * encrypted with its key. It repairs losses by NACK (RFC 4585), as there is a network between the two.
 */
export class NodeLink {
  readonly id: string;
  readonly node: string;
  readonly worker: AudioWorker;
  readonly transport: types.PipeTransport;
  /** This side, for the other node. */
  readonly end: PipeEnd;
  readonly #idleMs: number;
  readonly #logger: Logger;
  readonly #onClosed: (link: NodeLink) => void;
  #other: { readonly end: PipeEnd; readonly connecting: Promise<void> } | null = null;
  #holders = 0;
  #idle: NodeJS.Timeout | null = null;
  #closed = false;
  #carried: NodePipeTraffic = { sentBytes: 0, receivedBytes: 0 };

  private constructor(transport: types.PipeTransport, srtp: PipeEnd['srtp'], options: NodeLinkOptions) {
    const { id, node, worker, idleMs, onClosed } = options;
    this.id = id;
    this.node = node;
    this.worker = worker;
    this.transport = transport;
    this.end = { ip: transport.tuple.localAddress, port: transport.tuple.localPort, srtp };
    this.#idleMs = idleMs;
    this.#logger = options.logger.child({ link: id, node, worker: worker.index });
    this.#onClosed = onClosed;
  }

  /** Opens a port. Nobody holds the link at first. @throws NodePipeError media_unavailable */
  static async create(options: NodeLinkOptions): Promise<NodeLink> {
    const { worker, config } = options;
    const transport = await worker.router
      .createPipeTransport({
        listenInfo: {
          protocol: 'udp',
          ip: config.ip,
          ...(config.announcedAddress !== undefined && { announcedAddress: config.announcedAddress }),
          portRange: config.portRange,
          sendBufferSize: SOCKET_BUFFER_BYTES,
          recvBufferSize: SOCKET_BUFFER_BYTES,
        },
        enableSrtp: true,
        enableRtx: true,
      })
      .catch((cause: unknown) => {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new NodePipeError('media_unavailable', `There is no port for a link to another node: ${why}.`, { cause });
      });
    const srtp = transport.srtpParameters;
    if (srtp?.cryptoSuite !== PIPE_CRYPTO_SUITE) {
      transport.close();
      throw new Error(`The link's suite is ${srtp?.cryptoSuite}, not ${PIPE_CRYPTO_SUITE}.`);
    }
    const link = new NodeLink(transport, { cryptoSuite: srtp.cryptoSuite, keyBase64: srtp.keyBase64 }, options);
    // Also fires when the worker died.
    transport.on('routerclose', () => link.close('worker died'));
    link.#rest();
    link.#logger.info({ port: link.end.port }, 'link to another node made');
    return link;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** As last read. */
  get carried(): NodePipeTraffic {
    return this.#carried;
  }

  /**
   * Tells it the other end; once in its life.
   * @throws NodePipeError link_closed, at once, when it has another one or is closed; the promise's, when it closes meanwhile
   */
  connect(other: PipeEnd): Promise<void> {
    if (this.#closed) throw linkClosed();
    this.#other ??= { end: other, connecting: this.#connect(other) };
    if (!sameEnd(this.#other.end, other)) throw linkClosed();
    return this.#other.connecting;
  }

  /** Keeps it open. @returns lets it go; idempotent @throws NodePipeError link_closed */
  hold(): () => void {
    if (this.#closed) throw linkClosed();
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    this.#holders += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holders -= 1;
      if (this.#holders === 0) this.#rest();
    };
  }

  /** Reads `carried` anew; keeps it when the link closes meanwhile. */
  async readCarried(): Promise<void> {
    if (this.#closed) return;
    const [stats] = await this.transport.getStats().catch(() => []);
    // A link that closed meanwhile was counted with what was known then.
    if (stats === undefined || this.#closed) return;
    this.#carried = { sentBytes: stats.bytesSent, receivedBytes: stats.bytesReceived };
  }

  /** Idempotent. Nothing more is sent. @param why for the log */
  close(why: string): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    this.transport.close();
    this.#logger.info({ why, ...this.#carried }, 'link to another node closed');
    this.#onClosed(this);
  }

  async #connect({ ip, port, srtp }: PipeEnd): Promise<void> {
    try {
      await this.transport.connect({
        ip,
        port,
        srtpParameters: { cryptoSuite: PIPE_CRYPTO_SUITE, keyBase64: srtp.keyBase64 },
      });
    } catch (error) {
      // It cannot be connected again.
      const wasOpen = !this.#closed;
      this.close('could not be connected');
      throw wasOpen ? error : linkClosed(error);
    }
  }

  #rest(): void {
    if (this.#closed) return;
    // What it has carried is read now: the end may come without a moment for it.
    void this.readCarried();
    this.#idle = setTimeout(() => this.close('unused'), this.#idleMs);
  }
}

function linkClosed(cause?: unknown): NodePipeError {
  return new NodePipeError('link_closed', 'The link is closed, or has another end by now.', { cause });
}

function sameEnd(a: PipeEnd, b: PipeEnd): boolean {
  return a.ip === b.ip && a.port === b.port && a.srtp.keyBase64 === b.srtp.keyBase64;
}
