import { type RequestHandler, Router } from 'express';

/** Why the relay should get no new pages just now; an empty list when it should. */
export type Readiness = () => readonly ('starting' | 'draining' | 'media_unavailable')[];

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
