import { json, Router } from 'express';
import type { DoorBook } from '../../server/doors.ts';
import { type Person, teamOf } from '../../server/people.ts';
import { type RelayPorts, relayAddress } from '../../server/relay-address.ts';
import type { SessionCookies } from '../../server/session-cookie.ts';
import { mintToken, type TokenSettings } from '../../server/tokens.ts';
import { signedIn } from './access.ts';
import { streamPositions } from './position-stream.ts';
import { PositionBook } from './positions.ts';

/** What the hosts need of the demonstration's server. */
export interface HostOptions {
  readonly tokens: TokenSettings;
  readonly cookies: SessionCookies;
  readonly doors: DoorBook;
  readonly relayPorts: () => RelayPorts;
}

/** Who is logged in, and what the page needs for Prospect Live. */
export interface HostSession {
  readonly person: Person;
  /** The host's token for the relay. */
  readonly token: string;
  /** Null: the elements find the relay by themselves. */
  readonly relayUrl: string | null;
}

/** The host company's own interface, for the pages that are built with a framework. */
export function hostApi({ tokens, cookies, doors, relayPorts }: HostOptions): Router {
  const router = Router();
  const positions = new PositionBook();

  router.get(
    '/as/:id/api/session',
    signedIn(cookies, (req, res, person) => {
      const relay = relayAddress(relayPorts(), req.hostname, req.secure);
      const relayUrl = relay && !relay.isDefault ? relay.origin : null;
      const session: HostSession = { person, token: mintToken(person, tokens), relayUrl };
      res.json(session);
    }),
  );

  router.get(
    '/as/:id/api/portes',
    signedIn(cookies, (_req, res, person) => {
      res.json({ doors: doors.of(person.id), figures: doors.figures(person.id) });
    }),
  );

  router.get(
    '/as/:id/api/equipe',
    signedIn(cookies, (_req, res, person) => {
      if (person.role !== 'admin') return void res.status(403).json({ error: 'for admins' });
      const team = teamOf(person).map(({ id, name, equipe, sector }) => {
        return { id, name, equipe, sector, figures: doors.figures(id), lastVisit: doors.lastVisit(id) };
      });
      res.json({ team });
    }),
  );

  router.get(
    '/as/:id/api/positions',
    signedIn(cookies, (req, res, person) => {
      if (person.role !== 'admin') return void res.status(403).json({ error: 'for admins' });
      streamPositions(req, res, teamOf(person), positions);
    }),
  );

  router.put(
    '/as/:id/api/position',
    json({ limit: '1kb' }),
    signedIn(cookies, (req, res, person) => {
      if (person.role !== 'commercial') return void res.status(403).json({ error: 'for commercials' });
      const known = positions.report(person.id, req.body?.lat, req.body?.lng);
      res.status(known ? 204 : 400).end();
    }),
  );

  return router;
}
