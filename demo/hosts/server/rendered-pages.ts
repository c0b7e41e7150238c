import { type Request, type Response, Router } from 'express';
import type { Person } from '../../server/people.ts';
import { relayAddress } from '../../server/relay-address.ts';
import { mintToken } from '../../server/tokens.ts';
import { page } from './access.ts';
import type { HostOptions } from './host-api.ts';
import { builtPage } from './host-files.ts';
import { setHostHeaders } from './page-policy.ts';

/** What the build of the server-rendered host exports (`ssr/src/entry-server.tsx`). */
interface ServerEntry {
  render(props: object): string;
}

/** Where Vite put the server's half; a URL, because it is there only after the build. */
const SERVER_ENTRY = new URL('../dist/ssr-server/entry-server.js', import.meta.url);
/** The development build tells of every difference between what the server rendered and what the browser would. */
const HOSTS = ['ssr', 'ssr-development'];

/** Pages rendered here with React, which wakes up in the browser. Every address is a document of its own. */
export function renderedPages({ cookies, tokens, relayPorts, doors }: HostOptions): Router {
  const router = Router();

  const send = async (req: Request, res: Response, person: Person, host: string) => {
    const relay = relayAddress(relayPorts(), req.hostname, req.secure);
    const props = {
      host,
      person,
      view: req.params.view === 'journal' ? 'journal' : 'portes',
      doors: doors.of(person.id),
      token: mintToken(person, tokens),
      relayUrl: relay && !relay.isDefault ? relay.origin : null,
    };
    const { render } = (await import(SERVER_ENTRY.href)) as ServerEntry;
    const template = await builtPage(host);
    setHostHeaders(res, relay, { scriptFromRelay: false });
    // As data, not as script: the policy allows nothing inline. "<" could end the element.
    const data = JSON.stringify(props).replaceAll('<', '\\u003c');
    res.type('html').send(template.replace('<!--app-->', () => render(props)).replace('{"props":null}', () => data));
  };

  for (const host of HOSTS) {
    router.get(
      [`/as/:id/${host}`, `/as/:id/${host}/:view`],
      page(cookies, (req, res, person) => send(req, res, person, host)),
    );
  }
  return router;
}
