import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { AuditSink } from '../audit/audit-entries.ts';
import type { PageVerifier } from '../auth/user.ts';
import type { RelayConfig } from '../config/shape.ts';
import { boundedWebSockets, type FrameLimits, frameLimitsFor } from '../doors/bounded-web-sockets.ts';
import type { DoorCounts } from '../doors/door-counts.ts';
import { TokenBucket } from '../doors/token-bucket.ts';
import { Measures } from '../measures/measures.ts';
import type { Media } from '../media/media.ts';
import { corsOrigin } from '../origins.ts';
import type { Consents } from '../policy/consents.ts';
import type { Usage } from '../policy/usage.ts';
import { LOOP_BACK_NAMESPACE } from '../protocol/loop-back.ts';
import type { Elsewhere } from '../streams/elsewhere.ts';
import type { PolicyRules } from '../streams/policy-guard.ts';
import type { StatusSource } from '../streams/status.ts';
import { type StreamGauges, StreamRegistry } from '../streams/stream-registry.ts';
import { adminHandlers } from './admin-handlers.ts';
import { commercialHandlers } from './commercial-handlers.ts';
import { Dispatcher } from './dispatcher.ts';
import { Handshake } from './handshake.ts';
import { LoopBacks } from './loop-backs.ts';
import { PageMoves } from './page-moves.ts';
import { returnTimeMs } from './return-time.ts';
import { sessionHandlers } from './session-handlers.ts';
import { SocketPeer } from './socket-peer.ts';
import { openSocketSession, type SocketSessionOptions } from './socket-session.ts';
import { NodePaths, nodeOfSession, type Whereabouts } from './whereabouts.ts';

/** What the signalling is made with. */
export interface SignallingOptions {
  /** Served on all of them alike, under /socket.io/. They stay the caller's: closing does not close them. */
  readonly servers: readonly (HttpServer | HttpsServer)[];
  readonly config: Pick<RelayConfig, 'http' | 'ice' | 'session' | 'limits'>;
  readonly verifier: PageVerifier;
  readonly media: Media;
  readonly logger: Logger;
  readonly relayVersion: string;
  /** Who really heard whom. */
  readonly audit: AuditSink;
  /** Where connections are counted that the relay ends by itself. */
  readonly doors: DoorCounts;
  /** Where it is told what people feel; absent: nowhere. */
  readonly measures?: Measures;
  /** The cluster's nodes; null or absent on a single relay. */
  readonly whereabouts?: Whereabouts | null;
  /** The other nodes of the cluster, for the streams; absent on a relay that runs alone. */
  readonly elsewhere?: Elsewhere;
  /** What whoever runs the relay allows; absent: everything. */
  readonly policy?: PolicyRules;
  /** What was heard before this process began, where that is known. */
  readonly usage?: Usage;
  readonly consents?: Consents;
}

/** Counts for metrics and leak tests. */
export interface SignallingGauges extends StreamGauges {
  /** Connections, authenticated or not. */
  readonly connections: number;
  /** Addresses and users that have a connection. */
  readonly tracked: number;
  /** Loop-backs of the page /doctor. */
  readonly loopBacks: number;
}

/** A connection that has not authenticated after this long is closed. */
const CONNECT_TIMEOUT_MS = 15_000;
/** A page that does not answer the closing handshake is cut off after this long. */
const CLOSE_PATIENCE_MS = 500;

/** The relay's Socket.IO side, over one or several HTTP servers. */
export class SignallingServer {
  readonly #io: Server;
  readonly #engines: Server['engine'][] = [];
  readonly #upgraded = new Set<Duplex>();
  readonly #streams: StreamRegistry;
  readonly #handshake: Handshake;
  readonly #loopBacks: LoopBacks;
  readonly #frames: FrameLimits;
  readonly #doors: DoorCounts;
  readonly #logger: Logger;
  /** Null on a single relay, which has no such paths. */
  readonly #nodePaths: NodePaths | null;
  #moves: PageMoves | null = null;
  #draining = false;
  #closing: Promise<void> | null = null;

  static create(options: SignallingOptions): SignallingServer {
    return new SignallingServer(options);
  }

