import type { Logger } from 'pino';
import type { Namespace, Socket } from 'socket.io';
import type { z } from 'zod';
import type { VerifiedVisitor } from '../auth/user.ts';
import type { IceConfig, LimitsConfig } from '../config/shape.ts';
import { RequestPace } from '../doors/request-pace.ts';
import { TokenBucket } from '../doors/token-bucket.ts';
import { RelayError } from '../errors.ts';
import type { Measures } from '../measures/measures.ts';
import type { Media } from '../media/media.ts';
import {
  LOOP_BACK_MS,
  LOOP_BACKS_PER_MINUTE,
  type loopBackNotifications,
  loopBackRequests,
  MAX_LOOP_BACKS,
} from '../protocol/loop-back.ts';
import { PROTOCOL_VERSION } from '../protocol/messages.ts';
import { LoopBack } from '../streams/loop-back.ts';
import { TimerSet } from '../streams/timers.ts';
import { iceServersFor } from './ice-servers.ts';
import { internalFailure, readParams } from './request-failures.ts';

/** What the loop-backs are made with. */
export interface LoopBacksOptions {
  readonly media: Media;
  readonly config: { readonly ice: IceConfig; readonly limits: LimitsConfig };
  readonly relayVersion: string;
  readonly logger: Logger;
  readonly measures: Measures;
  /** Who an admitted connection belongs to. */
  readonly visitorOf: (socket: Socket) => VerifiedVisitor | null;
  /** How long one lasts, for tests. In milliseconds. */
  readonly limitMs?: number;
}

type Notifications = { readonly [N in keyof typeof loopBackNotifications]: z.infer<(typeof loopBackNotifications)[N]> };
type Ended = Notifications['loopback:ended']['reason'];

/** A new connection is no new allowance. */
interface VisitorPace {
  readonly openings: TokenBucket;
  readonly requests: RequestPace;
  cameAt: number;
}

/** After so long without a new loop-back a visitor's pace is as that of one who never came: then it is forgotten. */
const PACE_KEPT_MS = LOOP_BACK_MS + 60_000;

interface Open {
  readonly pace: RequestPace;
  readonly socket: Socket;
  readonly loop: LoopBack;
  end(reason: Ended | null): void;
}

/**
 * The connections of the page /doctor: each has a loop-back of its own, for a while. They have no session, so that nothing that knows
 * of sessions (rosters, streams, other nodes) knows of them.
 */
export class LoopBacks {
  readonly #options: LoopBacksOptions;
  readonly #logger: Logger;
  readonly #timers = new TimerSet();
  /** By role and id: one each. */
  readonly #byUser = new Map<string, Open>();
  /** How each who came within the last minute is paced, also over several loop-backs, by role and id. The oldest stands first. */
  readonly #paces = new Map<string, VisitorPace>();

  constructor(options: LoopBacksOptions) {
    this.#options = options;
    this.#logger = options.logger.child({ part: 'loop-back' });
  }

  /** Loop-backs that are open. */
  get size(): number {
    return this.#byUser.size;
  }

