import express, { type Request, type Response, Router } from 'express';
import type { Person } from '../../server/people.ts';
import { relayAddress } from '../../server/relay-address.ts';
import { page } from './access.ts';
import { drawCity } from './city.ts';
import { framePages } from './frame-pages.ts';
import { type HostOptions, hostApi } from './host-api.ts';
import { builtPage, DIST, filledPage } from './host-files.ts';
import { setHostHeaders } from './page-policy.ts';
import { pageValues } from './page-values.ts';
import { renderedPages } from './rendered-pages.ts';

/** Hosts that are one page for all their addresses, built by Vite. */
const SINGLE_PAGE_HOSTS = ['react', 'react-development', 'react18', 'vue'];

/** All host applications: pages at `/as/PERSON/HOST`, files at `/hosts/HOST/`, and the company's interface behind them. */
export function hosts(options: HostOptions): Router {
  const router = Router();
  const { cookies } = options;
  const relayOf = (req: Request) => relayAddress(options.relayPorts(), req.hostname, req.secure);
  const city = drawCity();

  router.use(hostApi(options));
  router.get('/hosts/city.json', (_req, res) => void res.json(city));

  for (const host of SINGLE_PAGE_HOSTS) {
    const send = page(cookies, async (req, res) => {
      setHostHeaders(res, relayOf(req), { scriptFromRelay: false });
      res.type('html').send(await builtPage(host));
    });
    router.get([`/as/:id/${host}`, `/as/:id/${host}/*rest`], send);
  }

  const sendPlain = async (req: Request, res: Response, person: Person, folder: 'plain' | 'csp') => {
    const relay = relayOf(req);
    setHostHeaders(res, relay, { scriptFromRelay: true });
    res.type('html').send(await filledPage(`${folder}/${person.role}.html`, pageValues(person, relay, options.tokens)));
  };
  router.get(
    '/as/:id/plain',
    page(cookies, (req, res, person) => sendPlain(req, res, person, 'plain')),
  );
  router.get(
    '/as/:id/csp',
    page(cookies, (req, res, person) => sendPlain(req, res, person, 'csp')),
  );

  router.use(framePages(options));
  router.use(renderedPages(options));
  // Names with a hash in them never change their content.
  router.use('/hosts', express.static(DIST, { index: false, maxAge: '1h' }));
  for (const folder of ['plain', 'csp']) {
    router.use(`/hosts/${folder}`, express.static(new URL(`../${folder}/`, import.meta.url).pathname, { maxAge: 0 }));
  }
  return router;
}
