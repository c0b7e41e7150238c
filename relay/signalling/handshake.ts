import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { PageVerifier, VerifiedUser, VerifiedVisitor } from '../auth/user.ts';
import type { LimitsConfig } from '../config/shape.ts';
import { Counter } from '../doors/counter.ts';
import { RefusalLog } from '../doors/refusal-log.ts';
import { RelayError } from '../errors.ts';
import type { Measures } from '../measures/measures.ts';
import type { RateLimit } from '../measures/words.ts';
import { isAllowedOrigin } from '../origins.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { handshakeAuth, type NodePlace, OLDEST_PROTOCOL, PROTOCOL_VERSION } from '../protocol/messages.ts';
import type { SessionRegistry } from '../streams/session-registry.ts';
import { PageTrace } from '../tracing/page-trace.ts';
import { addressOf } from './peer-address.ts';
import { internalFailure } from './request-failures.ts';
import type { PageVersion } from './version-fit.ts';

/** What the handshake is made with. */
export interface HandshakeOptions {
  readonly verifier: PageVerifier;
  readonly sessions: SessionRegistry;
  readonly limits: LimitsConfig;
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: number;
  readonly logger: Logger;
  readonly measures: Measures;
  /** Nobody new is let in: at all, or (`moving`) but for pages that come back to a session of theirs which is still here. */
  readonly draining: () => 'moving' | 'stopping' | null;
  /** Where the node of that session is, when the page is to connect there; null: here. */
  readonly elsewhere: (sessionId: string, request: IncomingMessage) => NodePlace | null;
}

/** Who a connection belongs to, which session the page would like to resume, and which widgets it has. */
export interface Admission {
  readonly verified: VerifiedUser;
  readonly resumeId: string | undefined;
  readonly page: PageVersion;
  /** Of the session that is resumed, or of a new one. */
  readonly trace: PageTrace;
}

/** What a refused page gets as `connect_error`: Socket.IO passes `data` on. */
export class HandshakeRefusal extends Error {
  readonly data: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly traceId: string;
    readonly place?: NodePlace;
  };

  constructor(code: ErrorCode, message: string, traceId: string, place?: NodePlace) {
    super(message);
    this.data = { code, message, traceId, ...(place && { place }) };
  }
}

/** The session lives on another node. */
class ElsewhereError extends RelayError {
  readonly place: NodePlace;

  constructor(place: NodePlace) {
    super('elsewhere', `This session lives on another node: connect at ${place.url ?? ''}${place.path}/socket.io/.`);
    this.place = place;
  }
}

/** Lets connections in: origin, limits, token. Nothing of a page is heard before. */
export class Handshake {
  readonly #options: HandshakeOptions;
  readonly #refusals: RefusalLog;
  readonly #byAddress = new Counter();
  readonly #byUser = new Counter();
  readonly #admissions = new WeakMap<Socket, Admission>();
  readonly #visitors = new WeakMap<Socket, VerifiedVisitor>();
  /** Connections whose one handshake has begun: Socket.IO would take any number while the first is under way. */
  readonly #begun = new WeakSet<Socket['conn']>();
  #beingVerified = 0;

  constructor(options: HandshakeOptions) {
    this.#options = options;
    this.#refusals = new RefusalLog(options.logger);
  }

  /** Addresses and users with a connection, for leak tests. */
  get tracked(): number {
    return this.#byAddress.size + this.#byUser.size;
  }

  /**
   * Whether a connection may even begin. The limit for each address is checked at the handshake, where the page can be told;
   * this one is for peers that open connections and never get that far.
   */
  mayOpen(request: IncomingMessage): boolean {
    const { trustedProxies, limits, measures } = this.#options;
    const may = this.#byAddress.get(addressOf(request, trustedProxies)) < limits.connectionsPerAddress * 2;
    if (!may) measures.rateLimited('address_open');
    return may;
  }

