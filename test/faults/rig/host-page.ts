import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const BUNDLE = fileURLToPath(new URL('../../../widgets/dist/prospect-live.js', import.meta.url));
const PAGE = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Host page of the fault tests</title>
  <link rel="icon" href="data:,">
  <script type="module" src="/widgets/prospect-live.js"></script></head>
  <body></body>
</html>`;

let built: Promise<Buffer> | null = null;

/** Read once, so that one run tests one build, whatever is built beside it. */
function builtWidgets(): Promise<Buffer> {
  built ??= readFile(BUNDLE).catch((error: unknown) => {
    throw new Error('The widgets are not built. Run: npm run build', { cause: error });
  });
  return built;
}

/**
 * A host page with nothing but the widgets' script, served apart from the relay, so that a page can load and stay while the relay
 * is gone. Its element is put in by the test.
 */
export class HostPage {
  readonly address: string;
  readonly #server: Server;

  /** @throws Error when the widgets are not built */
  static async create(host = '127.0.0.1'): Promise<HostPage> {
    const bundle = await builtWidgets();
    const server = createServer((request, response) => {
      const isScript = request.url === '/widgets/prospect-live.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
      response.end(isScript ? bundle : PAGE);
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
