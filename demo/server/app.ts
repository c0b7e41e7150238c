import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { hosts } from '../hosts/server/hosts.ts';
import type { PageContext } from '../pages/layout.ts';
import { messagePage } from '../pages/message-page.ts';
import { prospectionPage } from '../pages/prospection-page.ts';
import { startPage } from '../pages/start-page.ts';
import { suiviPage } from '../pages/suivi-page.ts';
import { transparencyPage } from '../pages/transparency-page.ts';
import { DEMO_WORDS, type DemoLanguage } from '../pages/words.ts';
import { DoorBook, isVisitState } from './doors.ts';
import { findPerson, type Person, teamOf } from './people.ts';
import { isHostName, type RelayPorts, relayAddress } from './relay-address.ts';
import { setPageHeaders } from './security-headers.ts';
import { SessionCookies } from './session-cookie.ts';
import { TeamKeys } from './team-keys.ts';
import { mintToken, type TokenSettings } from './tokens.ts';

/** What the demonstration's web server needs. */
export interface DemoAppOptions {
  readonly tokens: TokenSettings;
  /** Signs the host's own session cookies. */
  readonly cookieSecret: Buffer;
  /** Asked at every page, because the relay may start after the server. */
  readonly relayPorts: () => RelayPorts;
  /** Certificate of the development authority, offered for download to phones. Null: none. */
  readonly caFile: string | null;
  /** HTTPS addresses of this server on the local network. */
  readonly phoneUrls: () => readonly string[];
  /** Origin of the development server whose `/reload.js` pages include. Null: none. */
  readonly devReloadUrl: string | null;
}

const PUBLIC_DIR = fileURLToPath(new URL('../public/', import.meta.url));
/** The worker of sealed streams: a host copies it from the package to its own origin. */
const WORKER_FILE = createRequire(import.meta.url).resolve('@prospect-live/widgets/e2ee-worker.js');
const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The host company's web server: pages for its people, tokens for the pages. */
export function createDemoApp(options: DemoAppOptions): Express {
  const app = express();
  const cookies = new SessionCookies(options.cookieSecret);
  const doors = new DoorBook();
  const teamKeys = new TeamKeys();

  const contextOf = (req: Request): PageContext => ({
    relay: relayAddress(options.relayPorts(), req.hostname, req.secure),
    words: DEMO_WORDS[languageOf(req)],
    devReloadUrl: options.devReloadUrl,
    sealed: req.query.e2ee !== undefined,
  });
  const sendPage = (req: Request, res: Response, make: (context: PageContext) => string, status = 200): void => {
    const context = contextOf(req);
    setPageHeaders(res, context.relay, context.devReloadUrl);
    res.vary('Accept-Language').set('Content-Language', context.words.lang);
    res.status(status).type('html').send(make(context));
  };
  const notFound = (req: Request, res: Response): void =>
    sendPage(req, res, (context) => messagePage(context, context.words.not_found, context.words.leads_nowhere), 404);
  /** Runs the handler when the address names a person of the wanted role; the address stands for a login. */
  const asPerson =
    <R extends Person['role']>(
      role: R,
      handle: (req: Request, res: Response, person: Extract<Person, { role: R }>) => void,
    ) =>
    (req: Request, res: Response): void => {
      const person = findPerson(String(req.params.id));
      if (!isRole(person, role)) {
        notFound(req, res);
        return;
      }
      if (!cookies.isSignedIn(req, person.id)) cookies.signIn(res, person.id, req.secure);
      handle(req, res, person);
    };
  /** Runs the handler for a page's background request: logged in, or 401. */
  const asSignedIn =
    (handle: (req: Request, res: Response, person: Person) => void) =>
    (req: Request, res: Response): void => {
      const person = findPerson(String(req.params.id));
      res.set('Cache-Control', 'no-store');
      if (!person || !cookies.isSignedIn(req, person.id)) {
        res.status(401).json({ error: 'not signed in: open the person’s page first' });
        return;
      }
      handle(req, res, person);
    };

  app.disable('x-powered-by');
  app.use((req, res, next) => {
    if (isHostName(req.hostname ?? '')) return next();
    res.status(400).type('text').send('The Host header is not a host name.\n');
  });
  app.use('/public', express.static(PUBLIC_DIR, { maxAge: 0 }));

  app.get('/prospect-e2ee-worker.js', (_req, res) => {
    res.set('X-Content-Type-Options', 'nosniff').sendFile(WORKER_FILE, { dotfiles: 'allow' });
  });

  app.get('/', (req, res) =>
    sendPage(req, res, (context) =>
      startPage(context, {
        phoneUrls: options.phoneUrls(),
        hasCertificate: options.caFile !== null,
        microphonePossible: req.secure || LOCAL_HOSTS.has(req.hostname),
      }),
    ),
  );
  app.get('/health', (_req, res) => {
    res.json({ status: 'ok' });
  });
  app.get('/certs/dev-ca.pem', (req, res) => {
    if (!options.caFile) notFound(req, res);
    else res.type('application/x-x509-ca-cert').sendFile(options.caFile, { dotfiles: 'allow' });
  });

  app.get(
    '/as/:id/prospection',
    asPerson('commercial', (req, res, person) =>
      sendPage(req, res, (context) =>
        prospectionPage(context, {
          person,
          token: mintToken(person, options.tokens),
          doors: doors.of(person.id),
          figures: doors.figures(person.id),
        }),
      ),
    ),
  );
  app.get(
    '/as/:id/suivi',
    asPerson('admin', (req, res, person) =>
      sendPage(req, res, (context) =>
        suiviPage(context, {
          person,
          token: mintToken(person, options.tokens),
          team: teamOf(person).map((member) => ({
            person: member,
            figures: doors.figures(member.id),
            lastVisit: doors.lastVisit(member.id),
          })),
        }),
      ),
    ),
  );
  app.get('/as/:id/transparency', (req, res) => {
    const role = findPerson(String(req.params.id))?.role;
    if (!role) return notFound(req, res);
    asPerson(role, (_req, _res, person) => sendPage(req, res, (context) => transparencyPage(context, person)))(
      req,
      res,
    );
  });
  app.get(
    '/as/:id/api/token',
    asSignedIn((_req, res, person) => {
      res.json({ token: mintToken(person, options.tokens) });
    }),
  );
  app.get(
    '/as/:id/api/team-keys',
    asSignedIn((_req, res, person) => {
      res.json({ keys: teamKeys.of(person) });
    }),
  );
  app.put(
    '/as/:id/api/portes/:number',
    express.json({ limit: '1kb' }),
    asSignedIn((req, res, person) => {
      const state: unknown = req.body?.state;
      const door = isVisitState(state) ? doors.mark(person.id, Number(req.params.number), state) : undefined;
      if (!door) {
        res.status(400).json({ error: 'no such door, or no such visit state' });
        return;
      }
      res.json({ door, figures: doors.figures(person.id) });
    }),
  );

  app.use(hosts({ tokens: options.tokens, cookies, doors, relayPorts: options.relayPorts }));
  app.use(notFound);
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error);
    const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
    if (status >= 500) console.error('demo:', error);
    res.status(status).json({ error: status >= 500 ? 'the demo server failed; its log has the cause' : 'bad request' });
  });
  return app;
}

function isRole<R extends Person['role']>(person: Person | undefined, role: R): person is Extract<Person, { role: R }> {
  return person?.role === role;
}

/** What the browser would rather read; the company's own language for who wants any, English for who wants neither. */
function languageOf(req: Request): DemoLanguage {
  return req.acceptsLanguages('fr', 'en') === 'fr' ? 'fr' : 'en';
}
