import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Where to listen. Port 0 picks a free one. */
export interface ListenOptions {
  readonly host: string;
  readonly httpPort: number;
  /** Null: no HTTPS. */
  readonly https: { readonly port: number; readonly certFile: string; readonly keyFile: string } | null;
}

/** The running servers. */
export interface Listening {
  readonly httpPort: number;
  readonly httpsPort: number | null;
  /** Ends both, open connections included. */
  close(): Promise<void>;
}

/** Starts the HTTP server and, with certificates, the HTTPS one. @throws Error in words for a person */
export async function listen(app: RequestListener, options: ListenOptions): Promise<Listening> {
  const servers: Server[] = [];
  const close = async () => {
    await Promise.all(servers.map(closeServer));
  };
  try {
    const http = createHttpServer(app);
    servers.push(http);
    const httpPort = await bind(http, options.host, options.httpPort, 'DEMO_HTTP_PORT');
    if (!options.https) return { httpPort, httpsPort: null, close };
    const { certFile, keyFile, port } = options.https;
    const https = createHttpsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, app);
    servers.push(https);
    return { httpPort, httpsPort: await bind(https, options.host, port, 'DEMO_HTTPS_PORT'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function bind(server: Server, host: string, port: number, variable: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${error.message})`;
      reject(
        new Error(`Port ${port} ${why}. End that program, or choose another port with ${variable}.`, { cause: error }),
      );
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
