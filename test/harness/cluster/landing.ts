import type { Page } from 'puppeteer-core';
import type { NodeName } from './haproxy.ts';

/**
 * Makes a page land on this relay, before the page is opened: its first signalling connection takes the relay's own path through
 * the balancer, as that of a page does which comes back. All later ones go where the page wants.
 */
export async function landOn(page: Page, node: NodeName): Promise<void> {
  await page.evaluateOnNewDocument((name: string) => {
    const Native = window.WebSocket;
    let landed = false;
    window.WebSocket = class extends Native {
      constructor(address: string | URL, protocols?: string | string[]) {
        const url = new URL(address, location.href);
        if (!landed && url.pathname.startsWith('/socket.io/')) {
          landed = true;
          url.pathname = `/n/${name}${url.pathname}`;
        }
        super(url, protocols);
      }
    };
  }, node);
}
