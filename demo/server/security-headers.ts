import type { Response } from 'express';
import type { RelayAddress } from './relay-address.ts';

/**
 * The policy of a page that embeds Prospect Live: its script comes from the relay, its socket and status go there, and
 * nothing is inline. The widgets use adopted style sheets, so `style-src` needs nothing for them.
 */
export function contentSecurityPolicy(relay: RelayAddress | null, devReloadUrl: string | null): string {
  const origins = relay ? ` ${relay.origin}` : '';
  const sockets = relay ? ` ${relay.socketOrigin}` : '';
  const reload = devReloadUrl ? ` ${devReloadUrl}` : '';
  return [
    "default-src 'none'",
    `script-src 'self'${origins}${reload}`,
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self'${origins}${sockets}${reload}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Sets the headers of a page. The microphone is allowed to the page itself and to nobody it might embed. */
export function setPageHeaders(res: Response, relay: RelayAddress | null, devReloadUrl: string | null): void {
  res.set({
    'Content-Security-Policy': contentSecurityPolicy(relay, devReloadUrl),
    'Permissions-Policy': 'microphone=(self), autoplay=(self), screen-wake-lock=(self), camera=(), geolocation=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
}