  /** Counts a connection from its first byte on, authenticated or not. */
  opened(conn: Socket['conn']): void {
    conn.once('close', this.#byAddress.add(addressOf(conn.request, this.#options.trustedProxies)));
  }

  /** Socket.IO middleware. */
  admit(socket: Socket, next: (error?: Error) => void): Promise<void> {
    return this.#admit(socket, next, false, async (fields, trace) => {
      const verified = await this.#verifying((verifier) => verifier.verify(tokenIn(fields)));
      const admission = this.#readAdmission(socket, fields, verified, trace);
      this.#admissions.set(socket, admission);
      return { role: verified.user.role, trace: admission.trace };
    });
  }

  /**
   * The same for the page /doctor, which has no session. It comes from the relay itself, so that its own origin is allowed too.
   * @param check whether there is room for one more of this visitor. @throws RelayError when not
   */
  admitVisitor(
    socket: Socket,
    next: (error?: Error) => void,
    check: (visitor: VerifiedVisitor) => void,
  ): Promise<void> {
    return this.#admit(socket, next, isOwnOrigin(socket.conn.request), async (fields, trace) => {
      const visitor = await this.#verifying((verifier) => verifier.verifyVisitor(tokenIn(fields)));
      this.#refuseWhen('moving');
      check(visitor);
      this.#visitors.set(socket, visitor);
      return { role: visitor.role, trace };
    });
  }

  /** @param read judges the fields of the handshake; the trace is that of a new page */
  async #admit(
    socket: Socket,
    next: (error?: Error) => void,
    ownOrigin: boolean,
    read: (fields: object, trace: PageTrace) => Promise<{ role: VerifiedVisitor['role']; trace: PageTrace }>,
  ): Promise<void> {
    const startedAt = performance.now();
    const trace = new PageTrace();
    try {
      this.#checkDoor(socket, ownOrigin);
      const auth: unknown = socket.handshake.auth;
      const admitted = await read(typeof auth === 'object' && auth !== null ? auth : {}, trace);
      admitted.trace.start('handshake', { 'prospect.role': admitted.role }, startedAt).end();
      next();
    } catch (error) {
      const refusal = this.#refusal(socket, error, trace.id);
      trace.start('handshake', {}, startedAt).fail(refusal.data.code);
      next(refusal);
      // Socket.IO leaves the connection open for another try; the refusal goes out first.
      setImmediate(() => socket.conn.close());
    }
  }

  /** What was found out about an admitted connection. */
  admission(socket: Socket): Admission | undefined {
    return this.#admissions.get(socket);
  }

  /** What is judged before the token. @throws RelayError */
  #checkDoor(socket: Socket, ownOrigin: boolean): void {
    const { limits, allowedOrigins, trustedProxies } = this.#options;
    const { request } = socket.conn;
    if (this.#begun.has(socket.conn)) {
      throw this.#limited('handshake', 'A connection has one handshake.');
    }
    this.#begun.add(socket.conn);
    this.#refuseWhen('stopping');
    if (!ownOrigin && !isAllowedOrigin(allowedOrigins, request.headers.origin)) {
      throw new RelayError('origin_not_allowed', `Pages of ${quote(request.headers.origin)} may not use this relay.`);
    }
    if (this.#byAddress.get(addressOf(request, trustedProxies)) > limits.connectionsPerAddress) {
      throw this.#limited('address', 'Too many connections from this address.');
    }
  }

  /** Verifies a token, of which there are only so many at a time. @throws RelayError */
  async #verifying<T>(verify: (verifier: PageVerifier) => Promise<T>): Promise<T> {
    const { limits, verifier } = this.#options;
    if (this.#beingVerified >= limits.pendingHandshakes) {
      throw this.#limited('handshakes', 'Too many pages are connecting at this moment. Try again in a second.');
    }
    this.#beingVerified += 1;
    let verified: T;
    try {
      verified = await verify(verifier);
    } finally {
      this.#beingVerified -= 1;
    }
    this.#refuseWhen('stopping');
    return verified;
  }

  /** Whose loop-back an admitted connection is for. */
  visitor(socket: Socket): VerifiedVisitor | undefined {
    return this.#visitors.get(socket);
  }

  #readAdmission(socket: Socket, fields: object, verified: VerifiedUser, trace: PageTrace): Admission {
    const { limits, sessions } = this.#options;
    const { request } = socket.conn;
    const { sessionId, sought, ...page } = readRest(fields);
    const found = sessions.find(sessionId, verified);
    // One that wants a new session elsewhere must not meet its old one here.
    if (!found || sought) this.#refuseWhen('moving');
    checkProtocol(page);
    const user = `${verified.user.role}:${verified.user.id}`;
    const place = !found && sessionId && !sought ? this.#options.elsewhere(sessionId, request) : null;
    if (place) throw new ElsewhereError(place);
    const takesOver = found?.peer;
    if (this.#byUser.get(user) >= limits.connectionsPerUser && !takesOver) {
      throw this.#limited('user', 'This user has too many connections. Close a page.');
    }
    if (socket.conn.readyState === 'open') socket.conn.once('close', this.#byUser.add(user));
    return { verified, resumeId: sessionId, page, trace: found?.trace ?? trace };
  }

  #limited(limit: RateLimit, message: string): RelayError {
    this.#options.measures.rateLimited(limit);
    return new RelayError('rate_limited', message);
  }

  #refuseWhen(stage: 'moving' | 'stopping'): void {
    if (this.#options.draining() === stage)
      throw new RelayError('draining', 'The relay is stopping. Reconnect in a few seconds.');
  }

  #refusal(socket: Socket, error: unknown, trace: string): HandshakeRefusal {
    const { logger, measures } = this.#options;
    measures.refused('handshake', error instanceof RelayError ? error.code : 'internal');
    if (error instanceof RelayError) {
      const { origin } = socket.conn.request.headers;
      this.#refusals.add({ code: error.code, reason: error.message, origin, trace }, 'connection refused');
      const place = error instanceof ElsewhereError ? error.place : undefined;
      return new HandshakeRefusal(error.code, error.message, trace, place);
    }
    const { code, message } = internalFailure(logger, error, { trace }, 'handshake failed');
    return new HandshakeRefusal(code, message, trace);
  }
}

