import type { Page } from 'puppeteer-core';
import type { NodeName } from './haproxy.ts';

/**
 * Makes a page land on a relay, before the page is opened: its first signalling connection takes the relay's own path through
 * the balancer, as that of a page does which comes back. A page with several elements may name one relay for each, in the order in
 * which they connect. All later connections go where the page wants.
 */
export async function landOn(page: Page, ...nodes: readonly NodeName[]): Promise<void> {
  await page.evaluateOnNewDocument((names: readonly string[]) => {
    const Native = window.WebSocket;
    const coming = [...names];
    window.WebSocket = class extends Native {
      constructor(address: string | URL, protocols?: string | string[]) {
        const url = new URL(address, location.href);
        const name = url.pathname.startsWith('/socket.io/') ? coming.shift() : undefined;
        if (name !== undefined) url.pathname = `/n/${name}${url.pathname}`;
        super(url, protocols);
      }
    };
  }, nodes);
}
