import { Router } from 'express';
import { maySee } from '../auth/permissions.ts';
import type { TokenVerifier } from '../auth/user.ts';
import type { SessionUser } from '../protocol/messages.ts';
import type {
  CommercialDetail,
  ServiceDetail,
  ServiceStatus,
  ServiceSummary,
  StatusSource,
} from '../streams/status.ts';
import { bearerToken } from './bearer.ts';

/** What is told of. */
export interface StatusSources {
  /** This relay. */
  readonly status: Pick<StatusSource, 'activeStreams' | 'totalListeners' | 'detail'>;
  /** All relays of the service; null on a relay that runs alone. */
  readonly service: ServiceStatus | null;
}

/**
 * `GET /api/streaming/status`: `active_commercials` and `total_listeners` for everybody, in a cluster of all nodes, with `nodes` and
 * `complete`; with an admin's token as a Bearer also `commercials`, those of the admin's teams. Names are in snake_case, as the older
 * system's monitoring reads them. A token that cannot be accepted is a 401 with its code, never the public answer.
 */
export function statusRoutes(verifier: Pick<TokenVerifier, 'verify'>, sources: () => StatusSources): Router {
  const router = Router();
  router.get('/api/streaming/status', async (req, res) => {
    res.set('Cache-Control', 'no-store').vary('Authorization');
    const token = bearerToken(req);
    const user = token === null ? null : (await verifier.verify(token)).user;
    const { status, service } = sources();
    const admin = user?.role === 'admin' ? user : null;
    if (service) {
      // First: the counts are to be those of now.
      const detail = admin && (await service.detail(admin.equipes));
      res.json({ ...wholeService(service.summary(), detail), ...(admin && detail && list(admin, detail.commercials)) });
      return;
    }
    const counts = { active_commercials: status.activeStreams(), total_listeners: status.totalListeners() };
    res.json({
      ...counts,
      ...(admin &&
        list(
          admin,
          status.detail((equipe) => maySee(admin, equipe)),
        )),
    });
  });
  return router;
}

function wholeService({ complete, nodes }: ServiceSummary, detail: ServiceDetail | null) {
  const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
  return {
    active_commercials: sum(nodes.map(({ streams }) => streams)),
    total_listeners: sum(nodes.map(({ listeners }) => listeners)),
    complete: complete && detail?.complete !== false,
    nodes: nodes.map(({ id, streams, listeners, draining }) => ({
      id,
      active_commercials: streams,
      total_listeners: listeners,
      draining,
    })),
  };
}

/** Whoever answered what: an admin is shown nobody else. */
function list(admin: SessionUser, commercials: readonly CommercialDetail[]) {
  return { commercials: commercials.filter(({ equipe }) => maySee(admin, equipe)).map(describe) };
}

function describe(detail: CommercialDetail) {
  return {
    commercial_id: detail.id,
    name: detail.name,
    equipe: detail.equipe,
    status: detail.status,
    live_for_ms: detail.liveForMs,
    listeners_count: detail.listenerCount,
    listeners: detail.listeners.map(({ id, name }) => ({ admin_id: id, name })),
  };
}
