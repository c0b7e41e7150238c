import type { Response } from 'express';
import type { RelayAddress } from '../../server/relay-address.ts';

/** What a page needs beside Prospect Live. */
export interface PageNeeds {
  /** True: the page loads the widgets' script from the relay. False: its own bundle has them. */
  readonly scriptFromRelay: boolean;
  /** Origins whose pages may frame this one. */
  readonly framedBy?: readonly string[];
  /** Origins that this page frames. */
  readonly frames?: readonly string[];
}

/**
 * The exact Content-Security-Policy of a page with the elements. Of it, Prospect Live needs two things: the relay in `script-src`
 * (unless the page's own bundle has the elements), and the relay in `connect-src`, as `https:` and as `wss:` (`http:` and `ws:`). The
 * rest is the page's own. Nothing is inline, and sound needs no `media-src`: a MediaStream has no URL.
 */
export function pagePolicy(relay: RelayAddress | null, { scriptFromRelay, framedBy, frames }: PageNeeds): string {
  return [
    "default-src 'none'",
    `script-src 'self'${relay && scriptFromRelay ? ` ${relay.origin}` : ''}`,
    `connect-src 'self'${relay ? ` ${relay.origin} ${relay.socketOrigin}` : ''}`,
    "style-src 'self'",
    "img-src 'self'",
    ...(frames ? [`frame-src ${frames.join(' ')}`] : []),
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${framedBy?.join(' ') || "'none'"}`,
  ].join('; ');
}

/** Sets the headers of a host's page. */
export function setHostHeaders(res: Response, relay: RelayAddress | null, needs: PageNeeds): void {
  const microphone = needs.frames ? needs.frames.map((origin) => ` "${origin}"`).join('') : '';
  res.set({
    'Content-Security-Policy': pagePolicy(relay, needs),
    // A page that frames another must pass on what that one may do, here and in the frame's `allow`.
    'Permissions-Policy': `microphone=(self${microphone}), autoplay=(self${microphone}), screen-wake-lock=(self${microphone}), geolocation=(self), camera=()`,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
}