  /** Takes the connections of a namespace, whose handshake has admitted them. */
  serve(namespace: Namespace): void {
    namespace.on('connection', (socket) => this.#connected(socket));
  }

  /**
   * Whether there is room for one more of this visitor. It takes none away from streams and listeners: it is let in only while there
   * is plenty, and the few that there are at a time show in what the load is measured as.
   * @throws RelayError rate_limited, capacity
   */
  admit(visitor: VerifiedVisitor): void {
    const key = keyOf(visitor);
    if (!this.#paceOf(key).openings.take()) {
      this.#options.measures.rateLimited('user');
      throw new RelayError('rate_limited', 'This user begins a diagnosis too often. Try again in a minute.');
    }
    const others = this.#byUser.size - (this.#byUser.has(key) ? 1 : 0);
    if (others >= MAX_LOOP_BACKS || !this.#options.media.room.spare)
      throw new RelayError('capacity', 'There is no room for a diagnosis just now. Try again in a minute.');
  }

  #paceOf(key: string): VisitorPace {
    const now = performance.now();
    for (const [each, { cameAt }] of this.#paces) {
      if (now - cameAt < PACE_KEPT_MS) break;
      this.#paces.delete(each);
    }
    const pace = this.#paces.get(key) ?? {
      openings: new TokenBucket(LOOP_BACKS_PER_MINUTE / 60, LOOP_BACKS_PER_MINUTE / 2),
      requests: new RequestPace(this.#options.config.limits.messagesPerSecond),
      cameAt: now,
    };
    pace.cameAt = now;
    // Anew, so that the oldest stands first.
    this.#paces.delete(key);
    this.#paces.set(key, pace);
    return pace;
  }

  /** Ends all. Idempotent. */
  close(): void {
    for (const open of [...this.#byUser.values()]) open.end('relay_stopping');
    this.#timers.clear();
  }

  #connected(socket: Socket): void {
    const visitor = this.#options.visitorOf(socket);
    if (!visitor || !socket.connected) return void socket.conn.close();
    // The newest wins: the older page may be one that nobody sees any more.
    this.#byUser.get(keyOf(visitor))?.end('replaced');
    // Others may have come since the handshake.
    if (this.#byUser.size >= MAX_LOOP_BACKS) return void socket.conn.close();
    this.#open(socket, visitor);
  }

  #open(socket: Socket, visitor: VerifiedVisitor): void {
    const { media, config, relayVersion, limitMs = LOOP_BACK_MS } = this.#options;
    const { id, role, expiresAt } = visitor;
    const key = keyOf(visitor);
    const logger = this.#logger.child({ user: id, role });
    const loop = new LoopBack({
      media,
      timers: this.#timers,
      logger,
      onLost: (direction) => tell(socket, 'loopback:lost', { direction }),
    });
    const tokenExpiresInMs = Math.max(0, expiresAt - Date.now());
    const first: Ended = tokenExpiresInMs < limitMs ? 'token_expired' : 'time_limit';
    const timer = this.#timers.after(Math.min(tokenExpiresInMs, limitMs), () => open.end(first));
    const open: Open = {
      pace: this.#paceOf(key).requests,
      socket,
      loop,
      end: (reason) => {
        if (this.#byUser.get(key) !== open) return;
        this.#byUser.delete(key);
        timer.cancel();
        loop.close();
        logger.info({ reason: reason ?? 'page_left' }, 'loop-back ended');
        if (reason) tell(socket, 'loopback:ended', { reason });
        socket.disconnect(true);
      },
    };
    this.#byUser.set(key, open);
    socket.onAny((name: unknown, ...args: unknown[]) => {
      // One that has ended may have something under way still.
      if (this.#byUser.get(key) === open) void this.#answer(open, name, args);
    });
    socket.on('disconnect', () => open.end(null));
    logger.info('loop-back began');
    tell(socket, 'loopback:ready', {
      relayVersion,
      protocol: PROTOCOL_VERSION,
      role,
      tokenExpiresInMs,
      iceServers: iceServersFor(config.ice, id),
      limitMs,
    });
  }

  /** Never rejects: whatever comes ends in an acknowledgement, or in silence. */
  async #answer(open: Open, name: unknown, args: readonly unknown[]): Promise<void> {
    const { measures } = this.#options;
    const pacing = open.pace.take();
    if (pacing === 'end') {
      measures.rateLimited('flood');
      return open.end('rate_limited');
    }
    const ack = args.at(-1);
    if (pacing === 'refuse') measures.rateLimited('requests');
    // Without an acknowledgement nobody could be told how it went.
    if (typeof ack !== 'function') return;
    try {
      if (pacing === 'refuse') throw new RelayError('rate_limited', 'Too many requests; slow down.');
      if (args.length !== 2) throw new RelayError('bad_request', 'A request is one object and an acknowledgement.');
      ack({ ok: true, data: await handle(open.loop, name, args[0]) });
    } catch (error) {
      ack({ ok: false, error: this.#refusal(error) });
    }
  }

  #refusal(error: unknown): { code: string; message: string } {
    this.#options.measures.refused('request', error instanceof RelayError ? error.code : 'internal');
    if (error instanceof RelayError) return { code: error.code, message: error.message };
    return internalFailure(this.#logger, error, {}, 'request of a loop-back failed');
  }
}

async function handle(loop: LoopBack, name: unknown, params: unknown): Promise<object> {
  switch (name) {
    case 'loopback:offer':
      return { sdp: await loop.offer(readParams(name, loopBackRequests[name].params, params).sdp) };
    case 'loopback:connect':
      readParams(name, loopBackRequests[name].params, params);
      return { sdp: await loop.connect() };
    case 'loopback:answer':
      await loop.answer(readParams(name, loopBackRequests[name].params, params).sdp);
      return {};
    default:
      throw new RelayError('unknown_request', `There is no request “${String(name).slice(0, 60)}”.`);
  }
}

function tell<N extends keyof Notifications>(socket: Socket, name: N, payload: Notifications[N]): void {
  if (socket.connected) socket.emit(name, payload);
}

function keyOf({ role, id }: VerifiedVisitor): string {
  return `${role}:${id}`;
}
