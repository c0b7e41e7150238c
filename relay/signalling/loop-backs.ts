import type { Logger } from 'pino';
import type { Namespace, Socket } from 'socket.io';
import type { z } from 'zod';
import type { VerifiedUser } from '../auth/user.ts';
import type { IceConfig, LimitsConfig } from '../config/shape.ts';
import { TokenBucket } from '../doors/token-bucket.ts';
import { RelayError } from '../errors.ts';
import type { Media } from '../media/media.ts';
import { LOOP_BACK_MS, type loopBackNotifications, loopBackRequests, MAX_LOOP_BACKS } from '../protocol/loop-back.ts';
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
  /** Who an admitted connection belongs to. */
  readonly userOf: (socket: Socket) => VerifiedUser | null;
  /** How long one lasts, for tests. In milliseconds. */
  readonly limitMs?: number;
}

type Notifications = { readonly [N in keyof typeof loopBackNotifications]: z.infer<(typeof loopBackNotifications)[N]> };
type Ended = Notifications['loopback:ended']['reason'];

interface Open {
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

  /** Whether there is room for one more of this user. @throws RelayError capacity */
  admit({ user }: VerifiedUser): void {
    const others = this.#byUser.size - (this.#byUser.has(keyOf(user)) ? 1 : 0);
    if (others >= MAX_LOOP_BACKS || !this.#options.media.room.take())
      throw new RelayError('capacity', 'There is no room for a diagnosis just now. Try again in a minute.');
  }

  /** Ends all. Idempotent. */
  close(): void {
    for (const open of [...this.#byUser.values()]) open.end('relay_stopping');
    this.#timers.clear();
  }

  #connected(socket: Socket): void {
    const verified = this.#options.userOf(socket);
    if (!verified || !socket.connected) return void socket.conn.close();
    // The newest wins: the older page may be one that nobody sees any more.
    this.#byUser.get(keyOf(verified.user))?.end('replaced');
    // Others may have come since the handshake.
    if (this.#byUser.size >= MAX_LOOP_BACKS) return void socket.conn.close();
    this.#open(socket, verified);
  }

  #open(socket: Socket, { user, expiresAt }: VerifiedUser): void {
    const { media, config, relayVersion, limitMs = LOOP_BACK_MS } = this.#options;
    const key = keyOf(user);
    const logger = this.#logger.child({ user: user.id, role: user.role });
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
    const bucket = new TokenBucket(config.limits.messagesPerSecond);
    socket.onAny((name: unknown, ...args: unknown[]) => void this.#answer(open, bucket, name, args));
    socket.on('disconnect', () => open.end(null));
    logger.info('loop-back began');
    tell(socket, 'loopback:ready', {
      relayVersion,
      protocol: PROTOCOL_VERSION,
      role: user.role,
      tokenExpiresInMs,
      iceServers: iceServersFor(config.ice, user.id),
      limitMs,
    });
  }

  /** Never rejects: whatever comes ends in an acknowledgement, or in silence. */
  async #answer({ loop }: Open, bucket: TokenBucket, name: unknown, args: readonly unknown[]): Promise<void> {
    const ack = args.at(-1);
    // Without an acknowledgement nobody could be told how it went.
    if (typeof ack !== 'function') return;
    try {
      if (!bucket.take()) throw new RelayError('rate_limited', 'Too many requests; slow down.');
      if (args.length !== 2) throw new RelayError('bad_request', 'A request is one object and an acknowledgement.');
      ack({ ok: true, data: await handle(loop, name, args[0]) });
    } catch (error) {
      ack({ ok: false, error: this.#refusal(error) });
    }
  }

  #refusal(error: unknown): { code: string; message: string } {
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

function keyOf({ role, id }: VerifiedUser['user']): string {
  return `${role}:${id}`;
}
