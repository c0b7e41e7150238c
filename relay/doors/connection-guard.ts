import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { countedAddress } from './address.ts';
import type { DoorCounts, EndReason } from './door-counts.ts';
import { WriteProgress } from './write-progress.ts';

/** How many TCP connections are held, and how long one that does not read. */
export interface ConnectionLimits {
  readonly total: number;
  /** Of one IPv4 address or IPv6 /64; null when proxies stand in front, whose address all connections share. */
  readonly perAddress: number | null;
  /** A connection that takes nothing of what waits for it for so long is ended, in milliseconds. */
  readonly stallMs: number;
}

/** One TCP connection, from its first packet on: before TLS, before any byte of HTTP. */
interface Held {
  readonly socket: Socket;
  readonly address: string;
  /** What is written to: the socket, or TLS over it. */
  stream: Socket;
  readonly progress: WriteProgress;
  requests: number;
  upgraded: boolean;
}

/** Node tells of every request that begins, whoever answers it (`node:diagnostics_channel`, “Built-in Channels”). */
const REQUEST_START = 'http.server.request.start';

const LOOK_EVERY_MS = 1_000;

/**
 * Counts connections where they come in. At the limit a connection that waits for nothing (kept alive, or silent from the start)
 * gives way to a newer one, so that idle connections, however many, shut nobody out; when none is idle, the new one is refused.
 */
export class ConnectionGuard {
  readonly #limits: ConnectionLimits;
  readonly #counts: DoorCounts;
  readonly #logger: Logger;
  readonly #servers = new WeakSet<object>();
  readonly #held = new Map<Socket, Held>();
  /** By the stream that requests arrive on. */
  readonly #byStream = new WeakMap<object, Held>();
  readonly #byEndpoint = new Map<string, Held>();
  readonly #byAddress = new Map<string, Set<Held>>();
  /** Those that wait for nothing, longest first. */
  readonly #idle = new Set<Held>();
  readonly #timer: NodeJS.Timeout;

  constructor(limits: ConnectionLimits, counts: DoorCounts, logger: Logger) {
    this.#limits = limits;
    this.#counts = counts;
    this.#logger = logger;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
    subscribe(REQUEST_START, this.#onRequest);
  }

  /** To be called before the server listens. */
  watch(server: Server): void {
    this.#servers.add(server);
    server.on('connection', (socket: Socket) => this.#opened(socket));
    server.on('secureConnection', (stream: Socket) => {
      const held = this.#byEndpoint.get(endpointOf(stream));
      if (!held) return;
      held.stream = stream;
      this.#byStream.set(stream, held);
    });
  }

  /** To be called once somebody else listens for upgrades: with a listener, Node leaves them to it. */
  watchUpgrades(server: Server): void {
    server.on('upgrade', (_request, stream) => {
      const held = this.#byStream.get(stream);
      if (!held) return;
      held.upgraded = true;
      this.#idle.delete(held);
    });
  }

  /** Stops watching; connections stay as they are. */
  close(): void {
    clearInterval(this.#timer);
    unsubscribe(REQUEST_START, this.#onRequest);
  }

  #opened(socket: Socket): void {
    const address = countedAddress(socket.remoteAddress);
    // Gone already, or it would be counted for nobody.
    if (address === null) return void socket.destroy();
    if (!this.#makeRoom(address)) return void socket.destroy();
    const held: Held = { socket, address, stream: socket, progress: new WriteProgress(), requests: 0, upgraded: false };
    const endpoint = endpointOf(socket);
    const neighbours = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, neighbours.add(held));
    this.#held.set(socket, held);
    this.#byStream.set(socket, held);
    this.#byEndpoint.set(endpoint, held);
    this.#idle.add(held);
    this.#counts.open += 1;
    socket.once('close', () => {
      this.#forget(held);
      if (this.#byEndpoint.get(endpoint) === held) this.#byEndpoint.delete(endpoint);
    });
  }

  /** Whether one more of this address may stay. */
  #makeRoom(address: string): boolean {
    const { total, perAddress } = this.#limits;
    const own = this.#byAddress.get(address);
    const ownIsFull = perAddress !== null && (own?.size ?? 0) >= perAddress;
    if (!ownIsFull && this.#held.size < total) return true;
    // The longest idle, of the same address first: who opens many gives way to itself.
    const victim = first(own ?? [], (held) => this.#idle.has(held)) ?? (ownIsFull ? null : first(this.#idle));
    if (victim) {
      this.#end(victim, 'made_room');
      return true;
    }
    this.#counts.add(ownIsFull ? 'address_limit' : 'total_limit');
    this.#logger.warn({ limit: ownIsFull ? 'address' : 'total' }, 'connection refused: too many are open');
    return false;
  }

  /** A response ends with `close` whether it was finished or cut off. */
  readonly #onRequest = (message: unknown): void => {
    if (!isRequestStart(message) || !this.#servers.has(message.server)) return;
    const held = this.#byStream.get(message.socket);
    if (!held) return;
    held.requests += 1;
    this.#idle.delete(held);
    message.response.once('close', () => {
      held.requests -= 1;
      if (held.requests > 0 || held.upgraded || !this.#held.has(held.socket)) return;
      this.#idle.add(held);
      // Longest idle first, among those of its address too.
      const neighbours = this.#byAddress.get(held.address);
      if (neighbours?.delete(held)) neighbours.add(held);
    });
  };

  #look(): void {
    for (const held of this.#held.values()) {
      if (held.progress.stalledMs(held.stream) > this.#limits.stallMs) this.#end(held, 'not_reading');
    }
  }

  #end(held: Held, reason: EndReason): void {
    this.#counts.add(reason);
    this.#logger.debug({ reason }, 'connection ended');
    // At once, since the socket says that it is closed only later.
    this.#forget(held);
    held.stream.destroy();
    held.socket.destroy();
  }

  #forget(held: Held): void {
    if (!this.#held.delete(held.socket)) return;
    this.#counts.open -= 1;
    this.#idle.delete(held);
    const neighbours = this.#byAddress.get(held.address);
    neighbours?.delete(held);
    if (neighbours?.size === 0) this.#byAddress.delete(held.address);
  }
}

/** TLS has a stream of its own over each socket; the two ends of the connection are the same for both. */
function endpointOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}|${socket.localPort}`;
}

function first<T>(of: Iterable<T>, fits: (one: T) => boolean = () => true): T | null {
  for (const one of of) if (fits(one)) return one;
  return null;
}

interface RequestStart {
  readonly server: object;
  readonly socket: object;
  readonly response: ServerResponse;
}

function isRequestStart(message: unknown): message is RequestStart {
  return (
    typeof message === 'object' &&
    message !== null &&
    'server' in message &&
    'socket' in message &&
    'response' in message
  );
}
