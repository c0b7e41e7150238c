import type { IncomingMessage } from 'node:http';

/**
 * The address that a request comes from. Each trusted proxy adds the address it saw at the end of `X-Forwarded-For`; what
 * stands before those was written by the peer and is not believed.
 */
export function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const header = request.headers['x-forwarded-for'];
  const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const hops = [request.socket.remoteAddress ?? 'unknown', ...forwarded.reverse()];
  const address = hops[Math.min(trustedProxies, hops.length - 1)] ?? 'unknown';
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

/** Whether the page's origin may connect. Without the header the peer is no browser, and an allow-list protects nobody. */
export function originAllowed(request: IncomingMessage, allowedOrigins: readonly string[]): boolean {
  const { origin } = request.headers;
  return origin === undefined || allowedOrigins.includes('*') || allowedOrigins.includes(origin);
}
