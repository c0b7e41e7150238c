import type { IncomingMessage } from 'node:http';
import cors from 'cors';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import type { VerifiedUser } from '../auth/user.ts';
import type { Logger } from '../logger.ts';
import type { Measures } from '../measures/measures.ts';
import { corsOrigin } from '../origins.ts';
import { problemHandler, WishError } from './problems.ts';
import type { WishBook } from './wish-book.ts';
import type { WishDoor } from './wish-door.ts';
import type { WishSession } from './wish-session.ts';

/** Media types of the bodies. */
export const SDP = 'application/sdp';
export const FRAGMENT = 'application/trickle-ice-sdpfrag';

/** The largest body, in bytes. An offer with video is about 8 KiB. */
const MAX_BODY_BYTES = 65_536;

/** Headers that scripts of other origins may read, and send. */
const EXPOSED = ['Location', 'ETag', 'Link', 'Accept-Patch', 'Accept-Post', 'Retry-After', 'WWW-Authenticate'];
const SENT = ['Authorization', 'Content-Type', 'Accept', 'If-Match', 'ETag'];
const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS'];

/** How one of the two protocols is served. */
export interface WishRoutesOptions {
  readonly at: 'whip' | 'whep';
  readonly allowedOrigins: readonly string[];
  readonly logger: Logger;
  readonly measures: Measures;
  readonly door: WishDoor;
  readonly book: WishBook;
  /** The other relay, which lives, whose path the request came by; null: it is for this one. */
  readonly meantFor: (request: IncomingMessage) => string | null;
  /** The endpoint's pattern, and the one of its sessions, which has `:id`. */
  readonly endpoint: string;
  readonly sessions: string;
  /** What the body of a `PATCH` may be. */
  readonly patches: readonly string[];
  /** A new session for this offer. */
  readonly create: (verified: VerifiedUser, offer: string, req: Request, res: Response) => Promise<void>;
}

/** What WHIP and WHEP have in common over HTTP: methods, media types, preconditions, problem documents, CORS. */
export function wishRoutes(options: WishRoutesOptions): Router {
  const { at, endpoint, sessions, logger, measures, create } = options;
  const router = Router();
  // The endpoint's pattern is where its sessions' begins.
  router.use(
    endpoint,
    cors({
      origin: corsOrigin(options.allowedOrigins),
      methods: METHODS,
      allowedHeaders: SENT,
      exposedHeaders: EXPOSED,
      maxAge: 600,
      preflightContinue: true,
    }),
  );
  router.options(endpoint, answerOptions({ 'Accept-Post': SDP, Allow: 'GET, HEAD, POST, OPTIONS' }));
  router.options(
    sessions,
    answerOptions({ 'Accept-Patch': options.patches.join(', '), Allow: 'GET, HEAD, PATCH, DELETE, OPTIONS' }),
  );
  // RFC 9725, 4.1: a GET succeeds and has no content. The type says what the endpoint takes (draft-ietf-wish-whep-03, 4.2).
  router.get([endpoint, sessions], (_req, res) => {
    send(res, 200, SDP, '');
  });

  router.post(endpoint, ...createdBy(options, create));
  router.patch(sessions, ...patchedBy(options));
  router.delete(sessions, async (req, res) => {
    const entry = await find(options, req);
    entry.end();
    res.set('Cache-Control', 'no-store').status(200).end();
  });
  router.use(endpoint, problemHandler(at, logger, measures));
  return router;
}

/** Without a charset, which neither media type has and some clients trip over, and without an ETag of the body's. */
export function send(res: Response, status: number, type: string, body: string): void {
  res.set({ 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(body)), 'Cache-Control': 'no-store' });
  res.status(status).end(body);
}

/** The body as text; the media type was judged before. */
const readBody = express.text({ type: () => true, limit: MAX_BODY_BYTES });

function answerOptions(headers: Readonly<Record<string, string>>): RequestHandler {
  return (_req, res) => {
    res.set(headers).set('Content-Length', '0').status(200).end();
  };
}

function createdBy(
  { door }: WishRoutesOptions,
  create: WishRoutesOptions['create'],
): [RequestHandler, RequestHandler, RequestHandler] {
  return [
    async (req, res, next) => {
      res.locals.verified = await door.admit(req);
      demandType(req, [SDP]);
      if (!req.accepts(SDP))
        throw new WishError('not_acceptable', `The answer is ${SDP}, which the request does not accept.`);
      next();
    },
    readBody,
    async (req, res) => {
      const verified: VerifiedUser = res.locals.verified;
      await create(verified, bodyOf(req), req, res);
    },
  ];
}

function patchedBy(options: WishRoutesOptions): [RequestHandler, RequestHandler, RequestHandler] {
  return [
    async (req, res, next) => {
      res.locals.entry = await find(options, req);
      demandType(req, options.patches);
      next();
    },
    readBody,
    async (req, res) => {
      const entry: WishSession = res.locals.entry;
      res.set('Cache-Control', 'no-store');
      if (req.is(SDP)) {
        await entry.accept(bodyOf(req));
        res.status(204).end();
        return;
      }
      const outcome = await entry.patchIce(bodyOf(req), req.headers['if-match']);
      if (!outcome.restarted) {
        res.status(204).end();
        return;
      }
      send(res.set('ETag', outcome.etag), 200, FRAGMENT, outcome.fragment);
    },
  ];
}

/** @throws RelayError rate_limited, token_…; WishError no_session, other_relay */
async function find({ door, book, meantFor }: WishRoutesOptions, req: Request): Promise<WishSession> {
  const verified = await door.admit(req);
  const { id } = req.params;
  const entry = typeof id === 'string' ? book.find(id, verified) : null;
  const other = entry ? null : meantFor(req);
  if (other !== null) {
    const text = `The session is at the relay ${other}, and its path /n/${other}/ has led to another one: the load balancer must lead it there.`;
    throw new WishError('other_relay', text);
  }
  if (!entry) throw new WishError('no_session', 'There is no such session of this user: it has ended, or never was.');
  return entry;
}

/** @throws WishError unsupported_media_type */
function demandType(req: Request, types: readonly string[]): void {
  if (req.is([...types])) return;
  throw new WishError('unsupported_media_type', `The body must be ${types.join(' or ')}, with that Content-Type.`);
}

/** An empty body is no text at all to Express. */
function bodyOf(req: Request): string {
  const body: unknown = req.body;
  return typeof body === 'string' ? body : '';
}
