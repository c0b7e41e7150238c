import { createHash } from 'node:crypto';
import type { Router } from 'express';
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
      const token = createHash('sha256').update(String(req.headers.authorization)).digest('base64url');
      const { status, sdp, headers } = await ingest.open(verified, offer, token);
      send(res.set(headers), status, SDP, sdp);
    },
  });
}
