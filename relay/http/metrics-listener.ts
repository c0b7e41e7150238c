import { createServer, type RequestListener, type Server } from 'node:http';
import type { MetricsConfig } from '../config/shape.ts';
import type { Logger } from '../logger.ts';
import { explainListenFailure } from '../start-error.ts';
import { answerClientErrors } from './client-error.ts';

/** A scraper or two, and somebody who looks; more at once are no scrapers. */
const MAX_CONNECTIONS = 32;
const MAX_HEADER_BYTES = 16_384;
/** For a request to arrive, and for the next one on the same connection, in milliseconds. Scrapers ask every 15 or 60 seconds. */
const REQUEST_MS = 10_000;
const KEEP_ALIVE_MS = 75_000;

/** The port of the metrics, apart from those of the pages: what answers there is not for the outside. */
export class MetricsListener {
  readonly #server: Server;
  #closed: Promise<void> | null = null;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @throws StartError when the port cannot be had */
  static async listen(
    { host, port }: Pick<MetricsConfig, 'host'> & { readonly port: number },
    handler: RequestListener,
    logger: Logger,
  ): Promise<MetricsListener> {
    const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: 2_000 }, handler);
    server.maxConnections = MAX_CONNECTIONS;
    server.headersTimeout = REQUEST_MS;
    server.requestTimeout = REQUEST_MS;
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    answerClientErrors(server, MAX_HEADER_BYTES, logger);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    }).catch((error: unknown) => {
      throw explainListenFailure(error, 'METRICS_PORT', host, port, 'METRICS_HOST');
    });
    return new MetricsListener(server);
  }

  /** The port that is really listened on; 0 after the end. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Idempotent. Cuts what is still open: a scrape is tried again by itself. */
  close(): Promise<void> {
    this.#closed ??= new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    return this.#closed;
  }
}