function tokenIn(fields: object): unknown {
  return 'token' in fields ? fields.token : undefined;
}

/** Whether the page was served by this very host, by the name under which it is reached. */
function isOwnOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

/** @throws RelayError protocol_outdated. A page that does not say what it speaks finds out by its requests. */
function checkProtocol({ protocol = PROTOCOL_VERSION }: PageVersion): void {
  if (protocol >= OLDEST_PROTOCOL) return;
  throw new RelayError(
    'protocol_outdated',
    `These widgets speak protocol ${protocol}; this relay needs ${OLDEST_PROTOCOL} or later, so that the commercial’s page shows ` +
      'who listens. Load the page again, with the widgets of this relay.',
  );
}

/** The other fields of the handshake. What does not fit is as good as not sent: only the token decides. */
function readRest(fields: object): { sessionId?: string; sought: boolean } & PageVersion {
  const { sessionId, sought, protocol, version } = handshakeAuth.shape;
  const pick = (name: string): unknown => Object.getOwnPropertyDescriptor(fields, name)?.value;
  const read = {
    sessionId: sessionId.safeParse(pick('sessionId')).data,
    protocol: protocol.safeParse(pick('protocol')).data,
    version: version.safeParse(pick('version')).data,
  };
  return {
    sought: sought.safeParse(pick('sought')).data === true,
    ...(read.sessionId !== undefined && { sessionId: read.sessionId }),
    ...(read.protocol !== undefined && { protocol: read.protocol }),
    ...(read.version !== undefined && { version: read.version }),
  };
}

function quote(text: string | undefined): string {
  return `“${(text ?? '').slice(0, 200)}”`;
}
