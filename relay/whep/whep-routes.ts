import type { Request, Router } from 'express';
import { RelayError } from '../errors.ts';
import { purposeId } from '../protocol/policy-shapes.ts';
import { FRAGMENT, SDP, send, type WishRoutesOptions, wishRoutes } from '../wish/wish-routes.ts';
import type { Egress, Wish } from './egress.ts';

/** The longest id of a commercial, as in tokens. */
const MAX_ID_LENGTH = 128;

/** `POST /whep/COMMERCIAL` and its sessions (draft-ietf-wish-whep-03). */
export function whepRoutes(
  egress: Egress,
  options: Omit<WishRoutesOptions, 'at' | 'endpoint' | 'sessions' | 'patches' | 'create'>,
): Router {
  return wishRoutes({
    ...options,
    at: 'whep',
    endpoint: '/whep/:commercial',
    sessions: '/whep/sessions/:id',
    patches: [SDP, FRAGMENT],
    create: async (verified, offer, req, res) => {
      const { status, sdp, headers } = await egress.open(verified, offer, readWish(req));
      send(res.set(headers), status, SDP, sdp);
    },
  });
}

/** @throws RelayError bad_request */
function readWish(req: Request): Wish {
  const { commercial } = req.params;
  if (typeof commercial !== 'string' || commercial.length > MAX_ID_LENGTH) {
    throw new RelayError('bad_request', `The id of a commercial has at most ${MAX_ID_LENGTH} characters.`);
  }
  const given = new URL(req.originalUrl, 'http://relay').searchParams.get('purpose');
  const purpose = given === null ? null : purposeId.safeParse(given).data;
  if (purpose === undefined) throw new RelayError('bad_request', 'The parameter purpose is no id of a purpose.');
  return { commercialId: commercial, purpose };
}
