import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the host's page is made of. */
export interface HostPage {
  /** Within `<head>`. */
  readonly head: string;
  /** Within `<body>`. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The module `/page.js` of the host itself. */
  readonly script?: string;
}

/** A host company's server with one page at a time, at an origin of its own. */
export class PageServer {
  /** Such as `http://localhost:41234`. */
  readonly origin: string;
  readonly #server: Server;
  #page: HostPage = { head: '', body: '' };

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => {
      const { head, body, headers = {}, script = '' } = this.#page;
      response.setHeader('Cache-Control', 'no-store');
      if (request.url === '/page.js') {
        response.setHeader('Content-Type', 'text/javascript');
        response.end(script);
      } else {
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        response.setHeader('Content-Type', 'text/html; charset=utf-8');
        response.end(
          `<!doctype html><html lang="fr"><head><title>Page</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`,
        );
      }
    });
  }

  static async start(): Promise<PageServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PageServer(server);
  }

  /** The page from now on. */
  show(page: HostPage): void {
    this.#page = page;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
