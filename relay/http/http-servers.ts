import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { HttpConfig } from '../config/shape.ts';
import { ConnectionGuard } from '../doors/connection-guard.ts';
import type { DoorCounts } from '../doors/door-counts.ts';
import { roomForConnections } from '../doors/open-files.ts';
import type { Logger } from '../logger.ts';
import { explainListenFailure, StartError } from '../start-error.ts';
import { type Certificate, CertificateError, readCertificate } from './certificate.ts';
import { CertificateWatch } from './certificate-watch.ts';
import { answerClientErrors } from './client-error.ts';

/** The ports that are really listened on (they differ from the configured ones where those are 0). */
export interface Addresses {
  readonly http?: number;
  readonly https?: number;
}

/**
 * The most that a request's head may have, in bytes. Node's own 16 KiB are less than the cookies that a browser may send along
 * with a page's handshake, all of them unread here: a host with several applications on one name comes near it.
 */
const MAX_HEADER_BYTES = 65_536;
/** How long things may take at the doors, in milliseconds. */
export interface HttpTimes {
  /** TLS, to be agreed. */
  readonly tlsHandshakeMs: number;
  /** A request's head, to arrive, counted from the connection's beginning for the first one. */
  readonly headersMs: number;
  /** A whole request, to arrive. */
  readonly requestMs: number;
  /** How often these two are looked at. */
  readonly checkEveryMs: number;
  /** The next request on the same connection, to come. */
  readonly keepAliveMs: number;
  /** Something of an answer, to be taken; a phone with one bar takes some. */
  readonly stallMs: number;
}

const TIMES: HttpTimes = {
  tlsHandshakeMs: 10_000,
  headersMs: 10_000,
  requestMs: 20_000,
  checkEveryMs: 2_000,
  // Longer than the usual 60 s of a proxy in front, which must be the one to end an idle connection.
  keepAliveMs: 65_000,
  stallMs: 30_000,
};

/** How long running answers get to finish when closing. */
const CLOSE_MS = 1_000;

interface Listener {
  readonly name: 'http' | 'https';
  readonly server: Server;
  /** Keeps the certificate fresh; null without TLS. */
  readonly watch: CertificateWatch | null;
}

/** The plain and the TLS listener, whichever are configured, with one handler for both. */
export class HttpServers {
  readonly #listeners: readonly Listener[];
  readonly #config: HttpConfig;
  readonly #guard: ConnectionGuard;
  readonly #times: HttpTimes;
  #closed: Promise<void> | null = null;

  private constructor(config: HttpConfig, listeners: readonly Listener[], guard: ConnectionGuard, times: HttpTimes) {
    this.#config = config;
    this.#guard = guard;
    this.#times = times;
    this.#listeners = listeners;
  }

  /** Listens at once. @throws StartError when a port cannot be had; then nothing is left listening */
  static async listen(
    config: HttpConfig,
    handler: RequestListener,
    logger: Logger,
    counts: DoorCounts,
    times: HttpTimes = TIMES,
  ): Promise<HttpServers> {
    const listeners: Listener[] = [];
    if (config.httpPort !== null) {
      const server = createHttpServer(
        { maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: times.checkEveryMs },
        handler,
      );
      listeners.push({ name: 'http', server, watch: null });
    }
    if (config.https) listeners.push(createTlsListener(config.https, handler, logger, times));
    for (const { server } of listeners) answerClientErrors(server, MAX_HEADER_BYTES, logger);
    const servers = new HttpServers(config, listeners, guardFor(config, logger, counts, times), times);
    try {
      for (const listener of listeners) await servers.#open(listener);
    } catch (error) {
      await servers.close();
      throw error;
    }
    return servers;
  }

  /** For what shares these ports (Socket.IO). */
  get servers(): readonly Server[] {
    return this.#listeners.map(({ server }) => server);
  }

  get addresses(): Addresses {
    const ports: { http?: number; https?: number } = {};
    for (const { name, server } of this.#listeners) {
      const address = server.address();
      if (typeof address === 'object' && address !== null) ports[name] = address.port;
    }
    return ports;
  }

  /** Until when the certificate in use is valid, in milliseconds since the epoch; null without TLS. */
  get certificateExpiry(): number | null {
    return this.#listeners.find(({ watch }) => watch !== null)?.watch?.validTo ?? null;
  }

  /** To be called once upgrades are answered: until then Node treats them as any request. */
  watchUpgrades(): void {
    for (const { server } of this.#listeners) this.#guard.watchUpgrades(server);
  }

  /** Reads the certificate files again; connections that are open keep the old one. */
  async reloadCertificate(): Promise<void> {
    await Promise.all(this.#listeners.map(({ watch }) => watch?.look(true)));
  }

  /** Idempotent. Takes no new connections, lets running answers finish, and cuts what is left after a second. */
  close(): Promise<void> {
    this.#closed ??= Promise.all(this.#listeners.map(closeListener)).then(() => this.#guard.close());
    return this.#closed;
  }

  async #open({ name, server }: Listener): Promise<void> {
    const secure = name === 'https';
    const port = (secure ? this.#config.https?.port : this.#config.httpPort) ?? 0;
    server.headersTimeout = this.#times.headersMs;
    server.requestTimeout = this.#times.requestMs;
    server.keepAliveTimeout = this.#times.keepAliveMs;
    this.#guard.watch(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.#config.host, () => {
        server.off('error', reject);
        resolve();
      });
    }).catch((error: unknown) => {
      throw explainListenFailure(error, secure ? 'HTTPS_PORT' : 'HTTP_PORT', this.#config.host, port);
    });
  }
}

function guardFor(config: HttpConfig, logger: Logger, counts: DoorCounts, times: HttpTimes): ConnectionGuard {
  const total = roomForConnections(config.maxSockets);
  if (total < config.maxSockets) {
    logger.warn(
      { wanted: config.maxSockets, room: total },
      'the limit of open files (ulimit -n, LimitNOFILE) leaves room for fewer connections than MAX_SOCKETS',
    );
  }
  const perAddress = Math.max(1, Math.min(config.socketsPerAddress, Math.floor(total / 2)));
  return new ConnectionGuard(
    { total, perAddress: config.trustedProxies === 0 ? perAddress : null, stallMs: times.stallMs },
    counts,
    logger,
  );
}

function createTlsListener(
  tls: NonNullable<HttpConfig['https']>,
  handler: RequestListener,
  logger: Logger,
  times: HttpTimes,
): Listener {
  const current = readAtStart(tls);
  const server = createHttpsServer(
    {
      ...current.tls,
      maxHeaderSize: MAX_HEADER_BYTES,
      handshakeTimeout: times.tlsHandshakeMs,
      connectionsCheckingInterval: times.checkEveryMs,
    },
    handler,
  );
  const use = (next: Certificate) => server.setSecureContext(next.tls);
  return { name: 'https', server, watch: new CertificateWatch({ files: tls, current, use, logger }) };
}

/** The configuration was read with a good pair; it may have been replaced since. */
function readAtStart(tls: NonNullable<HttpConfig['https']>): Certificate {
  try {
    return readCertificate(tls);
  } catch (error) {
    if (error instanceof CertificateError) throw new StartError(error.message, { cause: error });
    throw error;
  }
}

async function closeListener({ server, watch }: Listener): Promise<void> {
  watch?.end();
  // Socket.IO closes the servers that it shares; closing twice only fails in the callback.
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await closed;
  clearTimeout(timer);
}
