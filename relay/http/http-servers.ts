import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { HttpConfig } from '../config/shape.ts';
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

/** How long a request's head, and a whole request, may take to arrive: none has a body. In milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 20_000;
/** Longer than the usual 60 s of a proxy in front, which must be the one to end an idle connection. */
const KEEP_ALIVE_MS = 65_000;
/**
 * The most that a request's head may have, in bytes. Node's own 16 KiB are less than the cookies that a browser may send along
 * with a page's handshake, all of them unread here: a host with several applications on one name comes near it.
 */
const MAX_HEADER_BYTES = 65_536;
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
  #closed: Promise<void> | null = null;

  private constructor(config: HttpConfig, listeners: readonly Listener[]) {
    this.#config = config;
    this.#listeners = listeners;
  }

  /** Listens at once. @throws StartError when a port cannot be had; then nothing is left listening */
  static async listen(config: HttpConfig, handler: RequestListener, logger: Logger): Promise<HttpServers> {
    const listeners: Listener[] = [];
    if (config.httpPort !== null) {
      const server = createHttpServer({ maxHeaderSize: MAX_HEADER_BYTES }, handler);
      listeners.push({ name: 'http', server, watch: null });
    }
    if (config.https) listeners.push(createTlsListener(config.https, handler, logger));
    for (const { server } of listeners) answerClientErrors(server, MAX_HEADER_BYTES, logger);
    const servers = new HttpServers(config, listeners);
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

  /** Reads the certificate files again; connections that are open keep the old one. */
  async reloadCertificate(): Promise<void> {
    await Promise.all(this.#listeners.map(({ watch }) => watch?.look(true)));
  }

  /** Idempotent. Takes no new connections, lets running answers finish, and cuts what is left after a second. */
  close(): Promise<void> {
    this.#closed ??= Promise.all(this.#listeners.map(closeListener)).then(() => undefined);
    return this.#closed;
  }

  async #open({ name, server }: Listener): Promise<void> {
    const secure = name === 'https';
    const port = (secure ? this.#config.https?.port : this.#config.httpPort) ?? 0;
    server.headersTimeout = HEADERS_TIMEOUT_MS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.keepAliveTimeout = KEEP_ALIVE_MS;
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

function createTlsListener(tls: NonNullable<HttpConfig['https']>, handler: RequestListener, logger: Logger): Listener {
  const current = readAtStart(tls);
  const server = createHttpsServer({ ...current.tls, maxHeaderSize: MAX_HEADER_BYTES }, handler);
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