  private constructor(options: SignallingOptions) {
    const { config, verifier, media, logger, relayVersion, servers, doors, whereabouts = null } = options;
    const { measures = new Measures() } = options;
    const { session, limits, http } = config;
    this.#frames = frameLimitsFor(limits);
    this.#doors = doors;
    this.#logger = logger;
    this.#nodePaths = whereabouts && new NodePaths();
    const nodeId = whereabouts?.self.id ?? null;
    this.#streams = new StreamRegistry({
      media,
      session,
      limits,
      logger,
      audit: options.audit,
      measures,
      nodeId,
      notifyAll: SocketPeer.notifyAll,
      ...(options.elsewhere && { elsewhere: options.elsewhere }),
      ...(options.policy && { policy: options.policy }),
      ...(options.usage && { usage: options.usage }),
      ...(options.consents && { consents: options.consents }),
    });
    const sessions = this.#streams.registry;
    this.#handshake = new Handshake({
      verifier,
      sessions,
      limits,
      allowedOrigins: http.allowedOrigins,
      trustedProxies: http.trustedProxies,
      logger,
      measures,
      draining: () => (this.#draining ? 'stopping' : this.#moves && 'moving'),
      elsewhere: (sessionId, request) => {
        const nodeId = whereabouts && nodeOfSession(sessionId);
        return nodeId && this.#nodePaths?.nodeAsked(request) !== nodeId ? whereabouts.placeOf(nodeId) : null;
      },
    });
    this.#io = ioServer(
      config,
      this.#handshake,
      boundedWebSockets(this.#frames, () => this.#flooded('frames')),
    );
    this.#io.use((socket, next) => void this.#handshake.admit(socket, next));
    this.#loopBacks = this.#serveLoopBacks(options, measures);
    const handlers = {
      ...sessionHandlers(verifier, config, this.#streams.whispering),
      ...commercialHandlers(
        this.#streams.publishing,
        this.#streams.helping,
        this.#streams.whispering,
        (session, version) => this.#streams.consent(session, version),
      ),
      ...adminHandlers(this.#streams.listening, this.#streams.whispering, (session, hidden) =>
        this.#streams.paceRoster(session, hidden),
      ),
    };
    const dispatcher = new Dispatcher(handlers, logger, limits.messagesPerSecond, measures);
    const place = whereabouts?.self.place ?? null;
    const policy = options.policy?.exists === true;
    const forSockets: SocketSessionOptions = {
      sessions,
      dispatcher,
      config,
      relayVersion,
      logger,
      doors,
      place,
      policy,
    };
    this.#io.on('connection', (socket) => this.#connected(socket, forSockets));
    for (const server of servers) this.#attach(server);
  }

  /** Where HTTP endpoints and metrics read the state of the streams. */
  get status(): StatusSource {
    return this.#streams;
  }

  /** The state of the streams, for the cluster. */
  get streams(): StreamRegistry {
    return this.#streams;
  }

  gauges(): SignallingGauges {
    const connections = this.#engines.reduce((sum, engine) => sum + engine.clientsCount, 0);
    return {
      ...this.#streams.gauges(),
      connections,
      tracked: this.#handshake.tracked,
      loopBacks: this.#loopBacks.size,
    };
  }

  /** Sessions whose page is here: connected, or with audio that goes on. */
  get occupied(): number {
    return this.#streams.registry.occupied;
  }

  /** The node whose path the request came by; null: none. */
  nodeAsked(request: IncomingMessage): string | null {
    return this.#nodePaths?.nodeAsked(request) ?? null;
  }

  /** Refuses new pages, and asks those which are here to go over to another node within so many milliseconds. Idempotent. */
  move(withinMs: number): void {
    if (!this.#draining) this.#moves ??= new PageMoves(this.#streams.registry, withinMs);
  }

  /** Tells every page that the relay stops on purpose, and refuses new ones. Media goes on. Idempotent. */
  drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    this.#moves?.close();
    const { attached } = this.#streams.registry;
    for (const session of this.#streams.registry) {
      const reconnectAfterMs = returnTimeMs(attached, Math.random());
      session.notify('relay:draining', { reconnectAfterMs });
    }
  }

  /** Drains, ends every session with its media, and closes every connection. The HTTP servers stay open. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.drain();
    // Pages first: none of them shall hear that the others' streams end, which is not for good.
    this.#io.disconnectSockets(true);
    this.#loopBacks.close();
    this.#streams.close();
    const { promise: over, resolve: ended } = Promise.withResolvers<void>();
    const whenQuiet = (): void => {
      if (this.#upgraded.size === 0) ended();
    };
    for (const socket of this.#upgraded) socket.once('close', whenQuiet);
    whenQuiet();
    const patience = setTimeout(ended, CLOSE_PATIENCE_MS);
    await over;
    clearTimeout(patience);
    for (const engine of this.#engines) engine.close();
    for (const socket of this.#upgraded) socket.destroy();
    for (const name of ['/', LOOP_BACK_NAMESPACE]) await this.#io.of(name).adapter.close();
  }

  /** The page /doctor speaks in a namespace of its own, which leads to no session. */
  #serveLoopBacks({ config, media, logger, relayVersion }: SignallingOptions, measures: Measures): LoopBacks {
    const loopBacks = new LoopBacks({
      media,
      config,
      relayVersion,
      logger,
      measures,
      visitorOf: (socket) => (this.#closing ? null : (this.#handshake.visitor(socket) ?? null)),
    });
    const namespace = this.#io.of(LOOP_BACK_NAMESPACE);
    namespace.use((socket, next) => {
      void this.#handshake.admitVisitor(socket, next, (visitor) => loopBacks.admit(visitor));
    });
    loopBacks.serve(namespace);
    return loopBacks;
  }

  /** One engine for each server: Socket.IO's own `close()` would forget all but the last, and close its HTTP server. */
  #attach(server: HttpServer | HttpsServer): void {
    server.on('upgrade', (_request, socket) => {
      this.#upgraded.add(socket);
      socket.once('close', () => this.#upgraded.delete(socket));
    });
    this.#io.attach(server);
    this.#engines.push(this.#io.engine);
    if (this.#nodePaths) {
      // Engine.IO has put itself before the other listeners; these stand before it.
      server.prependListener('request', this.#nodePaths.take);
      server.prependListener('upgrade', this.#nodePaths.take);
    }
    this.#io.engine.on('connection', (conn: Socket['conn']) => {
      this.#handshake.opened(conn);
      this.#boundPackets(conn);
    });
  }

  /** Over polling there are no frames, and one request carries many packets: so they are counted as well, whatever carries them. */
  #boundPackets(conn: Socket['conn']): void {
    const packets = new TokenBucket(this.#frames.framesPerSecond);
    const characters = new TokenBucket(this.#frames.bytesPerSecond);
    conn.on('packet', ({ data }: { data?: unknown }) => {
      if (packets.take() && characters.take(typeof data === 'string' ? data.length : 0)) return;
      this.#flooded('packets');
      conn.close(true);
    });
  }

  #flooded(what: 'frames' | 'packets'): void {
    this.#doors.add('flood');
    this.#logger.warn({ what }, 'connection ended: it sends more than a page has reason to');
  }

  #connected(socket: Socket, options: SocketSessionOptions): void {
    const admission = this.#handshake.admission(socket);
    if (!admission || this.#closing) {
      socket.disconnect(true);
      return;
    }
    const session = openSocketSession(socket, admission, options);
    if (!this.#draining) this.#moves?.ask(session);
  }
}

function ioServer(
  { http, session, limits }: SignallingOptions['config'],
  handshake: Handshake,
  wsEngine: unknown,
): Server {
  return new Server({
    wsEngine,
    serveClient: false,
    transports: ['websocket', 'polling'],
    maxHttpBufferSize: limits.maxMessageBytes,
    pingInterval: session.pingIntervalMs,
    pingTimeout: session.pingTimeoutMs,
    connectTimeout: CONNECT_TIMEOUT_MS,
    perMessageDeflate: false, // memory for each connection, for messages that are small
    httpCompression: false,
    allowRequest: (request, answer) => answer(null, handshake.mayOpen(request)),
    // For polling, where the browser enforces it. WebSockets have no such rule: the handshake checks the origin of both.
    cors: { origin: corsOrigin(http.allowedOrigins), methods: ['GET', 'POST'] },
  });
}
