import { Router } from 'express';
import { maySee } from '../auth/permissions.ts';
import type { TokenVerifier } from '../auth/user.ts';
import type { CommercialDetail, StatusSource } from '../streams/status.ts';
import { bearerToken } from './bearer.ts';

/**
 * `GET /api/streaming/status`: `active_commercials` and `total_listeners` for everybody; with an admin's token as a Bearer also
 * `commercials`, those of the admin's teams. Names are in snake_case, as the older system's monitoring reads them.
 * A token that cannot be accepted is a 401 with its code, never the public answer.
 */
export function statusRoutes(verifier: TokenVerifier, source: () => StatusSource): Router {
  const router = Router();
  router.get('/api/streaming/status', async (req, res) => {
    res.set('Cache-Control', 'no-store').vary('Authorization');
    const token = bearerToken(req);
    const user = token === null ? null : (await verifier.verify(token)).user;
    const status = source();
    const counts = { active_commercials: status.activeStreams(), total_listeners: status.totalListeners() };
    if (user?.role !== 'admin') {
      res.json(counts);
      return;
    }
    res.json({ ...counts, commercials: status.detail((equipe) => maySee(user, equipe)).map(describe) });
  });
  return router;
}

function describe(detail: CommercialDetail) {
  return {
    commercial_id: detail.id,
    name: detail.name,
    equipe: detail.equipe,
    status: detail.status,
    live_for_ms: detail.liveForMs,
    listeners_count: detail.listeners.length,
    listeners: detail.listeners.map(({ id, name }) => ({ admin_id: id, name })),
  };
}
