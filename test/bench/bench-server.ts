import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { html } from '../../demo/server/html.ts';

const FILES: Readonly<Record<string, string>> = {
  '/bench.js': 'text/javascript',
  '/onset-worklet.js': 'text/javascript',
};

/** What the bench's page holds. */
export interface BenchPage {
  readonly relayUrl: string;
  readonly commercialTokens: readonly string[];
  readonly adminTokens: readonly string[];
}

/** Serves the bench's one page: commercials and admins, side by side. */
export class BenchServer {
  readonly origin: string;
  /** Set before the page is opened. */
  page: BenchPage | null = null;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<BenchServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const bench = new BenchServer(server);
    server.on('request', async (req, res) => {
      const path = req.url ?? '/';
      const type = FILES[path];
      if (type) {
        const body = await readFile(new URL(`./page${path}`, import.meta.url));
        res.writeHead(200, { 'content-type': type }).end(body);
      } else if (path === '/' && bench.page) {
        res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(bench.#render(bench.page));
      } else {
        res.writeHead(404).end();
      }
    });
    return bench;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #render({ relayUrl, commercialTokens, adminTokens }: BenchPage): string {
    return `<!doctype html>${html`<html lang="en">
      <head>
        <title>Bench</title>
        <link rel="icon" href="data:," />
        <script src="/bench.js"></script>
        <script type="module" src="${relayUrl}/widgets/prospect-live.js"></script>
      </head>
      <body>
        ${commercialTokens.map(
          (token) => html`<prospect-stream-button token="${token}" relay-url="${relayUrl}"></prospect-stream-button>`,
        )}
        ${adminTokens.map(
          (token) => html`<prospect-listen-panel token="${token}" relay-url="${relayUrl}"></prospect-listen-panel>`,
        )}
      </body>
    </html>`}`;
  }
}
