import type {
  HandshakeAuth,
  NodePlace,
  NotificationName,
  ParamsOf,
  PayloadOf,
  PROTOCOL_VERSION,
  RequestName,
  ResultOf,
} from '../../relay/protocol/messages.ts';
import { Emitter } from '../shared/emitter.ts';
import { type Fault, ProspectError, toFault } from '../shared/fault.ts';
import type { PageEvent } from '../shared/page.ts';
import { addressOfNode, type RelayAddress } from '../shared/relay-url.ts';
import { AwayTimer } from './away-timer.ts';
import { LateMove } from './late-move.ts';
import { openSocket, type SocketOwner } from './open-socket.ts';
import { Patience } from './patience.ts';
import { PASSING, reconnectDelay, refusedTokenDelay } from './reconnect-policy.ts';
import type { RelayClientOptions } from './relay-client-options.ts';
import { type LinkEvents, type LinkStatus, type PrepareMove, type RelayLink, WISHES } from './relay-link.ts';
import type { RelaySocket, RelaySocketEvents } from './relay-socket.ts';
import { TokenExpiry } from './token-expiry.ts';

/** The version is that of messages.ts; the type makes the compiler complain when they part. */
const PROTOCOL: typeof PROTOCOL_VERSION = 3;
const REQUEST_TIMEOUT_MS = 10_000;
const PROBE_TIMEOUT_MS = 3_000;
/**
 * The connection to the relay. Reconnects by its own policy, resumes its session, re-authenticates in place. Each attempt has a
 * socket of its own, so that nothing of an older one (buffered packets, late events) reaches a newer one.
 */
export class RelayClient implements RelayLink {
  prepareMove: PrepareMove | undefined;
  readonly #options: RelayClientOptions;
  readonly #events: Emitter<LinkEvents>;
  readonly #expiry = new TokenExpiry((ms) => this.#events.emit('expiring', ms));
  readonly #stopPage: () => void;
  #token: string | null;
  /** The token that the relay verified last, of this connection. */
  #acceptedToken: string | null = null;
  #status: LinkStatus = 'idle';
  #fault: Fault | null = null;
  #session: PayloadOf<'session:ready'> | null = null;
  /** False when a resume must not be tried: the token is another user's. */
  #mayResume = true;
  /** The node of a cluster where the next attempt looks for the session; null: wherever the relay's address leads. */
  #place: NodePlace | null = null;
  /** The relay said where the session is, and that was followed: another word of this kind is not, before there is a session. */
  #sought = false;
  #socket: RelaySocket | null = null;
  #attempt = 0;
  /** Tokens that the relay refused in a row. */
  #refusals = 0;
  readonly #patience = new Patience();
  #attemptAt = 0;
  #tokenTimer: ReturnType<typeof setTimeout> | undefined;
  #notBeforeMs = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #readyTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #away = new AwayTimer((fault) => this.#set(this.#status, this.#fault ?? fault));
  #probing = false;
  #move: LateMove | null = null;
  /** Connections that the page has left for another node. */
  readonly #left = new WeakSet<RelaySocket>();
  /** The page goes on with a session of whose state nothing is known. */
  #anew = false;

