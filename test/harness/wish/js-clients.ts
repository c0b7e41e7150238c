import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'puppeteer-core';
import { newWatchedPage } from '../browser.ts';
import { Probe } from '../probe.ts';

/** What a page of this site can do. */
export interface JsClients {
  /** Publishes the microphone with @eyevinn/whip-web-client. Resolves with the URL of its session. */
  publish(endpoint: string, token: string): Promise<string>;
  unpublish(): Promise<void>;
  /** Plays after the relay's own offer. Resolves with the status with which that came, and where the page's own had Opus. */
  playByCounterOffer(endpoint: string, token: string): Promise<{ status: number; payloadType: number }>;
  /** Plays with @eyevinn/webrtc-player. */
  play(endpoint: string, token: string): Promise<void>;
}

declare global {
  var jsClients: JsClients;
}

/** A web site, of another origin than the relay, whose pages use the public JavaScript clients of WHIP and WHEP as they are published. */
export class JsClientSite {
  readonly #server: Server;
  readonly origin: string;

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<JsClientSite> {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('./js-clients.page.js', import.meta.url))],
      bundle: true,
      format: 'iife',
      write: false,
    });
    const script = outputFiles[0]?.text ?? '';
    const server = createServer(({ url }, response) => {
      if (url === '/script.js') response.setHeader('content-type', 'text/javascript').end(script);
      else
        response
          .setHeader('content-type', 'text/html')
          .end(
            '<!doctype html><title>Clients</title><link rel="icon" href="data:,"><video></video><script src="/script.js"></script>',
          );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new JsClientSite(server);
  }

  async open(browser: Browser): Promise<{ page: Page; probe: Probe; problems: string[] }> {
    const { page, problems } = await newWatchedPage(browser);
    const probe = await Probe.attach(page);
    await page.goto(this.origin);
    return { page, probe, problems };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
