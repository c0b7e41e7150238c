import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const DIST = new URL('../../../widgets/dist/', import.meta.url);
const BUNDLE = 'prospect-live.js';
const PAGE = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Host page of the fault tests</title>
  <link rel="icon" href="data:,">
  <script type="module" src="/widgets/prospect-live.js"></script></head>
  <body></body>
</html>`;

let built: Promise<ReadonlyMap<string, Buffer>> | null = null;

/** The bundle and its parts, by path. Read once, so that one run tests one build, whatever is built beside it. */
function builtWidgets(): Promise<ReadonlyMap<string, Buffer>> {
  built ??= readAll().catch((error: unknown) => {
    throw new Error('The widgets are not built. Run: npm run build', { cause: error });
  });
  return built;
}

async function readAll(): Promise<ReadonlyMap<string, Buffer>> {
  const parts = (await readdir(new URL('parts/', DIST))).filter((name) => name.endsWith('.js'));
  const files = [BUNDLE, ...parts.map((name) => `parts/${name}`)];
  return new Map(
    await Promise.all(files.map(async (file) => [`/widgets/${file}`, await readFile(new URL(file, DIST))] as const)),
  );
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
    const scripts = await builtWidgets();
    const server = createServer((request, response) => {
      const script = scripts.get(new URL(request.url ?? '/', 'http://host').pathname);
      response.setHeader('content-type', script ? 'text/javascript' : 'text/html; charset=utf-8');
      response.end(script ?? PAGE);
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
