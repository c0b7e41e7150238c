import { type Request, Router } from 'express';
import { findPerson } from '../../server/people.ts';
import { relayAddress } from '../../server/relay-address.ts';
import { page } from './access.ts';
import type { HostOptions } from './host-api.ts';
import { filledPage } from './host-files.ts';
import { setHostHeaders } from './page-policy.ts';
import { pageValues } from './page-values.ts';

/** The two names of this computer for itself: to a browser, two origins and even two sites. */
const OTHER_NAME: Readonly<Record<string, string>> = { localhost: '127.0.0.1', '127.0.0.1': 'localhost' };
const DEFAULT_ALLOW = 'microphone; autoplay; screen-wake-lock';

/** A page inside a frame of another origin, and the page around it. Both only on the computer itself, which has two names. */
export function framePages({ cookies, tokens, relayPorts }: HostOptions): Router {
  const router = Router();

  router.get('/hosts/frame/:id', async (req, res, next) => {
    const person = findPerson(req.params.id);
    const origin = otherOrigin(req);
    if (!person || !origin) return next();
    const { allow } = req.query;
    setHostHeaders(res, null, { scriptFromRelay: false, frames: [origin] });
    const values = {
      name: person.name,
      origin,
      src: `${origin}/as/${person.id}/framed`,
      allow: typeof allow === 'string' ? allow : DEFAULT_ALLOW,
    };
    res.type('html').send(await filledPage('csp/outer.html', values));
  });

  router.get(
    '/as/:id/framed',
    page(cookies, async (req, res, person) => {
      const relay = relayAddress(relayPorts(), req.hostname, req.secure);
      const outer = otherOrigin(req);
      setHostHeaders(res, relay, { scriptFromRelay: true, framedBy: outer ? [outer] : [] });
      res.type('html').send(await filledPage(`csp/${person.role}.html`, pageValues(person, relay, tokens)));
    }),
  );

  return router;
}

function otherOrigin(req: Request): string | null {
  const name = OTHER_NAME[req.hostname];
  const port = req.socket.localPort;
  return name ? `${req.protocol}://${name}:${port}` : null;
}
