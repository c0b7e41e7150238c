import { Router } from 'express';
import { TokenBucket } from '../doors/token-bucket.ts';
import type { DrainStatus } from '../drain.ts';
import { RelayError } from '../errors.ts';
import { requireToken } from './bearer.ts';
import { HttpError } from './http-error.ts';

/** Calls without the right token that are answered, a second in the long run, and at once: nobody has reason for more. */
const PER_SECOND = 1;
const AT_ONCE = 10;

/**
 * `POST /admin/drain`: stops the relay as SIGTERM does, and answers 202 with what becomes of its pages. It is there only where
 * METRICS_TOKEN is set, for who sends that as a Bearer. Another call changes nothing and says how far it is.
 * @param token null: there is no such endpoint
 * @param drain begins once; null while the relay is starting
 */
export function adminRoutes(token: string | null, drain: () => DrainStatus | null): Router {
  const router = Router();
  const wrongCalls = new TokenBucket(PER_SECOND, AT_ONCE);
  router.post('/admin/drain', (req, res, next) => {
    if (token === null) return next();
    try {
      requireToken(req, token);
    } catch (error) {
      // Counted after the look at the token: else whoever reaches the port could keep the operator from stopping the relay.
      if (!wrongCalls.take()) throw new RelayError('rate_limited', 'Too many calls. Try again in a second.');
      throw error;
    }
    const status = drain();
    if (!status) throw new HttpError(503, 'starting', 'The relay is starting. Try again in a second.');
    const { sessions, moving, withinMs } = status;
    res.set('Cache-Control', 'no-store');
    res.status(202).json({ status: 'draining', sessions, moving, within_ms: withinMs });
  });
  return router;
}
