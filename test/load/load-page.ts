import { io, type Socket } from 'socket.io-client';
import {
  type NotificationName,
  notifications,
  type PayloadOf,
  PROTOCOL_VERSION,
  type RequestName,
  type ResultOf,
  type SessionUser,
} from '../../relay/protocol/messages.ts';
import type { TokenSource } from './tokens.ts';

/** Longer than a busy relay takes for anything. */
const ANSWER_WITHIN_MS = 20_000;

/** A refusal, or an answer that did not come. */
export class LoadError extends Error {
  /** A code of the protocol, or `no_answer`, `connection`, `media`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

type Ack<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: { code: string; message: string } };

/** The signalling of one page that is no browser's, in the protocol of the widgets. */
export class LoadPage {
  readonly user: SessionUser;
  readonly #socket: Socket;
  /** True once the connection was lost without `close`. */
  lost = false;

  private constructor(user: SessionUser, socket: Socket) {
    this.user = user;
    this.#socket = socket;
    socket.on('disconnect', (reason) => {
      this.lost ||= reason !== 'io client disconnect';
    });
  }

  /** Resolves with `session:ready`. @throws LoadError when the handshake is refused */
  static async open(url: URL, user: SessionUser, tokens: TokenSource): Promise<LoadPage> {
    const token = await tokens(user);
    const socket = io(url.origin, {
      path: `${url.pathname.replace(/\/$/, '')}/socket.io/`,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: ANSWER_WITHIN_MS,
      auth: { token, protocol: PROTOCOL_VERSION },
    });
    const page = new LoadPage(user, socket);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new LoadError('no_answer', 'no session:ready')), ANSWER_WITHIN_MS);
      const end = (settle: () => void) => {
        clearTimeout(timer);
        settle();
      };
      socket.once('session:ready', () => end(resolve));
      socket.once('connect_error', (error: Error & { data?: { code?: string } }) =>
        end(() => reject(new LoadError(error.data?.code ?? 'connection', error.message))),
      );
    }).catch((error: unknown) => {
      socket.disconnect();
      throw error;
    });
    return page;
  }

  /** @throws LoadError when it is refused or not answered */
  async request<N extends RequestName>(name: N, params: object = {}): Promise<ResultOf<N>> {
    let ack: Ack<ResultOf<N>>;
    try {
      ack = (await this.#socket.timeout(ANSWER_WITHIN_MS).emitWithAck(name, params)) as Ack<ResultOf<N>>;
    } catch {
      throw new LoadError(this.lost ? 'connection' : 'no_answer', `no answer to ${name}`);
    }
    if (ack.ok) return ack.data;
    throw new LoadError(ack.error.code, `${name}: ${ack.error.message}`);
  }

  on<N extends NotificationName>(name: N, handler: (payload: PayloadOf<N>) => void): void {
    this.#socket.on(name as string, (payload: unknown) => handler(notifications[name].parse(payload) as PayloadOf<N>));
  }

  /** Idempotent. */
  close(): void {
    this.#socket.disconnect();
  }
}
