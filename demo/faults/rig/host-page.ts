import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WIDGETS = fileURLToPath(new URL('../../../widgets/dist/', import.meta.url));
const PAGE = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Host page of the fault tests</title>
  <link rel="icon" href="data:,">
  <script type="module" src="/widgets/prospect-live.js"></script></head>
  <body></body>
</html>`;

/**
 * A host page with nothing but the widgets' script, served apart from the relay, so that a page can load and stay while the relay
 * is gone. Its element is put in by the test.
 */
export class HostPage {
  readonly address: string;
  readonly #server: Server;

  static async create(host = '127.0.0.1'): Promise<HostPage> {
    const server = createServer((request, response) => {
      const match = /^\/widgets\/([\w.-]+\.js)$/.exec(request.url ?? '');
      if (match?.[1]) {
        const file = join(WIDGETS, match[1]);
        stat(file).then(
          () => createReadStream(file).pipe(response.setHeader('content-type', 'text/javascript')),
          () => response.writeHead(404).end(),
        );
        return;
      }
      response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE);
    });
    server.listen(0, host);
    await once(server, 'listening');
    return new HostPage(server, host);
  }

  private constructor(server: Server, address: string) {
    this.#server = server;
    this.address = address;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Idempotent. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