  constructor(options: RelayClientOptions) {
    this.#options = options;
    this.#events = options.events ?? new Emitter();
    this.#token = options.token || null;
    this.#stopPage = options.page.listen((event) => this.#onPage(event));
    if (this.#token) this.#connect();
  }

  get status(): LinkStatus {
    return this.#status;
  }

  get session(): PayloadOf<'session:ready'> | null {
    return this.#session;
  }

  get fault(): Fault | null {
    return this.#fault;
  }

  on<N extends keyof LinkEvents>(name: N, listener: (payload: LinkEvents[N]) => void): () => void {
    return this.#events.on(name, listener);
  }

  async request<N extends RequestName>(
    name: N,
    params: ParamsOf<N>,
    timeoutMs: number = REQUEST_TIMEOUT_MS,
  ): Promise<ResultOf<N>> {
    const socket = this.#socket;
    if (!socket || this.#status !== 'online') {
      throw new ProspectError('relay_unreachable', `${name}: the relay is not connected.`);
    }
    // Sent before anything is awaited: a page that ends has no later.
    const answer = socket.ask(name, params, this.patienceMs(timeoutMs));
    await answer.catch((error: unknown) => this.#options.log(`${name} refused`, toFault(error).code));
    // Under way when the page went over: whatever the old node said of it is past.
    const past = this.#left.has(socket) && this.#status === 'online' && WISHES.test(name);
    return past ? this.request(name, params, timeoutMs) : answer;
  }

  send<N extends RequestName>(name: N, params: ParamsOf<N>): void {
    if (this.#status === 'online') this.#socket?.send(name, params);
  }

  patienceMs(usualMs: number): number {
    return this.#patience.answerMs(usualMs);
  }

  setToken(token: string | null): void {
    if (this.#status === 'closed' || (token || null) === this.#token) return;
    this.#token = token || null;
    if (!this.#token) {
      this.#expiry.cancel();
      this.#drop();
      this.#mayResume = false;
      this.#set('idle', null);
      return;
    }
    // A server whose clock is wrong, or a cache, hands out one token after the other that is over already: not each is tried at once.
    clearTimeout(this.#tokenTimer);
    const delay = refusedTokenDelay(this.#refusals, Math.random());
    if (delay === 0) this.#useToken();
    else this.#tokenTimer = setTimeout(() => this.#useToken(), delay);
  }

  check(): void {
    if (this.#status === 'online' && !this.#probing) void this.#refresh(PROBE_TIMEOUT_MS);
  }

  close(): void {
    if (this.#status === 'closed') return;
    this.#set('closed', null);
    this.#stopPage();
    this.#expiry.cancel();
    this.#drop();
    this.#events.clear();
  }

  /** Tries the newest token. */
  #useToken(): void {
    if (this.#status === 'online') void this.#refresh();
    // Waiting for this token, or for the next attempt. An attempt under way with the older token is looked at when it ends.
    else if (!this.#socket) this.#connect();
  }

  #set(status: LinkStatus, fault: Fault | null): void {
    if (status === this.#status && fault?.code === this.#fault?.code) return;
    this.#options.log(`relay ${status}`, fault?.code);
    this.#status = status;
    this.#fault = fault;
    const trying = status === 'connecting' || status === 'offline';
    if (!trying && status !== 'online') this.#move?.end();
    this.#away.look(trying);
    this.#events.emit('status', status);
  }

  /** Lets go of the socket and of everything that was planned. */
  #drop(): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#readyTimer);
    clearTimeout(this.#tokenTimer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #connect(): void {
    this.#drop();
    const token = this.#token;
    if (!token || this.#status === 'closed') return;
    let address: RelayAddress;
    try {
      address = this.#options.resolveAddress();
    } catch (error) {
      this.#set('refused', toFault(error));
      return;
    }
    if (this.#status !== 'offline') this.#set('connecting', null);
    this.#attemptAt = performance.now();
    const place = this.#mayResume && this.#place;
    this.#socket = this.#dial(place ? addressOfNode(address, place) : address, token, this.#sought);
    this.#readyTimer = setTimeout(() => {
      this.#patience.ranOut();
      this.#onLost(null, token);
    }, this.#patience.readyMs);
  }

  #dial(address: RelayAddress, token: string, sought: boolean, early?: RelaySocketEvents): RelaySocket {
    const { openMs } = this.#patience;
    const owner: SocketOwner = {
      isPresent: (socket) => this.#socket === socket,
      // A move that is about to take the page elsewhere has its say first.
      gate: (tell) => (this.#move ? this.#move.present(tell) : tell()),
      onNotification: (name, payload) => this.#onNotification(name, payload, token),
      onClose: (fault, place) => {
        if (this.#status !== 'online' && performance.now() - this.#attemptAt >= openMs) this.#patience.ranOut();
        this.#onLost(fault, token, place);
      },
    };
    const auth: HandshakeAuth = { token, version: this.#options.version, protocol: PROTOCOL };
    if (this.#session && this.#mayResume) {
      auth.sessionId = this.#session.sessionId;
      if (sought) auth.sought = true;
    }
    return openSocket(address, auth, openMs, owner, early);
  }

  #onNotification<N extends NotificationName>(name: N, payload: LinkEvents[N], token: string): void {
    if (name === 'session:ready') {
      this.#onReady(payload as PayloadOf<'session:ready'>, token);
    } else if (this.#status === 'online') {
      if (name === 'session:ended') this.#onLost(payload as Fault, this.#acceptedToken);
      else if (name === 'relay:draining') {
        // Whoever takes its place, it will not be there.
        this.#place = null;
        this.#notBeforeMs = (payload as PayloadOf<'relay:draining'>).reconnectAfterMs;
      } else if (name === 'relay:move') this.#goElsewhere((payload as PayloadOf<'relay:move'>).withinMs);
      // Names without a colon are this page's own.
      if (name.includes(':')) this.#events.emit(name, payload);
    }
  }

  #onReady(session: PayloadOf<'session:ready'>, token: string): void {
    this.#patience.connected(performance.now() - this.#attemptAt);
    // What was to go over elsewhere is gone; the page begins anew here.
    if (!session.resumed) this.#move?.end();
    this.#useSession(this.#anew ? { ...session, resumed: false, hasMedia: false } : session, token);
    if (this.#session) this.#events.emit('session:ready', this.#session);
    // A token set while this attempt was under way.
    if (this.#token !== token) this.#useToken();
  }

  #useSession(session: PayloadOf<'session:ready'>, token: string): void {
    clearTimeout(this.#readyTimer);
    this.#options.onTrace?.(session.traceId);
    if (session.warning && session.warning !== this.#session?.warning) console.warn(session.warning);
    this.#session = session;
    this.#place = session.place ?? null;
    this.#sought = false;
    this.#mayResume = true;
    this.#acceptedToken = token;
    this.#attempt = this.#refusals = this.#notBeforeMs = 0;
    this.#anew = false;
    this.#expiry.watch(token, session.tokenExpiresInMs);
    this.#set('online', null);
  }

  /** The node is to stop, and another takes pages. */
  #goElsewhere(withinMs: number): void {
    const { log, resolveAddress } = this.#options;
    let token = this.#token ?? '';
    this.#move ??= new LateMove(
      {
        dial: (events) => {
          token = this.#token ?? token;
          return this.#dial(resolveAddress(), token, true, events);
        },
        readyMs: this.#patience.readyMs,
        patienceMs: (usualMs = REQUEST_TIMEOUT_MS) => this.patienceMs(usualMs),
        prepare: this.prepareMove,
        goOver: (socket, session) => this.#goOver(socket, session, token),
        tell: (name, payload) => this.#onNotification(name, payload, token),
        ended: () => {
          this.#move = null;
        },
        log,
      },
      withinMs,
    );
  }

  #goOver(socket: RelaySocket | null, session: PayloadOf<'session:ready'>, token: string): void {
    if (this.#socket) this.#left.add(this.#socket);
    if (!socket) {
      this.#session = session;
      this.#place = session.place ?? null;
      this.#anew = true;
      this.#reconnectNow();
      return;
    }
    this.#drop();
    this.#socket = socket;
    this.#useSession(session, token);
    this.#events.emit('moved', undefined);
    if (this.#token !== token) this.#useToken();
  }

  /**
   * The connection is over or never came: by the network (`fault` null), or because the relay said no to `token`; `elsewhere` with
   * the place where it says yes.
   */
  #onLost(fault: Fault | null, token: string | null, place?: NodePlace): void {
    const passing = fault !== null && PASSING.includes(fault.code);
    this.#drop();
    if (fault && !passing) {
      if (fault.code === 'token_user_changed') this.#mayResume = false;
      if (this.#token !== token) {
        // Counts as well: a host may set tokens faster than they can be tried.
        if (token && fault.code.startsWith('token_')) this.#refusals += 1;
        this.#retry(refusedTokenDelay(this.#refusals, Math.random()));
        return;
      }
      this.#set('refused', fault);
      this.#tokenRefused(fault, token);
      return;
    }
    // A node at which the page was not let in has failed once: the relay's address may lead to another, which knows more.
    const failed = this.#status === 'online' ? null : this.#place;
    if (failed) this.#place = null;
    if (place && !this.#sought) {
      this.#sought = true;
      this.#place = place;
      this.#connect();
      return;
    }
    const refused = passing && !['draining', 'elsewhere'].includes(fault.code);
    const attempt = failed ? 0 : this.#attempt;
    const delay = reconnectDelay({ attempt, refused, notBeforeMs: this.#notBeforeMs, random: Math.random() });
    if (!failed) this.#attempt += 1;
    this.#notBeforeMs = 0;
    this.#retry(delay, refused ? fault : null);
  }

  /** Another token may help: it is asked for, and asked for again. */
  #tokenRefused(fault: Fault, token: string | null): void {
    if (!token || !fault.code.startsWith('token_')) return;
    this.#refusals += 1;
    this.#expiry.refused(token);
  }

  #retry(delay: number, fault: Fault | null = null): void {
    if (this.#status === 'closed') return;
    this.#options.log('next attempt in ms', delay);
    // The first attempts of a page are `connecting` all along; a fault once shown stays until the relay is back.
    this.#set(this.#status === 'connecting' ? 'connecting' : 'offline', fault ?? this.#fault);
    this.#retryTimer = setTimeout(() => this.#connect(), delay);
  }

  /** Sends the newest token over the open connection; doubles as a probe of a socket that may be dead. */
  async #refresh(timeoutMs = REQUEST_TIMEOUT_MS): Promise<void> {
    const token = this.#token;
    const socket = this.#socket;
    if (!token || !socket) return;
    this.#probing = true;
    try {
      const refreshed = await this.request('session:refresh', { token }, timeoutMs);
      if (this.#token !== token || this.#socket !== socket) return;
      this.#acceptedToken = token;
      this.#refusals = 0;
      // Fresh TURN credentials come along, for whatever is negotiated from now on.
      if (this.#session) this.#session = { ...this.#session, ...refreshed };
      this.#expiry.watch(token, refreshed.tokenExpiresInMs);
      this.#set('online', null);
    } catch (error) {
      if (this.#token !== token || this.#socket !== socket) return;
      const fault = toFault(error);
      this.#options.log('refresh failed', fault.code);
      if (fault.code === 'token_user_changed') this.#mayResume = false;
      if (fault.code === 'request_timeout' || !this.#mayResume) this.#reconnectNow();
      else if (PASSING.includes(fault.code)) {
        clearTimeout(this.#retryTimer);
        this.#retryTimer = setTimeout(() => void this.#refresh(), 3_000);
      } else if (this.#status === 'online') {
        // The older token still holds until its end; say what is wrong with the newer one.
        this.#set('online', fault);
        this.#tokenRefused(fault, token);
      }
    } finally {
      this.#probing = false;
    }
  }

  #reconnectNow(): void {
    this.#drop();
    this.#set('offline', null);
    this.#connect();
  }

  #onPage(event: PageEvent): void {
    if (event === 'hidden' || event === 'leaving') return;
    if (this.#status === 'online') this.check();
    else if (this.#status === 'offline' || (this.#status === 'connecting' && !this.#socket)) {
      this.#attempt = 0;
      // Where it was not reached, the network may have been what failed.
      this.#place = this.#session?.place ?? null;
      this.#connect();
    }
    if (event === 'online') this.#events.emit('network', undefined);
  }
}
