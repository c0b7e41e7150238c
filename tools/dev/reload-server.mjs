import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * Run by the pages. It loads a page again when told to, once the server answers, which may just be restarting.
 */
const PAGE_SCRIPT = `
const events = new EventSource(new URL('/events', document.currentScript.src));
events.addEventListener('reload', async () => {
  for (;;) {
    try {
      if ((await fetch(location.href, { method: 'HEAD' })).ok) break;
    } catch {}
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  location.reload();
});
`;

/**
 * A small server on this machine that tells open pages to reload: they include the script \`\${url}/reload.js\`.
 * @returns {Promise<{ url: string, reloadPages: () => void, close: () => void }>}
 */
export async function startReloadServer() {
  const pages = new Set();
  const server = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    // The demo's pages may ask for isolation, which lets no script in that does not say this.
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    if (request.url === '/reload.js') {
      response.setHeader('Content-Type', 'text/javascript');
      response.end(PAGE_SCRIPT);
    } else if (request.url === '/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write(': connected\n\n');
      pages.add(response);
      response.on('close', () => pages.delete(response));
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    reloadPages: () => {
      for (const page of pages) page.write('event: reload\ndata:\n\n');
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
