import type { NotificationName, PayloadOf } from '../../relay/protocol/messages.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import { ProspectError, toFault } from '../shared/fault.ts';
import type { LinkEvents, NextSession, PrepareMove } from './relay-link.ts';
import type { RelaySocket, RelaySocketEvents } from './relay-socket.ts';

/** From one attempt to reach another node to the next, about. */
const PAUSE_MS = 1_000;

/** What a move needs of the link. */
export interface SessionMoveOptions {
  /** Opens a second connection, for a session elsewhere. Its events come here until the link has gone over to it. */
  dial(events: RelaySocketEvents): RelaySocket;
  /** For `session:ready` to come, in milliseconds. */
  readonly readyMs: number;
  /** How long to wait for an answer that usually takes so long; by default for one of the usual kind. */
  patienceMs(usualMs?: number): number;
  readonly prepare: PrepareMove | undefined;
  /** The link is to use this connection from now on; null: connect anew to that session, and negotiate anew there. */
  goOver(socket: RelaySocket | null, session: PayloadOf<'session:ready'>): void;
  /** What came over the new connection before the link had gone over to it. */
  tell<N extends NotificationName>(name: N, payload: LinkEvents[N]): void;
  /** It is over, gone over or not. */
  ended(): void;
  readonly log: DebugLog;
}

/** Brings the page to another node: a second session beside the present one, which goes on until everything is there. */
export class SessionMove {
  readonly #options: SessionMoveOptions;
  readonly #timer: ReturnType<typeof setTimeout>;
  #socket: RelaySocket | null = null;
  #lose: (reason: Error) => void = () => {};
  /** What the other node was asked for takes over from here: there is no way back unless it says no. */
  #committed = false;
  /** What came over the present connection since then: past when the page has gone over. */
  readonly #held: (() => void)[] = [];
  #over = false;

  /** Begins at once. @param withinMs for how long it is tried */
  constructor(options: SessionMoveOptions, withinMs: number) {
    this.#options = options;
    this.#timer = setTimeout(() => {
      if (!this.#committed) this.end();
    }, withinMs);
    void this.#run();
  }

  /** Something came over the present connection: told now, or held back. */
  present(tell: () => void): void {
    if (this.#committed) this.#held.push(tell);
    else tell();
  }

  /** Gives up. Idempotent. */
  end(): void {
    if (this.#over) return;
    this.#finish();
    this.#socket?.close();
    this.#lose(new ProspectError('relay_unreachable', 'No longer wanted.'));
  }

  #finish(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#options.ended();
  }

  async #run(): Promise<void> {
    while (!this.#over) {
      await this.#attempt().catch((error: unknown) => {
        this.#options.log('not at another node yet', toFault(error).code);
        this.#socket?.close();
      });
      if (this.#over) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (0.5 + Math.random())));
    }
  }

  async #attempt(): Promise<void> {
    const { dial, patienceMs, prepare, goOver, tell, readyMs } = this.#options;
    const told: (() => void)[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<PayloadOf<'session:ready'>>();
    let isOpen = true;
    this.#lose = (reason) => {
      isOpen = false;
      reject(reason);
    };
    const lose = this.#lose;
    const late = setTimeout(
      () => lose(new ProspectError('request_timeout', 'The other node does not answer.')),
      readyMs,
    );
    const socket = dial({
      onNotification: (name, payload) => {
        if (name === 'session:ready') resolve(payload as PayloadOf<'session:ready'>);
        else told.push(() => tell(name, payload));
      },
      onClose: (fault) => lose(new ProspectError(fault?.code ?? 'relay_unreachable', 'The other node was lost.')),
    });
    this.#socket = socket;
    const session = await promise.finally(() => clearTimeout(late));
    const next: NextSession = {
      session,
      request: (name, params, timeoutMs) => socket.ask(name, params, patienceMs(timeoutMs)),
      commit: async (name, params) => {
        if (!isOpen) throw new ProspectError('relay_unreachable', 'The other node was lost.');
        this.#committed = true;
        try {
          return await socket.ask(name, params, patienceMs());
        } catch (error) {
          if (!['request_timeout', 'relay_unreachable'].includes(toFault(error).code)) this.#stay();
          throw error;
        }
      },
    };
    try {
      await prepare?.(next);
      if (!isOpen) throw new ProspectError('relay_unreachable', 'The other node was lost.');
    } catch (error) {
      if (!this.#committed || this.#over) throw error;
      // Nobody knows whether it took over there: only by going there is it found out.
      socket.close();
      this.#finish();
      goOver(null, session);
      return;
    }
    if (this.#over) return;
    this.#finish();
    this.#options.log('gone over to another node');
    goOver(socket, session);
    for (const each of told) each();
  }

  /** The other node said no: what was held back counts after all. */
  #stay(): void {
    this.#committed = false;
    for (const tell of this.#held.splice(0)) tell();
  }
}
