import { type RequestHandler, Router } from 'express';

/** A reason to send no new pages to a relay. `storage_unavailable`: its policy lets nobody be heard while the audit trail cannot be stored. */
export type NotReady = 'starting' | 'draining' | 'media_unavailable' | 'storage_unavailable';

/** Why the relay should get no new pages just now; an empty list when it should. */
export type Readiness = () => readonly NotReady[];

/**
 * `GET /health`: `{"status":"ok"}`, exactly, as long as the process answers. `GET /health/live`: the same, for orchestrators; restart
 * when it fails. `GET /health/ready`: 200 `{"status":"ready"}`, or 503 `{"status":"not_ready","reasons":[…]}`; send no new
 * pages then.
 */
export function healthRoutes(readiness: Readiness): Router {
  const router = Router();
  const alive: RequestHandler = (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' });
  };
  router.get('/health', alive);
  router.get('/health/live', alive);
  router.get('/health/ready', (_req, res) => {
    const reasons = readiness();
    res.set('Cache-Control', 'no-store');
    if (reasons.length === 0) res.json({ status: 'ready' });
    else res.status(503).json({ status: 'not_ready', reasons });
  });
  return router;
}
