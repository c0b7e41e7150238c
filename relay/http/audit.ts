import { Router } from 'express';
import type { TrailReader, TrailRecord } from '../audit/trail-reader.ts';
import type { TokenVerifier, VerifiedReader } from '../auth/user.ts';
import { RelayError } from '../errors.ts';
import { readAuditQuery, toCursor } from './audit-query.ts';
import { bearerToken } from './bearer.ts';
import { HttpError } from './http-error.ts';
import { ReaderPaces } from './reader-paces.ts';

/** Files are read by so many at the same time: who reads old days does not slow those who talk. */
const MOST_READING = 2;
/** Lines that one request looks at; a day that was begun is read to its end. */
const MOST_LINES = 200_000;

/**
 * `GET /api/audit`: of the trail in `AUDIT_DIR`, what concerns whoever asks: a commercial, who heard them; an admin, what they did; an
 * auditor, what was in their teams, and what became of the trail itself. The oldest first, in pages.
 * @param reader null where no trail is kept
 */
export function auditRoutes(verifier: Pick<TokenVerifier, 'verifyReader'>, reader: TrailReader | null): Router {
  const router = Router();
  const paces = new ReaderPaces();
  let reading = 0;
  router.get('/api/audit', async (req, res) => {
    res.set('Cache-Control', 'no-store').vary('Authorization');
    const token = bearerToken(req);
    if (token === null) throw new RelayError('token_missing', 'This needs Authorization: Bearer TOKEN.');
    const user = await verifier.verifyReader(token);
    if (reader === null) {
      throw new HttpError(404, 'not_found', 'This relay keeps no audit trail but in its log: AUDIT_DIR is not set.');
    }
    paces.take(user);
    const { from, to, limit, after } = readAuditQuery(req.url);
    if (reading >= MOST_READING) throw new HttpError(503, 'capacity', 'Others read just now. Try again in a second.');
    reading += 1;
    try {
      const wanted = concerning(user);
      const { records, next } = await reader.read({ from, to, limit, after, mostLines: MOST_LINES, wanted });
      res.json({ entries: records.map(shown), next: next && toCursor(next) });
    } finally {
      reading -= 1;
    }
  });
  return router;
}

/** Everything that is not allowed here is not shown. */
function concerning({ role, id, equipes }: VerifiedReader): (record: Readonly<Record<string, unknown>>) => boolean {
  if (role === 'commercial') return (record) => record.commercial === id;
  if (role === 'admin') return (record) => record.admin === id;
  if (role !== 'auditor') return () => false;
  const own = new Set<unknown>(equipes);
  return (record) => (record.equipe === undefined ? ofTheTrail(record) : own.has(record.equipe));
}

/** What the trail says of itself names nobody. */
function ofTheTrail(record: Readonly<Record<string, unknown>>): boolean {
  return record.commercial === undefined && record.admin === undefined;
}

/** Hashes are for whoever verifies the files. */
function shown({ prev: _, ...record }: TrailRecord): object {
  return record;
}
