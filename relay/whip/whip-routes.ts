import { createHash } from 'node:crypto';
import type { Request, Router } from 'express';
import { bearerToken } from '../http/bearer.ts';
import { FRAGMENT, SDP, send, type WishRoutesOptions, wishRoutes } from '../wish/wish-routes.ts';
import type { Ingest } from './ingest.ts';

/** `POST /whip` and its sessions (RFC 9725). */
export function whipRoutes(
  ingest: Ingest,
  options: Omit<WishRoutesOptions, 'at' | 'endpoint' | 'sessions' | 'patches' | 'create'>,
): Router {
  return wishRoutes({
    ...options,
    at: 'whip',
    endpoint: '/whip',
    sessions: '/whip/:id',
    patches: [FRAGMENT],
    create: async (verified, offer, req, res) => {
      const { status, sdp, headers } = await ingest.open(verified, offer, nameOf(req));
      send(res.set(headers), status, SDP, sdp);
    },
  });
}

/**
 * Names the request's token, without being it: by what is signed (RFC 7515, 5.1), of which nobody can write another spelling. Of the header,
 * and of the signature's base64url, there are several, each of which would be another token.
 */
function nameOf(req: Request): string {
  const [head, payload] = bearerToken(req)?.split('.') ?? [];
  return createHash('sha256').update(`${head}.${payload}`).digest('base64url');
}
